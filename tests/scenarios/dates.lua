-- The device begins at the date that it is given, and its clock goes with virtual time. Local time is UTC less
-- the zone's bias. A clock that is set changes nobody's wait.
device{ start_date = "2006-03-26 00:59:59" }

process("clock", function()
  local t = GetSystemTime()
  check(t.wYear == 2006 and t.wMonth == 3 and t.wDay == 26 and t.wDayOfWeek == 0)
  check(t.wHour == 0 and t.wMinute == 59 and t.wSecond == 59)
  check(GetLocalTime().wHour == 0, "a device is in UTC until it is told otherwise")
  check(SetTimeZoneInformation{
    Bias = -60, StandardName = "Mitteleuropa", DaylightBias = -60,
    StandardDate = { wMonth = 10, wDay = 5, wHour = 3 }, DaylightDate = { wMonth = 3, wDay = 5, wHour = 2 },
  })
  local season, zone = GetTimeZoneInformation()
  check(season == 1 and zone.Bias == -60 and zone.StandardName == "Mitteleuropa" and zone.DaylightDate.wMonth == 3)
  check(GetLocalTime().wHour == 1)
  Sleep(1000)
  -- The clocks have gone forward.
  check(GetTimeZoneInformation() == 2)
  check(GetLocalTime().wHour == 3)
  local before = GetTickCount()
  check(SetSystemTime{ wYear = 2000, wMonth = 2, wDay = 29 })
  Sleep(5)
  check(GetTickCount() - before < 10)
  local ok, now = SystemTimeToFileTime(GetSystemTime())
  check(ok and GetSystemTimeAsFileTime() - now < 10 * 10000)
  check(CompareFileTime(now, now + 1) == -1)
  check(select(2, FileTimeToSystemTime(now)).wMonth == 2)
  check(not SetSystemTime{ wYear = 2001, wMonth = 2, wDay = 29 })
  check(GetLastError() == ERROR_INVALID_PARAMETER)
end)
