-- What is to come from outside after all processes have ended does not come.
process("short", function() Sleep(5) end)
at(1, function() note "this comes" end)
at(1000, function() error "this does not" end)
