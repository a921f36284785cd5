-- What a scenario finds beside Lua's library and the CE functions. Runs first in every state.
-- `cerium` has the functions written in Rust; what is returned is what the file declares.

local cerium = ...
local error, type, select, tostring = error, type, select, tostring
local getmetatable, setmetatable, pairs, ipairs = getmetatable, setmetatable, pairs, ipairs
local math_type, floor, load_text = math.type, math.floor, cerium.load
local declared = { processes = {}, inputs = {} }

-- No files, no bytecode, no view of the collector.
dofile, loadfile, collectgarbage, warn = nil, nil, nil, nil
string.dump = nil

function load(text, name, mode, ...)
  if type(text) ~= "string" then error("load takes a string here, not " .. type(text), 2) end
  if mode ~= nil and not tostring(mode):find("t", 1, true) then
    return nil, "attempt to load a text chunk (mode is '" .. tostring(mode) .. "')"
  end
  return load_text(text, name == nil and text or tostring(name), select("#", ...) > 0, (...))
end

local loaded, LOADING = {}, {}

function require(name)
  local module = loaded[name]
  if module == LOADING then error("module '" .. name .. "' requires itself", 2) end
  if module == nil then
    local chunk = cerium.module(name)
    loaded[name] = LOADING
    module = chunk(name)
    if module == nil then module = true end
    loaded[name] = module
  end
  return module
end

-- Declarations.

local function top_level(word)
  if not cerium.declaring() then
    error(word .. " is for the file's top level, not for inside a body", 3)
  end
end

local Executable = { __name = "executable" }

function exe(path)
  top_level "exe"
  if type(path) ~= "string" then error("exe wants a path, not " .. type(path), 2) end
  return setmetatable({ path = path }, Executable)
end

local OPTIONS = { priority = true, command_line = true }

local function declare(word, name, body, options, starts)
  if type(name) ~= "string" or name == "" then
    error("bad argument #1 to '" .. word .. "' (a name expected, got " .. type(name) .. ")", 3)
  end
  local path = getmetatable(body) == Executable and body.path or nil
  if path == nil and type(body) ~= "function" then
    error("bad argument #2 to '" .. word .. "' (a function or exe expected, got " .. type(body) .. ")", 3)
  end
  if options ~= nil and type(options) ~= "table" then
    error("bad argument #3 to '" .. word .. "' (a table expected, got " .. type(options) .. ")", 3)
  end
  for option in pairs(options or {}) do
    if not OPTIONS[option] then
      error("'" .. word .. "' has no option '" .. tostring(option) .. "'; it has priority and command_line", 3)
    end
  end
  local priority, line = options and options.priority, options and options.command_line
  if priority ~= nil and (math_type(priority) ~= "integer" or priority < 0 or priority > 255) then
    error("a priority is an integer from 0 to 255", 3)
  end
  if line ~= nil and type(line) ~= "string" then error("a command line is a string", 3) end
  for _, other in ipairs(declared.processes) do
    if other.name == name then error("'" .. name .. "' is declared twice", 3) end
  end
  declared.processes[#declared.processes + 1] = {
    name = name, body = body, path = path, starts = starts, priority = priority, command_line = line,
  }
end

function process(name, body, options)
  top_level "process"
  declare("process", name, body, options, true)
end

function image(name, body)
  top_level "image"
  declare("image", name, body, nil, false)
end

