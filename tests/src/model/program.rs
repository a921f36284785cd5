//! What a random program is, and its listing: a text that can be read, kept, and run again.

use std::fmt;

use cerium_coredll::{Bytes, Call, Handles, Ignored, Omitted, MsgQueueOptions, NULL, OUT, Section, Text};
use cerium_handle::Handle;
use cerium_process::Timeout;

/// How many variables a process has: what its calls returned, for its other calls.
pub(crate) const VARIABLES: usize = 16;

/// A program: functions that threads run, and the processes that exist from the beginning.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Program {
    /// The quantum of new threads, in nanoseconds.
    pub quantum: u64,
    /// The seed of choices where CE leaves something open; none keeps to CE's own order.
    pub choices: Option<u64>,
    /// The function that the primary thread of each first process runs.
    pub processes: Vec<usize>,
    /// The functions.
    pub functions: Vec<Vec<Step>>,
}

/// One thing that a thread does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// The variable that receives the result.
    pub(crate) into: Option<u8>,
    pub(crate) row: &'static Row,
    pub(crate) arguments: Vec<Argument>,
}

/// An argument as it is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Argument {
    Number(u32),
    /// What a variable of the process holds.
    Variable(u8),
    /// One of the ids that were seen so far, in any process.
    Id(u8),
    /// A name; none is NULL.
    Name(Option<String>),
    /// A name of so many letters.
    Long(u32),
    List(Vec<Argument>),
}

/// An argument as it is passed.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Number(u32),
    Text(Text),
    List(Vec<Handle>),
}

/// What a step is for whoever runs it.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Act {
    Call(Call),
    /// So many nanoseconds without a call.
    Compute(u64),
    /// The thread's function returns.
    Return(u32),
}

/// What variables and ids receive from a reply.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Gives {
    Nothing,
    Value,
    /// A handle in the process that the third argument means.
    Duplicate,
    /// A critical section: the variable that it was called with, too.
    Section,
    /// A thread: its handle and its id.
    Thread,
    /// A process: two handles and two ids.
    Process,
}

/// What an argument may be.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Flag,
    Name,
    Of(Family),
    Any,
    Waitable,
    Waitables,
    Time,
    Small,
    Code,
    Level,
    Old,
    Quantum,
    Access,
    Function,
    Creation,
    Id,
    Image,
    Options,
    Index,
    Nanoseconds,
    Protection,
    One(u32),
}

/// What a variable mostly holds.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Family {
    Event,
    Mutex,
    Semaphore,
    Section,
    Reader,
    Writer,
    Watchdog,
    Map,
    View,
    Thread,
    Process,
    Tls,
    /// No variable: a call that needs none.
    None,
}

/// A function that programs may call.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    /// The family that it belongs to, and makes.
    pub(crate) family: Family,
    pub(crate) gives: Gives,
    pub(crate) weight: u32,
    pub(crate) kinds: &'static [Kind],
    pub(crate) make: fn(&[Value]) -> Act,
}

impl PartialEq for Row {
    fn eq(&self, other: &Row) -> bool {
        self.name == other.name
    }
}

impl Eq for Row {}

impl Value {
    pub(crate) fn number(&self) -> u32 {
        if let Value::Number(number) = self { *number } else { 0 }
    }

    fn signed(&self) -> i32 {
        self.number() as i32
    }

    fn handle(&self) -> Handle {
        Handle(self.number())
    }

    fn flag(&self) -> bool {
        self.number() != 0
    }

    fn text(&self) -> Text {
        if let Value::Text(text) = self { text.clone() } else { Text::Null }
    }

    fn time(&self) -> Timeout {
        Timeout::from_milliseconds(self.number())
    }

    fn list(&self) -> Handles {
        if let Value::List(list) = self { list.as_slice().into() } else { NULL.into() }
    }

    fn section(&self) -> Section {
        Section::At(self.handle())
    }
}

