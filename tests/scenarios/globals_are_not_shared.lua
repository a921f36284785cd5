-- Each process runs the file anew: globals and upvalues are its own.
counter = 0
local function body()
  counter = counter + 1
  Sleep(5)
  check(counter == 1, "the other process counts for itself")
end
process("one", body)
process("two", body)
