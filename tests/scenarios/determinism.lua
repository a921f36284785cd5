-- Everything of Lua's that could differ from run to run: it does not.
process("main", function()
  local t = {}
  for _, key in ipairs { "one", "two", "three", 4, 5.5, true, print, {}, function() end } do t[key] = #tostring(key) end
  for key, value in pairs(t) do note(tostring(key) .. " " .. value) end
  for _ = 1, 5 do note(tostring(math.random(1000000))) end
  note(string.format("%.17g %.17g %.17g %s %p", math.sin(1e6), math.exp(0.1), 10 ^ 0.3, {}, {}))
  note(string.format("%.17g %.17g", math.log(10), math.atan(1, 3)))
  local words = {}
  for i = 1, 50 do words[i] = ("w"):rep(math.random(9)) .. i end
  table.sort(words)
  note(table.concat(words, " "))
end)