function at(ms, body)
  top_level "at"
  if type(ms) ~= "number" or not (ms >= 0 and ms < 1e12) then
    error("bad argument #1 to 'at' (milliseconds expected)", 2)
  end
  if type(body) ~= "function" then
    error("bad argument #2 to 'at' (a function expected, got " .. type(body) .. ")", 2)
  end
  declared.inputs[#declared.inputs + 1] = { at = floor(ms * 1e6), body = body }
end

function expect(what)
  top_level "expect"
  if what ~= "stall" and what ~= "fault" and math_type(what) ~= "integer" then
    error("expect takes \"stall\", \"fault\" or an exit code", 2)
  end
  if declared.expect ~= nil then error("a scenario has one end to expect", 2) end
  declared.expect = what
end

function limit(limits)
  top_level "limit"
  if type(limits) ~= "table" then error("limit takes a table, limit{ time = ms, steps = n }", 2) end
  for name, value in pairs(limits) do
    if name ~= "time" and name ~= "steps" then
      error("there is no limit of '" .. tostring(name) .. "'; there are time and steps", 2)
    end
    if type(value) ~= "number" or not (value >= 0 and value < 1e15) then
      error("a limit is a number", 2)
    end
  end
  declared.time = limits.time and floor(limits.time * 1e6)
  declared.steps = limits.steps and floor(limits.steps)
end

function device(settings)
  top_level "device"
  if type(settings) ~= "table" then error("device takes a table, device{ ce = 6, start_date = \"2006-11-01\" }", 2) end
  for name in pairs(settings) do
    if name ~= "ce" and name ~= "start_date" then
      error("a device has no '" .. tostring(name) .. "'; it has ce and start_date", 2)
    end
  end
  if settings.ce ~= nil then declared.ce = tostring(settings.ce) end
  if settings.start_date ~= nil then declared.start_date = tostring(settings.start_date) end
end

-- Inside a body.

local fail = cerium.fail

function check(condition, text, ...)
  if not condition then fail(text) end
  return condition, text, ...
end

compute, note = cerium.compute, cerium.note

local put_out, concat = cerium.print, table.concat

function print(...)
  local line = { ... }
  for place = 1, select("#", ...) do line[place] = tostring(line[place]) end
  put_out(concat(line, "\t") .. "\n")
end

-- What CE's headers make of other functions.

function GetCurrentThread() return 65 end
function GetCurrentProcess() return 66 end
GetCurrentThreadId, GetCurrentProcessId = cerium.thread_id, cerium.process_id
GetCommandLine = cerium.command_line

local terminate = TerminateProcess
function ExitProcess(uExitCode) terminate(66, uExitCode) end

-- Critical sections: what a script holds is the handle of the kernel's object.

local initialize, enter, leave, delete, try =
  InitializeCriticalSection, EnterCriticalSection, LeaveCriticalSection, DeleteCriticalSection,
  TryEnterCriticalSection
local Section = { __name = "critical section" }

function InitializeCriticalSection()
  return setmetatable({ hCrit = initialize() }, Section)
end
function EnterCriticalSection(lpCriticalSection) enter(lpCriticalSection) end
function LeaveCriticalSection(lpCriticalSection) leave(lpCriticalSection) end
function TryEnterCriticalSection(lpCriticalSection) return (try(lpCriticalSection)) end
function DeleteCriticalSection(lpCriticalSection)
  delete(lpCriticalSection)
  if lpCriticalSection then lpCriticalSection.hCrit = 0 end
end

-- Views of memory maps.

local map, unmap, flush = MapViewOfFile, UnmapViewOfFile, FlushViewOfFile
local read, write, word, interlocked = cerium.read, cerium.write, cerium.word, cerium.interlocked
local View = { __name = "view" }
View.__index = View

local function address(view, offset, length)
  if getmetatable(view) ~= View then error("a view expected, got " .. type(view), 3) end
  if math_type(offset) ~= "integer" then error("an offset is an integer", 3) end
  if offset < 0 or length > view.size or offset > view.size - length then
    error("offset " .. offset .. " is outside of the view, which has " .. view.size .. " bytes", 3)
  end
  return view.address + offset
end

function View:read(offset, length)
  if math_type(length) ~= "integer" or length < 0 then error("a length is an integer", 2) end
  return read(address(self, offset, length), length)
end

function View:write(offset, bytes)
  if type(bytes) ~= "string" then error("write takes a string, not " .. type(bytes), 2) end
  return write(address(self, offset, #bytes), bytes)
end

function View:u32(offset, value)
  if value == nil then return word(address(self, offset, 4)) end
  return word(address(self, offset, 4), value)
end

function MapViewOfFile(hMap, dwAccess, dwHigh, dwLow, dwBytes)
  local base = map(hMap, dwAccess, dwHigh, dwLow, dwBytes)
  if base == 0 then return nil end
  local size = dwBytes ~= nil and dwBytes ~= 0 and dwBytes or cerium.view_size(base)
  return setmetatable({ address = base, size = size }, View)
end

function UnmapViewOfFile(view)
  return unmap(getmetatable(view) == View and view.address or view)
end

function FlushViewOfFile(view, dwBytes)
  return flush(getmetatable(view) == View and view.address or view, dwBytes)
end

-- What the headers and COREDLL do in the caller's memory: nobody comes between.

local INCREMENT, DECREMENT, EXCHANGE, ADD, COMPARE = 0, 1, 2, 3, 4

function InterlockedIncrement(view, offset) return interlocked(INCREMENT, address(view, offset, 4)) end
function InterlockedDecrement(view, offset) return interlocked(DECREMENT, address(view, offset, 4)) end
function InterlockedExchange(view, offset, lValue)
  return interlocked(EXCHANGE, address(view, offset, 4), lValue)
end
function InterlockedExchangeAdd(view, offset, lValue)
  return interlocked(ADD, address(view, offset, 4), lValue)
end
function InterlockedCompareExchange(view, offset, lExchange, lComparand)
  return interlocked(COMPARE, address(view, offset, 4), lExchange, lComparand)
end
function InterlockedTestExchange(view, offset, lOld, lNew)
  return interlocked(COMPARE, address(view, offset, 4), lNew, lOld)
end

return declared
