-- A name has at most MAX_PATH characters with its NUL; one more and there is no object (SQ-10).
process("namer", function()
  check(CreateEvent(nil, false, false, ("n"):rep(259)))
  check(CreateEvent(nil, false, false, ("n"):rep(260)) == nil)
  check(GetLastError() == ERROR_INVALID_PARAMETER)
end)