fn options(of: &[Value]) -> MsgQueueOptions {
    MsgQueueOptions {
        dwSize: 20,
        dwFlags: of[0].number(),
        dwMaxMessages: of[1].number(),
        cbMaxMessage: of[2].number(),
        bReadAccess: of[3].number(),
    }
}

/// A message's bytes: so many, counted up from the second number.
fn content(length: &Value, first: &Value) -> Bytes {
    let bytes: Vec<u8> = (0..length.number().min(64)).map(|n| (first.number() + n) as u8).collect();
    Bytes::Content(bytes.into())
}

use Family as F;
use Gives as G;
use Kind as K;

macro_rules! rows {
    ($($name:ident $family:ident $gives:ident $weight:literal [$($kind:expr),*] $a:ident => $act:expr;)*) => {
        /// Every function that programs call.
        pub(crate) const ROWS: &[Row] = &[$(Row {
            name: stringify!($name),
            family: F::$family,
            gives: G::$gives,
            weight: $weight,
            kinds: &[$($kind),*],
            make: |$a: &[Value]| { let _ = $a; $act },
        }),*];
    };
}

const NOBODY: Ignored = Ignored;
const LEFT_OUT: Omitted = Omitted;
const NO: Value = Value::Number(0);
const YES: Value = Value::Number(1);

