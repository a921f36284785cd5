-- Threads (ipc/TH) and thread local storage (ipc/TL).

-- ipc/TH-010 aa915065
local h = CreateThread(nil, 0, function() return 42 end, nil, 0)
wait(h)
local ok, code = GetExitCodeThread(h)
check(ok)
is(code, 42)

-- ipc/TH-011 aa915065
local h = CreateThread(nil, 0, function() ExitThread(43) end, nil, 0)
is(wait(h), OBJ0)
local _, code = GetExitCodeThread(h)
is(code, 43)

-- ipc/TH-024 ee488373
local n = 0
local task = thread(252, function() while true do n = n + 1 end end)
Sleep(1)
is(SuspendThread(task.thread), 0)
is(SuspendThread(task.thread), 1)
local before = n
is(ResumeThread(task.thread), 2)
Sleep(20)
is(n, before)
is(ResumeThread(task.thread), 1)
Sleep(20)
check(n > before)

-- ipc/TH-027 ee488373
local h = CreateThread(nil, 0, function() end, nil, CREATE_SUSPENDED)
for count = 1, 126 do is(SuspendThread(h), count) end
gives(function() return SuspendThread(h) end, 0xffffffff, ERROR_SIGNAL_REFUSED)
is(ResumeThread(h), 127)

-- ipc/TH-034 ee488176
local ran
local h = CreateThread(nil, 0, function() ran = true end, nil, CREATE_SUSPENDED)
check(TerminateThread(h, 1))
is(wait(h), OBJ0)
is(ran, nil)

-- ipc/TL-001 aa908741
check(TlsAlloc() < 64)

-- ipc/TL-002 aa450642
local count = 0
while TlsAlloc() ~= TLS_OUT_OF_INDEXES do count = count + 1 end
check(count > 0 and count <= 64)

-- ipc/TL-004 aa908728
local index = TlsAlloc()
check(TlsSetValue(index, 5))
is(other(function() return TlsGetValue(index) end), 0)
is(TlsGetValue(index), 5)

-- ipc/TL-008 inference
is(TlsSetValue(64, 5), false)
