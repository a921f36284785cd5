-- An error that nobody catches is an unhandled exception: it ends the whole process, and others go on.
expect "fault"
process("parent", function()
  local _, child = CreateProcess("child")
  check(WaitForSingleObject(child, 1000) == WAIT_OBJECT_0)
  local _, code = GetExitCodeProcess(child)
  check(code >= 0xC0000000, "an exception's code")
end)
image("child", function()
  CreateThread(nil, 0, function() local nothing; nothing.member = 1 end)
  Sleep(INFINITE)
end)