rows! {
    Compute None Nothing 4 [K::Nanoseconds] a => Act::Compute(a[0].number().into());
    Return None Nothing 1 [K::Code] a => Act::Return(a[0].number());
    CreateEvent Event Value 5 [K::Flag, K::Flag, K::Name] a => Act::Call(Call::CreateEvent {
        lpEventAttributes: NOBODY, bManualReset: a[0].flag().into(), bInitialState: a[1].flag().into(), lpName: a[2].text() });
    OpenEvent Event Value 2 [K::Access, K::Flag, K::Name] a => Act::Call(Call::OpenEvent {
        dwDesiredAccess: a[0].number(), bInheritHandle: a[1].flag().into(), lpName: a[2].text() });
    EventModify Event Nothing 12 [K::Of(F::Event), K::One(4)] a => Act::Call(Call::EventModify {
        hEvent: a[0].handle(), func: a[1].number() });
    SetEventData Event Nothing 1 [K::Of(F::Event), K::Small] a => Act::Call(Call::SetEventData {
        hEvent: a[0].handle(), dwData: a[1].number() });
    GetEventData Event Nothing 1 [K::Of(F::Event)] a => Act::Call(Call::GetEventData { hEvent: a[0].handle() });
    CreateMutex Mutex Value 4 [K::Flag, K::Name] a => Act::Call(Call::CreateMutex {
        lpMutexAttributes: NOBODY, bInitialOwner: a[0].flag().into(), lpName: a[1].text() });
    ReleaseMutex Mutex Nothing 14 [K::Of(F::Mutex)] a => Act::Call(Call::ReleaseMutex { hMutex: a[0].handle() });
    CreateSemaphore Semaphore Value 4 [K::Small, K::Small, K::Name] a => Act::Call(Call::CreateSemaphore {
        lpSemaphoreAttributes: NOBODY, lInitialCount: a[0].signed(), lMaximumCount: a[1].signed(), lpName: a[2].text() });
    ReleaseSemaphore Semaphore Nothing 10 [K::Of(F::Semaphore), K::Small] a => Act::Call(Call::ReleaseSemaphore {
        hSemaphore: a[0].handle(), lReleaseCount: a[1].signed(), lpPreviousCount: OUT.into() });
    InitializeCriticalSection Section Section 3 [] a => Act::Call(Call::InitializeCriticalSection {
        lpCriticalSection: OUT.into() });
    DeleteCriticalSection Section Nothing 1 [K::Of(F::Section)] a => Act::Call(Call::DeleteCriticalSection {
        lpCriticalSection: a[0].section() });
    EnterCriticalSection Section Section 10 [K::Of(F::Section)] a => Act::Call(Call::EnterCriticalSection {
        lpCriticalSection: a[0].section() });
    TryEnterCriticalSection Section Section 3 [K::Of(F::Section)] a => Act::Call(Call::TryEnterCriticalSection {
        lpCriticalSection: a[0].section() });
    LeaveCriticalSection Section Section 14 [K::Of(F::Section)] a => Act::Call(Call::LeaveCriticalSection {
        lpCriticalSection: a[0].section() });
    WaitForSingleObject None Nothing 18 [K::Waitable, K::Time] a => Act::Call(Call::WaitForSingleObject {
        hHandle: a[0].handle(), dwMilliseconds: a[1].time() });
    WaitForMultipleObjects None Nothing 14 [K::Waitables, K::One(40), K::Time] a => Act::Call(Call::WaitForMultipleObjects {
        lpHandles: a[0].list(), fWaitAll: (a[1].number() == 1).into(), dwMilliseconds: a[2].time() });
    Sleep None Nothing 6 [K::Time] a => Act::Call(Call::Sleep { dwMilliseconds: a[0].time() });
    SleepTillTick None Nothing 1 [] a => Act::Call(Call::SleepTillTick {});
    CloseHandle None Nothing 6 [K::Any] a => Act::Call(Call::CloseHandle { hObject: a[0].handle() });
    DuplicateHandle None Duplicate 4 [K::Of(F::Process), K::Any, K::Of(F::Process), K::One(8), K::One(20), K::One(20)]
        a => Act::Call(Call::DuplicateHandle {
            hSourceProcessHandle: a[0].handle(), hSourceHandle: a[1].handle(), hTargetProcessHandle: a[2].handle(),
            lpTargetHandle: if a[4].number() == 1 { NULL.into() } else { OUT.into() },
            dwDesiredAccess: 0, bInheritHandle: (a[5].number() == 1).into(),
            dwOptions: [2, 3, 2, 2, 3, 1, 2, 0][a[3].number() as usize % 8] });
    CreateMsgQueue Reader Value 3 [K::Name, K::Options, K::Small, K::One(9), K::One(8)] a => Act::Call(Call::CreateMsgQueue {
        lpszName: a[0].text(),
        lpOptions: options(&[a[1].clone(), a[2].clone(), a[3].clone(), if a[4].flag() { YES } else { NO }]).into() });
    CreateMsgQueueForWriting Writer Value 3 [K::Name, K::Options, K::Small, K::One(9), K::One(8)] a => Act::Call(Call::CreateMsgQueue {
        lpszName: a[0].text(),
        lpOptions: options(&[a[1].clone(), a[2].clone(), a[3].clone(), if a[4].flag() { NO } else { YES }]).into() });
    OpenMsgQueue Writer Value 3 [K::Of(F::Process), K::Of(F::Reader), K::One(8)] a => Act::Call(Call::OpenMsgQueue {
        hSrcProc: a[0].handle(), hMsgQ: a[1].handle(),
        lpOptions: options(&[Value::Number(0), Value::Number(0), Value::Number(0), Value::Number(u32::from(a[2].number() == 0))]).into() });
    ReadMsgQueue Reader Nothing 12 [K::Of(F::Reader), K::One(9), K::Time] a => Act::Call(Call::ReadMsgQueue {
        hMsgQ: a[0].handle(), lpBuffer: a[1].number().into(), lpNumberOfBytesRead: OUT.into(), dwTimeout: a[2].time(),
        pdwFlags: OUT.into() });
    WriteMsgQueue Writer Nothing 14 [K::Of(F::Writer), K::One(9), K::One(100), K::Time, K::Flag] a => Act::Call(Call::WriteMsgQueue {
        hMsgQ: a[0].handle(), lpBuffer: content(&a[1], &a[2]), dwTimeout: a[3].time(), dwFlags: a[4].number() });
    GetMsgQueueInfo Reader Nothing 2 [K::Of(F::Reader)] a => Act::Call(Call::GetMsgQueueInfo {
        hMsgQ: a[0].handle(), lpInfo: 28.into() });
    CloseMsgQueue Writer Nothing 2 [K::Of(F::Writer)] a => Act::Call(Call::CloseMsgQueue { hMsgQ: a[0].handle() });
    CreateWatchDogTimer Watchdog Value 3 [K::Name, K::One(5), K::One(4), K::Code, K::One(30)] a => Act::Call(Call::CreateWatchDogTimer {
        pszWatchDogName: a[0].text(), dwPeriod: a[1].number(), dwWait: a[2].number(),
        dwDfltAction: [0, 1, 1, 0, 1, 0, 0, 2, 3][a[3].number() as usize % 9], dwParam: 5, dwFlags: u32::from(a[4].number() == 1) });
    OpenWatchDogTimer Watchdog Value 1 [K::Name, K::One(30)] a => Act::Call(Call::OpenWatchDogTimer {
        pszWatchDogName: a[0].text(), dwFlags: u32::from(a[1].number() == 1) });
    StartWatchDogTimer Watchdog Nothing 4 [K::Of(F::Watchdog), K::One(30)] a => Act::Call(Call::StartWatchDogTimer {
        hWatchDog: a[0].handle(), dwFlags: u32::from(a[1].number() == 1) });
    StopWatchDogTimer Watchdog Nothing 1 [K::Of(F::Watchdog), K::One(30)] a => Act::Call(Call::StopWatchDogTimer {
        hWatchDog: a[0].handle(), dwFlags: u32::from(a[1].number() == 1) });
    RefreshWatchDogTimer Watchdog Nothing 3 [K::Of(F::Watchdog), K::One(30)] a => Act::Call(Call::RefreshWatchDogTimer {
        hWatchDog: a[0].handle(), dwFlags: u32::from(a[1].number() == 1) });
    CreateFileMapping Map Value 3 [K::Protection, K::One(4), K::Name, K::One(30)] a => Act::Call(Call::CreateFileMapping {
        hFile: if a[3].number() == 1 { Handle(6) } else { Handle::INVALID }, lpFileMappingAttributes: NOBODY,
        flProtect: a[0].number(), dwMaximumSizeHigh: 0, dwMaximumSizeLow: a[1].number() * 0x9000, lpName: a[2].text() });
    MapViewOfFile View Value 5 [K::Of(F::Map), K::One(8), K::One(4)] a => Act::Call(Call::MapViewOfFile {
        hFileMappingObject: a[0].handle(), dwDesiredAccess: a[1].number(), dwFileOffsetHigh: 0,
        dwFileOffsetLow: if a[2].number() == 3 { 0x1_0000 } else { 0 }, dwNumberOfBytesToMap: a[2].number() * 0x4000 });
    UnmapViewOfFile View Nothing 3 [K::Of(F::View)] a => Act::Call(Call::UnmapViewOfFile {
        lpBaseAddress: a[0].number().into() });
    CreateThread Thread Thread 9 [K::Function, K::Creation] a => Act::Call(Call::CreateThread {
        lpsa: NOBODY, cbStack: 0, lpStartAddr: a[0].number().into(), lpvThreadParam: 0.into(), fdwCreate: a[1].number(),
        lpIDThread: OUT.into() });
    OpenThread Thread Value 2 [K::Id] a => Act::Call(Call::OpenThread {
        dwDesiredAccess: 0, bInheritHandle: false.into(), dwThreadId: a[0].number() });
    ExitThread Thread Nothing 1 [K::Code] a => Act::Call(Call::ExitThread { dwExitCode: a[0].number() });
    TerminateThread Thread Nothing 2 [K::Of(F::Thread), K::Code] a => Act::Call(Call::TerminateThread {
        hThread: a[0].handle(), dwExitCode: a[1].number() });
    GetExitCodeThread Thread Nothing 1 [K::Of(F::Thread)] a => Act::Call(Call::GetExitCodeThread {
        hThread: a[0].handle(), lpExitCode: OUT.into() });
    SuspendThread Thread Nothing 4 [K::Of(F::Thread)] a => Act::Call(Call::SuspendThread { hThread: a[0].handle() });
    ResumeThread Thread Nothing 8 [K::Of(F::Thread)] a => Act::Call(Call::ResumeThread { hThread: a[0].handle() });
    GetThreadId Thread Nothing 1 [K::Of(F::Thread)] a => Act::Call(Call::GetThreadId { hThread: a[0].handle() });
    SetThreadPriority Thread Nothing 2 [K::Of(F::Thread), K::Old] a => Act::Call(Call::SetThreadPriority {
        hThread: a[0].handle(), nPriority: a[1].signed() });
    GetThreadPriority Thread Nothing 1 [K::Of(F::Thread)] a => Act::Call(Call::GetThreadPriority { hThread: a[0].handle() });
    CeSetThreadPriority Thread Nothing 8 [K::Of(F::Thread), K::Level] a => Act::Call(Call::CeSetThreadPriority {
        hThread: a[0].handle(), nPriority: a[1].signed() });
    CeGetThreadPriority Thread Nothing 1 [K::Of(F::Thread)] a => Act::Call(Call::CeGetThreadPriority { hThread: a[0].handle() });
    CeSetThreadQuantum Thread Nothing 3 [K::Of(F::Thread), K::Quantum] a => Act::Call(Call::CeSetThreadQuantum {
        hThread: a[0].handle(), dwTime: a[1].number() });
    CeGetThreadQuantum Thread Nothing 1 [K::Of(F::Thread)] a => Act::Call(Call::CeGetThreadQuantum { hThread: a[0].handle() });
    CreateProcess Process Process 3 [K::Image, K::Creation, K::One(12)] a => Act::Call(Call::CreateProcess {
        pszImageName: a[0].text(), pszCmdLine: Text::Null, psaProcess: LEFT_OUT, psaThread: LEFT_OUT, fInheritHandles: LEFT_OUT,
        fdwCreate: a[1].number(), pvEnvironment: LEFT_OUT, pszCurDir: LEFT_OUT, psiStartInfo: LEFT_OUT,
        pProcInfo: if a[2].number() == 1 { NULL.into() } else { OUT.into() } });
    OpenProcess Process Value 3 [K::Id] a => Act::Call(Call::OpenProcess {
        fdwAccess: 0, fInherit: false.into(), IDProcess: a[0].number() });
    TerminateProcess Process Nothing 1 [K::Of(F::Process), K::Code] a => Act::Call(Call::TerminateProcess {
        hProcess: a[0].handle(), uExitCode: a[1].number() });
    GetExitCodeProcess Process Nothing 1 [K::Of(F::Process)] a => Act::Call(Call::GetExitCodeProcess {
        hProcess: a[0].handle(), lpExitCode: OUT.into() });
    GetProcessId Process Nothing 1 [K::Of(F::Process)] a => Act::Call(Call::GetProcessId { Process: a[0].handle() });
    TlsCall Tls Value 3 [K::One(3), K::Index] a => Act::Call(Call::TlsCall { func: a[0].number(), index: a[1].number() });
    TlsGetValue Tls Nothing 3 [K::Index] a => Act::Call(Call::TlsGetValue { dwTlsIndex: a[0].number() });
    TlsSetValue Tls Nothing 3 [K::Index, K::Small] a => Act::Call(Call::TlsSetValue {
        dwTlsIndex: a[0].number(), lpTlsValue: a[1].number().into() });
    GetLastError None Nothing 3 [] a => Act::Call(Call::GetLastError {});
    SetLastError None Nothing 1 [K::Small] a => Act::Call(Call::SetLastError { dwErrCode: a[0].number() });
    GetTickCount None Nothing 1 [] a => Act::Call(Call::GetTickCount {});
    GetIdleTime None Nothing 1 [] a => Act::Call(Call::GetIdleTime {});
}

