-- TerminateThread on the owner of a critical section: it stays locked for ever (SQ-21), and the next one stalls.
expect "stall"
process("main", function()
  local cs = InitializeCriticalSection()
  local owner = CreateThread(nil, 0, function()
    EnterCriticalSection(cs)
    Sleep(INFINITE)
  end)
  Sleep(5)
  check(TerminateThread(owner, 0))
  check(not TryEnterCriticalSection(cs))
  EnterCriticalSection(cs)
end)
