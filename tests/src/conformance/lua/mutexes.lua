-- Mutexes (sync/MX).

-- sync/MX-005 ee488152
local h = CreateMutex(nil, false, nil)
for _ = 1, 3 do wait(h) end
check(ReleaseMutex(h) and ReleaseMutex(h))
is(other(function() return poll(h) end), TMO)
check(ReleaseMutex(h))
is(other(function() return poll(h) end), OBJ0)

-- sync/MX-008 ee488152
local h = CreateMutex(nil, true, nil)
other(function() gives(function() return ReleaseMutex(h) end, false, ERROR_NOT_OWNER) end)
check(ReleaseMutex(h))

-- sync/MX-019 aa914601
CreateMutex(nil, false, "M")
local h = CreateMutex(nil, true, "M")
is(GetLastError(), ERROR_ALREADY_EXISTS)
is(other(function() return poll(h) end), OBJ0)

-- sync/MX-023 SQ-01
local h = CreateMutex(nil, false, nil)
other(function() wait(h) end)
is(poll(h), OBJ0)

-- sync/MX-024 aa450577 abandoned=report
local h = CreateMutex(nil, false, nil)
other(function() wait(h) end)
is(poll(h), WAIT_ABANDONED)
check(ReleaseMutex(h))

-- sync/MX-034 ee482778
local h = CreateMutex(nil, true, nil)
local urgent = thread(50, function() return wait(h) end)
local other = thread(100, function() return 1 end)
compute(5)
is(other.result, nil)
ReleaseMutex(h)
is(urgent.result, OBJ0)
is(other.result, 1)
