-- A ToolHelp snapshot is a copy of what there was (ee487995), closed by a function of its own.
process("sleeper", function() Sleep(20) end)

process("looker", function()
  local snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS + TH32CS_SNAPTHREAD, 0)
  check(snapshot ~= INVALID_HANDLE_VALUE)
  Sleep(100)
  local names = {}
  local ok, entry = Process32First(snapshot)
  while ok do
    names[#names + 1] = entry.szExeFile
    ok, entry = Process32Next(snapshot)
  end
  check(GetLastError() == ERROR_NO_MORE_FILES)
  check(table.concat(names, " ") == "sleeper looker", "the sleeper has gone, and the snapshot knows it still")
  local ok, thread = Thread32First(snapshot)
  check(ok and thread.tpBasePri == 251)
  check(not CloseHandle(snapshot) and GetLastError() == ERROR_INVALID_HANDLE)
  check(CloseToolhelp32Snapshot(snapshot))
end)
