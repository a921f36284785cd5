-- Sleep(0) gives the CPU to a ready thread of the same level, never to a lower one (aa909009).
process("main", function()
  local seen = {}
  local equal = CreateThread(nil, 0, function() seen.equal = true end)
  local lower = CreateThread(nil, 0, function() seen.lower = true end)
  SetThreadPriority(lower, THREAD_PRIORITY_BELOW_NORMAL)
  Sleep(0)
  check(seen.equal and not seen.lower)
  Sleep(1)
  check(seen.lower)
  WaitForSingleObject(equal, INFINITE)
end)
