-- Semaphores (sync/SM).

-- sync/SM-003 ms886798
local h = CreateSemaphore(nil, 0, 5, nil)
local ok, previous = ReleaseSemaphore(h, 2)
check(ok)
is(previous, 0)
is(poll(h), OBJ0)
is(poll(h), OBJ0)
is(poll(h), TMO)

-- sync/SM-005 ms886798
local h = CreateSemaphore(nil, 4, 5, nil)
gives(function() return (ReleaseSemaphore(h, 2)) end, false, ERROR_TOO_MANY_POSTS)
local _, previous = ReleaseSemaphore(h, 1)
is(previous, 4)

-- sync/SM-012 ms885184
gives(function() return CreateSemaphore(nil, 0, 0, nil) end, nil, ERROR_INVALID_PARAMETER)

-- sync/SM-018 ms886798
local h = CreateSemaphore(nil, 0, 5, nil)
local a, b, c = waiter(251, h), waiter(251, h), waiter(251, h)
ReleaseSemaphore(h, 2)
Sleep(1)
local released = 0
for _, task in ipairs { a, b, c } do if task.result == OBJ0 then released = released + 1 end end
is(released, 2)
is(poll(h), TMO)

-- sync/SM-021 SQ-13
local h = CreateSemaphore(nil, 0, 5, nil)
local a, b = waiter(251, h), waiter(100, h)
ReleaseSemaphore(h, 1)
Sleep(1)
is(a.result, nil)
is(b.result, OBJ0)