impl fmt::Display for Argument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Argument::Number(number) => write!(f, "{number}"),
            Argument::Variable(variable) => write!(f, "v{variable}"),
            Argument::Id(id) => write!(f, "i{id}"),
            Argument::Name(None) => f.write_str("null"),
            Argument::Name(Some(name)) => write!(f, "\"{name}\""),
            Argument::Long(length) => write!(f, "x*{length}"),
            Argument::List(list) => {
                f.write_str("[")?;
                list.iter().try_for_each(|argument| write!(f, " {argument}"))?;
                f.write_str(" ]")
            }
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(into) = self.into {
            write!(f, "v{into} = ")?;
        }
        f.write_str(self.row.name)?;
        self.arguments.iter().try_for_each(|argument| write!(f, " {argument}"))
    }
}

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "quantum {}", self.quantum)?;
        if let Some(seed) = self.choices {
            writeln!(f, "choices {seed}")?;
        }
        for process in &self.processes {
            writeln!(f, "process {process}")?;
        }
        for (place, function) in self.functions.iter().enumerate() {
            writeln!(f, "function {place}")?;
            function.iter().try_for_each(|step| writeln!(f, "    {step}"))?;
        }
        Ok(())
    }
}

/// Reads a listing back. Lines that begin with `#` tell its story.
///
/// # Errors
/// The line that is none.
pub fn parse(text: &str) -> Result<Program, String> {
    let mut program = Program::default();
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let good = match words.as_slice() {
            [] => true,
            [first, ..] if first.starts_with('#') => true,
            ["quantum", ns] => ns.parse().map(|ns| program.quantum = ns).is_ok(),
            ["choices", seed] => seed.parse().map(|seed| program.choices = Some(seed)).is_ok(),
            ["process", function] => {
                function.parse().map(|function| program.processes.push(function)).is_ok()
            }
            ["function", _] => {
                program.functions.push(Vec::new());
                true
            }
            words => match (parse_step(words), program.functions.last_mut()) {
                (Some(step), Some(function)) => {
                    function.push(step);
                    true
                }
                _ => false,
            },
        };
        if !good {
            return Err(line.to_owned());
        }
    }
    Ok(program)
}

