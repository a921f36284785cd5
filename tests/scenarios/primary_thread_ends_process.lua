-- The end of the primary thread is the end of its process (ee482850): the other threads stop where they are.
process("main", function()
  CreateThread(nil, 0, function()
    Sleep(10)
    error "its process has ended"
  end)
  return 3
end)
expect(3)
