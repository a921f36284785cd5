-- An event carries a word for its users (ee482792): setting and waiting leave it alone.
process("main", function()
  local event = CreateEvent(nil, false, false, nil)
  check(GetEventData(event) == 0)
  check(SetEventData(event, 0xC0FFEE))
  SetEvent(event)
  WaitForSingleObject(event, 0)
  check(GetEventData(event) == 0xC0FFEE)
end)
