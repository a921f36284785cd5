-- Critical sections (sync/CS).

-- sync/CS-004 EnterCriticalSection SDK5
local cs = InitializeCriticalSection()
EnterCriticalSection(cs)
EnterCriticalSection(cs)
LeaveCriticalSection(cs)
is(other(function() return TryEnterCriticalSection(cs) end), false)
LeaveCriticalSection(cs)
is(other(function() return TryEnterCriticalSection(cs) end), true)

-- sync/CS-009 ee488915
local cs, order = InitializeCriticalSection(), {}
EnterCriticalSection(cs)
for _, priority in ipairs { 251, 100 } do
  thread(priority, function()
    EnterCriticalSection(cs)
    order[#order + 1] = priority
    LeaveCriticalSection(cs)
  end)
  Sleep(1)
end
LeaveCriticalSection(cs)
Sleep(1)
is(table.concat(order, " "), "100 251")

-- sync/CS-012 ee482778
local cs = InitializeCriticalSection()
EnterCriticalSection(cs)
thread(50, function() EnterCriticalSection(cs) end)
local other = thread(100, function() return 1 end)
compute(2)
is(other.result, nil)
LeaveCriticalSection(cs)
is(other.result, 1)

-- sync/CS-017 SQ-21
local cs = InitializeCriticalSection()
other(function() EnterCriticalSection(cs) end)
local next = thread(251, function() EnterCriticalSection(cs) return 1 end)
Sleep(10000)
is(next.result, nil)
