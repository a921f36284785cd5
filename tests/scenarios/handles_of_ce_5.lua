-- Up to CE 5.0 the device has one handle table (ee482861): an object has one value, which works in every process,
-- a process's id is its handle, and who opened an object twice closes it twice.
device{ ce = 5 }

process("giver", function()
  local event = CreateEvent(nil, false, false, "given")
  check(CreateEvent(nil, false, false, "given") == event, "two opens, one value")
  check(CloseHandle(event))
  local _, process = CreateProcess("taker", tostring(event))
  check(WaitForSingleObject(event, 1000) == WAIT_OBJECT_0, "the other one has set it by our value")
  check(WaitForSingleObject(process, 1000) == WAIT_OBJECT_0)
  check(CloseHandle(event) and not CloseHandle(event))
end)

image("taker", function(line)
  local event = math.tointeger(tonumber(line))
  check(SetEvent(event), "it was never opened here")
  check(not CloseHandle(event), "so it is not closed here")
  check(GetExitCodeProcess(GetCurrentProcessId()), "the id is a handle")
end)