fn parse_step(words: &[&str]) -> Option<Step> {
    let (into, words) = match words {
        [variable, "=", rest @ ..] => (Some(variable.strip_prefix('v')?.parse().ok()?), rest),
        _ => (None, words),
    };
    let (name, mut words) = words.split_first()?;
    let row = ROWS.iter().find(|row| row.name == *name)?;
    let mut arguments = Vec::new();
    while !words.is_empty() {
        arguments.push(parse_argument(&mut words)?);
    }
    (arguments.len() == row.kinds.len()).then_some(Step { into, row, arguments })
}

fn parse_argument(words: &mut &[&str]) -> Option<Argument> {
    let (word, rest) = words.split_first()?;
    *words = rest;
    if *word == "[" {
        let mut list = Vec::new();
        while *words.first()? != "]" {
            list.push(parse_argument(words)?);
        }
        *words = &words[1..];
        return Some(Argument::List(list));
    }
    if *word == "null" {
        return Some(Argument::Name(None));
    }
    if let Some(name) = word.strip_prefix('"') {
        return Some(Argument::Name(Some(name.strip_suffix('"')?.to_owned())));
    }
    if let Some(length) = word.strip_prefix("x*") {
        return Some(Argument::Long(length.parse().ok()?));
    }
    if let Some(variable) = word.strip_prefix('v') {
        return Some(Argument::Variable(variable.parse().ok()?));
    }
    if let Some(id) = word.strip_prefix('i') {
        return Some(Argument::Id(id.parse().ok()?));
    }
    Some(Argument::Number(word.parse().ok()?))
}
