//! What each function checks, does and gives back.

use cerium_coredll::{Bytes, Call, Handles, In, Section, Text};
use cerium_process::Timeout;

use super::life::INVALID_HANDLE;
use super::state::{Answer, Model, Owned, Phase, Reason, State, Target, Thing, Watchdog};
use super::things::INVALID_PARAMETER;

/// How a call goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Did {
    Answered(Answer),
    /// The caller is blocked; this is for its out-parameters already.
    Blocked(Vec<Vec<u8>>),
    /// The caller has ended.
    Ended,
}

type Result<T> = std::result::Result<T, u32>;

/// What the kernel chose: values of handles, ids, addresses.
#[derive(Clone, Default, Debug)]
pub(crate) struct Told {
    pub(crate) value: u32,
    pub(crate) outs: Vec<Vec<u8>>,
}

impl Told {
    /// A word of what out-parameters received.
    pub(crate) fn word(&self, out: usize, place: usize) -> u32 {
        let bytes = self.outs.get(out).and_then(|bytes| bytes.get(place * 4..place * 4 + 4));
        bytes.map_or(0, |word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]))
    }
}

impl Did {
    fn value(value: u32) -> Result<Did> {
        Ok(Did::Answered(Answer::of(value)))
    }

    fn with(value: u32, error: u32) -> Result<Did> {
        Ok(Did::Answered(Answer::failed(value, error)))
    }

    fn out(value: u32, out: u32) -> Result<Did> {
        let outs = vec![out.to_le_bytes().to_vec()];
        Ok(Did::Answered(Answer { value, outs, error: None }))
    }

    fn words(value: u32, words: Vec<u8>) -> Result<Did> {
        Ok(Did::Answered(Answer { value, outs: vec![words], error: None }))
    }

    /// A call that may have blocked.
    fn perhaps(answer: Option<Answer>) -> Result<Did> {
        Ok(answer.map_or(Did::Blocked(Vec::new()), Did::Answered))
    }
}

fn milliseconds(timeout: Timeout) -> Option<u32> {
    match timeout {
        Timeout::Infinite => None,
        Timeout::Milliseconds(n) => Some(n),
    }
}

fn name(text: &Text) -> Result<Option<Vec<u16>>> {
    match text {
        Text::Null => Ok(None),
        Text::Units(units) => Ok(Some(units.to_vec())),
        Text::Unreadable | Text::TooLong => Err(INVALID_PARAMETER),
    }
}

fn failure_value(call: &Call) -> u32 {
    match call {
        Call::WaitForSingleObject { .. }
        | Call::WaitForMultipleObjects { .. }
        | Call::SuspendThread { .. }
        | Call::ResumeThread { .. }
        | Call::CeGetThreadQuantum { .. }
        | Call::TlsCall { .. } => u32::MAX,
        Call::GetThreadPriority { .. } | Call::CeGetThreadPriority { .. } => 0x7fff_ffff,
        _ => 0,
    }
}

impl Model {
    /// Performs a call of the running thread.
    pub(crate) fn call(&mut self, thread: usize, call: &Call, told: &Told) -> Did {
        let did = match self.perform(thread, call, told) {
            Ok(did) => did,
            Err(error) => Did::Answered(Answer::failed(failure_value(call), error)),
        };
        if self.has_ended(thread) {
            return Did::Ended;
        }
        if let Did::Answered(Answer { error: Some(error), .. }) = did {
            self.threads[thread].last_error = error;
        }
        did
    }

    fn perform(&mut self, thread: usize, call: &Call, told: &Told) -> Result<Did> {
        if let Some(did) = self.objects_call(thread, call, told) {
            return did;
        }
        if let Some(did) = self.waiting_call(thread, call, told) {
            return did;
        }
        if let Some(did) = self.queue_call(thread, call, told) {
            return did;
        }
        if let Some(did) = self.thread_call(thread, call, told) {
            return did;
        }
        if let Some(did) = self.process_call(thread, call, told) {
            return did;
        }
        panic!("the model does not know {call}")
    }

    fn created(&mut self, thread: usize, text: &Text, thing: Thing, good: bool, told: &Told) -> Result<Did> {
        let (_, is_new) = self.create(thread, name(text)?, thing, good, told.value)?;
        Did::with(told.value, Model::creation_error(is_new))
    }

    fn objects_call(&mut self, t: usize, call: &Call, told: &Told) -> Option<Result<Did>> {
        Some(match call {
            Call::CreateEvent { bManualReset, bInitialState, lpName, .. } => {
                let thing = Thing::Event { manual: bManualReset.0, signaled: bInitialState.0, data: 0 };
                self.created(t, lpName, thing, true, told)
            }
            Call::OpenEvent { dwDesiredAccess, bInheritHandle, lpName } => {
                self.open_event(t, *dwDesiredAccess == 0x001f_0003 && !bInheritHandle.0, lpName, told)
            }
            Call::EventModify { hEvent, func } => {
                self.modify_event(t, hEvent.0, *func).and_then(|()| Did::value(1))
            }
            Call::SetEventData { hEvent, dwData } => self.event_data(t, hEvent.0).and_then(|data| {
                *data = *dwData;
                Did::value(1)
            }),
            Call::GetEventData { hEvent } => self.event_data(t, hEvent.0).and_then(|data| match *data {
                0 => Did::with(0, 0),
                data => Did::value(data),
            }),
            Call::CreateMutex { bInitialOwner, lpName, .. } => {
                self.create_mutex(t, bInitialOwner.0, lpName, told)
            }
            Call::ReleaseMutex { hMutex } => self.release_mutex(t, hMutex.0).and_then(|()| Did::value(1)),
            Call::CreateSemaphore { lInitialCount, lMaximumCount, lpName, .. } => {
                let (initial, maximum) = (*lInitialCount, *lMaximumCount);
                let good = maximum > 0 && (0..=maximum).contains(&initial);
                let thing = Thing::Semaphore { count: initial.into(), maximum: maximum.into() };
                self.created(t, lpName, thing, good, told)
            }
            Call::ReleaseSemaphore { hSemaphore, lReleaseCount, .. } => self
                .release_semaphore(t, hSemaphore.0, *lReleaseCount)
                .and_then(|previous| Did::out(1, previous as u32)),
            Call::CreateFileMapping {
                hFile, flProtect, dwMaximumSizeHigh, dwMaximumSizeLow, lpName, ..
            } => {
                let sizes = [*dwMaximumSizeHigh, *dwMaximumSizeLow];
                self.create_map(t, hFile.0, *flProtect, sizes, lpName, told)
            }
            Call::MapViewOfFile {
                hFileMappingObject,
                dwDesiredAccess,
                dwFileOffsetHigh,
                dwFileOffsetLow,
                dwNumberOfBytesToMap,
            } => {
                let part = [*dwDesiredAccess, *dwFileOffsetHigh, *dwFileOffsetLow, *dwNumberOfBytesToMap];
                self.check_view(t, hFileMappingObject.0, part).and_then(|map| {
                    self.add_view(t, map, told.value);
                    Did::value(told.value)
                })
            }
            Call::UnmapViewOfFile { lpBaseAddress } => {
                self.remove_view(t, lpBaseAddress.0).and_then(|()| Did::value(1))
            }
            _ => return self.watchdog_call(t, call, told),
        })
    }

    fn watchdog_call(&mut self, t: usize, call: &Call, told: &Told) -> Option<Result<Did>> {
        Some(match call {
            Call::CreateWatchDogTimer {
                pszWatchDogName,
                dwPeriod,
                dwWait,
                dwDfltAction,
                dwParam,
                dwFlags,
            } => {
                if *dwFlags != 0 || *dwPeriod == 0 || *dwDfltAction > 2 {
                    return Some(Err(INVALID_PARAMETER));
                }
                let watchdog = Watchdog {
                    period: *dwPeriod,
                    wait: *dwWait,
                    action: *dwDfltAction,
                    parameter: *dwParam,
                    phase: Phase::Stopped,
                    signaled: false,
                    deadline: None,
                    watched: None,
                };
                self.created(t, pszWatchDogName, Thing::Watchdog(watchdog), true, told)
            }
            Call::OpenWatchDogTimer { pszWatchDogName, dwFlags } => {
                self.open_watchdog(t, pszWatchDogName, *dwFlags, told)
            }
            Call::StartWatchDogTimer { hWatchDog, dwFlags } => {
                self.watchdog(t, hWatchDog.0, *dwFlags).and_then(|object| {
                    let process = self.threads[t].process;
                    let watchdog = self.watchdog_mut(object);
                    // OQ-50: one that runs goes on as it was.
                    if watchdog.phase != Phase::Running {
                        watchdog.watched = Some(process);
                        self.begin_period(object);
                    }
                    Did::value(1)
                })
            }
            Call::StopWatchDogTimer { hWatchDog, dwFlags } => {
                self.watchdog(t, hWatchDog.0, *dwFlags).and_then(|object| {
                    self.stop_watchdog(object);
                    Did::value(1)
                })
            }
            Call::RefreshWatchDogTimer { hWatchDog, dwFlags } => {
                self.watchdog(t, hWatchDog.0, *dwFlags).and_then(|object| {
                    if self.watchdog_mut(object).phase != Phase::Stopped {
                        self.begin_period(object);
                    }
                    Did::value(1)
                })
            }
            _ => return None,
        })
    }

    fn open_event(&mut self, t: usize, good: bool, text: &Text, told: &Told) -> Result<Did> {
        if !good {
            return Err(INVALID_PARAMETER);
        }
        let like = Thing::Event { manual: false, signaled: false, data: 0 };
        Did::value(self.open_named(t, name(text)?, &like, told.value)?)
    }

    fn open_watchdog(&mut self, t: usize, text: &Text, flags: u32, told: &Told) -> Result<Did> {
        if flags != 0 {
            return Err(INVALID_PARAMETER);
        }
        let like = self.objects.iter().find(|object| matches!(object.thing, Thing::Watchdog(_)));
        let name = name(text)?;
        match like.map(|object| object.thing.clone()) {
            Some(like) => Did::value(self.open_named(t, name, &like, told.value)?),
            None if name.is_none_or(|name| name.len() > 259) => Err(INVALID_PARAMETER),
            None => Err(2),
        }
    }

    fn create_mutex(&mut self, t: usize, owned: bool, text: &Text, told: &Told) -> Result<Did> {
        let (mutex, is_new) =
            self.create(t, name(text)?, Thing::Mutex(Owned::default()), true, told.value)?;
        // aa914601: bInitialOwner counts for a new one only.
        if is_new && owned {
            self.satisfy(Target::Object(mutex), t);
        }
        Did::with(told.value, Model::creation_error(is_new))
    }

    fn create_map(
        &mut self,
        t: usize,
        file: u32,
        protect: u32,
        [high, low]: [u32; 2],
        text: &Text,
        told: &Told,
    ) -> Result<Did> {
        let protect = protect & !0x0800_0000;
        if protect != 2 && protect != 4 {
            return Err(INVALID_PARAMETER);
        }
        if file != u32::MAX {
            return Err(INVALID_HANDLE);
        }
        // OQ-44, OQ-45.
        let good = protect == 4 && high == 0 && low != 0;
        self.created(t, text, Thing::Map { size: low }, good, told)
    }

    fn waitable(&self, t: usize, handle: u32) -> Result<Target> {
        let target = self.look(t, handle)?;
        if let Target::Object(object) = target
            && matches!(
                self.objects[object].thing,
                Thing::Section { .. } | Thing::Queue(_) | Thing::Map { .. }
            )
        {
            return Err(INVALID_HANDLE);
        }
        Ok(target)
    }

    fn waiting_call(&mut self, t: usize, call: &Call, told: &Told) -> Option<Result<Did>> {
        Some(match call {
            Call::WaitForSingleObject { hHandle, dwMilliseconds } => self
                .waitable(t, hHandle.0)
                .and_then(|target| Did::perhaps(self.wait(t, vec![target], milliseconds(*dwMilliseconds)))),
            Call::WaitForMultipleObjects { lpHandles, fWaitAll, dwMilliseconds } => {
                let Handles::List(handles) = lpHandles else { return Some(Err(INVALID_PARAMETER)) };
                if fWaitAll.0 || handles.is_empty() {
                    return Some(Err(INVALID_PARAMETER));
                }
                let targets: Result<Vec<Target>> =
                    handles.iter().map(|handle| self.waitable(t, handle.0)).collect();
                targets.and_then(|targets| Did::perhaps(self.wait(t, targets, milliseconds(*dwMilliseconds))))
            }
            Call::Sleep { dwMilliseconds } => match milliseconds(*dwMilliseconds) {
                Some(0) => {
                    self.yield_to_equals(t);
                    Did::value(0)
                }
                None => {
                    // aa909009: the same as suspending oneself.
                    self.block(t, Reason::SelfSuspend, Vec::new(), None, None);
                    self.threads[t].suspended += 1;
                    Did::perhaps(None)
                }
                some => {
                    self.block(t, Reason::Sleep, Vec::new(), some, None);
                    Did::perhaps(None)
                }
            },
            Call::SleepTillTick {} => {
                self.block(t, Reason::Sleep, Vec::new(), Some(0), None);
                Did::perhaps(None)
            }
            Call::InitializeCriticalSection { .. } => {
                let handle = told.word(0, 2);
                let object = self.create_section(t, handle);
                Did::words(0, self.section_words(object, handle))
            }
            Call::DeleteCriticalSection { lpCriticalSection: Section::At(handle) } => {
                match self.section_at(t, handle.0) {
                    Some(_) => self
                        .close(self.threads[t].process, handle.0)
                        .and_then(|()| Did::words(0, vec![0; 20])),
                    None => Err(INVALID_HANDLE),
                }
            }
            Call::EnterCriticalSection { lpCriticalSection: Section::At(handle) } => {
                let (object, handle) = self.section(t, handle.0, told);
                if self.try_enter(t, object) {
                    return Some(Did::words(0, self.section_words(object, handle)));
                }
                self.contend(object);
                self.block(t, Reason::Section, vec![Target::Object(object)], None, None);
                Ok(Did::Blocked(vec![self.section_words(object, handle)]))
            }
            Call::TryEnterCriticalSection { lpCriticalSection: Section::At(handle) } => {
                let (object, handle) = self.section(t, handle.0, told);
                let entered = self.try_enter(t, object);
                Did::words(u32::from(entered), self.section_words(object, handle))
            }
            Call::LeaveCriticalSection { lpCriticalSection: Section::At(handle) } => {
                let (object, handle) = self.section(t, handle.0, told);
                self.leave(t, object);
                Did::words(0, self.section_words(object, handle))
            }
            _ => return None,
        })
    }

    /// The section behind a structure; one that was never initialised is made now (SQ-21).
    fn section(&mut self, t: usize, handle: u32, told: &Told) -> (usize, u32) {
        match self.section_at(t, handle) {
            Some(object) => (object, handle),
            None => {
                let handle = told.word(0, 2);
                (self.create_section(t, handle), handle)
            }
        }
    }

    fn queue_call(&mut self, t: usize, call: &Call, told: &Told) -> Option<Result<Did>> {
        Some(match call {
            Call::CreateMsgQueue { lpszName, lpOptions } => {
                let In::Value(options) = lpOptions else { return Some(Err(INVALID_PARAMETER)) };
                if options.dwSize < 20 || options.dwFlags & !3 != 0 {
                    return Some(Err(INVALID_PARAMETER));
                }
                let shape =
                    [options.dwFlags, options.dwMaxMessages, options.cbMaxMessage, options.bReadAccess];
                name(lpszName)
                    .and_then(|name| self.create_queue(t, name, shape, told.value))
                    .and_then(|is_new| Did::with(told.value, Model::creation_error(is_new)))
            }
            Call::OpenMsgQueue { hSrcProc, hMsgQ, lpOptions } => {
                let source = self.look_process(t, hSrcProc.0);
                let found = source.and_then(|process| self.look_in(process, hMsgQ.0));
                let queue = match found {
                    Ok(Target::End(queue, _)) => queue,
                    _ => return Some(Err(INVALID_HANDLE)),
                };
                let In::Value(options) = lpOptions else { return Some(Err(INVALID_PARAMETER)) };
                if options.dwSize < 20 {
                    return Some(Err(INVALID_PARAMETER));
                }
                let side = Model::side_of(options.bReadAccess != 0);
                self.open(self.threads[t].process, Target::End(queue, side), told.value);
                Did::with(told.value, 183)
            }
            Call::ReadMsgQueue { hMsgQ, lpBuffer, dwTimeout, .. } => self
                .read_queue(t, hMsgQ.0, Some(lpBuffer.size), milliseconds(*dwTimeout))
                .and_then(Did::perhaps),
            Call::WriteMsgQueue { hMsgQ, lpBuffer, dwTimeout, dwFlags } => {
                let Bytes::Content(bytes) = lpBuffer else { return Some(Err(INVALID_PARAMETER)) };
                self.write_queue(t, hMsgQ.0, bytes.to_vec(), milliseconds(*dwTimeout), *dwFlags)
                    .and_then(Did::perhaps)
            }
            Call::GetMsgQueueInfo { hMsgQ, .. } => match self.look(t, hMsgQ.0) {
                Ok(Target::End(queue, _)) => Did::words(1, self.queue_information(queue)),
                _ => Err(INVALID_HANDLE),
            },
            Call::CloseMsgQueue { hMsgQ } => match self.look(t, hMsgQ.0) {
                Ok(Target::End(..)) => {
                    self.close(self.threads[t].process, hMsgQ.0).and_then(|()| Did::value(1))
                }
                _ => Err(INVALID_HANDLE),
            },
            _ => return None,
        })
    }

    fn thread_call(&mut self, t: usize, call: &Call, told: &Told) -> Option<Result<Did>> {
        let process = self.threads[t].process;
        Some(match call {
            Call::CreateThread { lpStartAddr, fdwCreate, .. } => {
                if lpStartAddr.0 == 0 {
                    return Some(Err(INVALID_PARAMETER));
                }
                let id = told.word(0, 0);
                let made = self.create_thread(process, id, fdwCreate & 4 != 0);
                self.open(process, Target::Thread(made), told.value);
                Did::out(told.value, id)
            }
            Call::OpenThread { dwThreadId, .. } => match self.living_thread(*dwThreadId) {
                Some(found) => {
                    self.open(process, Target::Thread(found), told.value);
                    Did::value(told.value)
                }
                None => Err(INVALID_PARAMETER),
            },
            Call::ExitThread { dwExitCode } => {
                self.exit_thread(t, *dwExitCode);
                Ok(Did::Ended)
            }
            Call::TerminateThread { hThread, dwExitCode } => {
                self.look_thread(t, hThread.0).and_then(|other| {
                    if self.has_ended(other) {
                        return Err(INVALID_HANDLE);
                    }
                    self.exit_thread(other, *dwExitCode);
                    Did::value(1)
                })
            }
            Call::GetExitCodeThread { hThread, .. } => {
                self.look_thread(t, hThread.0).and_then(|other| match self.threads[other].state {
                    State::Ended(code) => Did::out(1, code),
                    _ => Did::out(1, 259),
                })
            }
            Call::SuspendThread { hThread } => {
                self.look_thread(t, hThread.0).and_then(|other| self.suspend(other)).and_then(Did::value)
            }
            Call::ResumeThread { hThread } => {
                self.look_thread(t, hThread.0).and_then(|other| self.resume(other)).and_then(Did::value)
            }
            Call::GetThreadId { hThread } => {
                self.look_thread(t, hThread.0).and_then(|other| Did::value(self.threads[other].id))
            }
            _ => return self.level_call(t, call),
        })
    }

    /// Priorities and quanta.
    fn level_call(&mut self, t: usize, call: &Call) -> Option<Result<Did>> {
        Some(match call {
            Call::SetThreadPriority { hThread, nPriority } => {
                self.set_level(t, hThread.0, (0..8).contains(nPriority).then(|| *nPriority + 248))
            }
            Call::CeSetThreadPriority { hThread, nPriority } => {
                self.set_level(t, hThread.0, (0..256).contains(nPriority).then_some(*nPriority))
            }
            Call::GetThreadPriority { hThread } => self
                .look_thread(t, hThread.0)
                .and_then(|other| Did::value(u32::from(self.threads[other].base).saturating_sub(248))),
            Call::CeGetThreadPriority { hThread } => {
                self.look_thread(t, hThread.0).and_then(|other| Did::value(self.threads[other].base.into()))
            }
            Call::CeSetThreadQuantum { hThread, dwTime } => {
                self.look_thread(t, hThread.0).and_then(|other| {
                    self.set_quantum(other, *dwTime);
                    Did::value(1)
                })
            }
            Call::CeGetThreadQuantum { hThread } => self
                .look_thread(t, hThread.0)
                .and_then(|other| Did::value((self.threads[other].quantum / 1_000_000) as u32)),
            _ => return None,
        })
    }

    fn set_level(&mut self, t: usize, handle: u32, level: Option<i32>) -> Result<Did> {
        let level = level.ok_or(INVALID_PARAMETER)?;
        let other = self.look_thread(t, handle)?;
        self.set_priority(other, level as u8);
        Did::value(1)
    }

    fn process_call(&mut self, t: usize, call: &Call, told: &Told) -> Option<Result<Did>> {
        let process = self.threads[t].process;
        Some(match call {
            Call::CreateProcess { pszImageName, fdwCreate, pProcInfo, .. } => {
                self.start_process(t, pszImageName, *fdwCreate, !pProcInfo.is_null(), told)
            }
            Call::OpenProcess { IDProcess, .. } => match self.living_process(*IDProcess) {
                Some(found) => {
                    self.open(process, Target::Process(found), told.value);
                    Did::value(told.value)
                }
                None => Err(INVALID_PARAMETER),
            },
            Call::TerminateProcess { hProcess, uExitCode } => {
                self.look_process(t, hProcess.0).and_then(|other| {
                    if self.processes[other].exit_code.is_some() {
                        return Err(INVALID_HANDLE);
                    }
                    self.exit_process(other, *uExitCode);
                    Did::value(1)
                })
            }
            Call::GetExitCodeProcess { hProcess, .. } => self
                .look_process(t, hProcess.0)
                .and_then(|other| Did::out(1, self.processes[other].exit_code.unwrap_or(259))),
            Call::GetProcessId { Process } => {
                self.look_process(t, Process.0).and_then(|other| Did::value(self.processes[other].id))
            }
            Call::CloseHandle { hObject } => self.close(process, hObject.0).and_then(|()| Did::value(1)),
            Call::DuplicateHandle {
                hSourceProcessHandle,
                hSourceHandle,
                hTargetProcessHandle,
                lpTargetHandle,
                bInheritHandle,
                dwOptions,
                ..
            } => {
                let what = [hSourceProcessHandle.0, hSourceHandle.0, hTargetProcessHandle.0, *dwOptions];
                let wants = !lpTargetHandle.is_null();
                self.duplicate(t, what, bInheritHandle.0, wants, Some(told.word(0, 0)))
                    .and_then(|handle| Did::out(1, handle))
            }
            _ => return self.own_call(t, call),
        })
    }

    /// Calls that are about the caller alone.
    fn own_call(&mut self, t: usize, call: &Call) -> Option<Result<Did>> {
        let process = self.threads[t].process;
        Some(match call {
            Call::TlsCall { func, index } => self.tls_call(process, *func, *index),
            Call::TlsGetValue { dwTlsIndex } => match self.threads[t].tls.get(*dwTlsIndex as usize) {
                None => Err(INVALID_PARAMETER),
                Some(0) => Did::with(0, 0),
                Some(value) => Did::value(*value),
            },
            Call::TlsSetValue { dwTlsIndex, lpTlsValue } => {
                match self.threads[t].tls.get_mut(*dwTlsIndex as usize) {
                    None => Err(INVALID_PARAMETER),
                    Some(place) => {
                        *place = lpTlsValue.0;
                        Did::value(1)
                    }
                }
            }
            Call::GetLastError {} => Did::value(self.threads[t].last_error),
            Call::SetLastError { dwErrCode } => Did::with(0, *dwErrCode),
            Call::GetTickCount {} => Did::value((self.now / 1_000_000) as u32),
            Call::GetIdleTime {} => Did::value((self.idle / 1_000_000) as u32),
            _ => return None,
        })
    }

    fn tls_call(&mut self, process: usize, function: u32, index: u32) -> Result<Did> {
        let in_use = &mut self.processes[process].tls_in_use;
        match function {
            0 => {
                let index = in_use.iter().position(|in_use| !in_use).ok_or(14_u32)?;
                in_use[index] = true;
                Did::value(index as u32)
            }
            1 => {
                let is_freed = index >= 4 && in_use.get(index as usize) == Some(&true);
                if !is_freed {
                    return Did::with(0, INVALID_PARAMETER);
                }
                in_use[index as usize] = false;
                // What is allocated again reads 0.
                for thread in self.threads.iter_mut().filter(|thread| thread.process == process) {
                    thread.tls[index as usize] = 0;
                }
                Did::value(1)
            }
            _ => Err(INVALID_PARAMETER),
        }
    }

    fn start_process(
        &mut self,
        t: usize,
        image: &Text,
        flags: u32,
        wants_information: bool,
        told: &Told,
    ) -> Result<Did> {
        let image = name(image)?.ok_or(INVALID_PARAMETER)?;
        if String::from_utf16_lossy(&image) == super::run::MISSING_IMAGE {
            return Err(2);
        }
        let caller = self.threads[t].process;
        let process = self.create_process(told.word(0, 2));
        let thread = self.create_thread(process, told.word(0, 3), flags & 4 != 0);
        if flags & 0x2_0000 != 0 {
            self.set_priority(thread, self.threads[t].base);
        }
        let mut words = [0, 0, told.word(0, 2), told.word(0, 3)];
        if wants_information {
            words[..2].copy_from_slice(&[told.word(0, 0), told.word(0, 1)]);
            self.open(caller, Target::Process(process), words[0]);
            self.open(caller, Target::Thread(thread), words[1]);
        }
        Did::words(1, words.iter().flat_map(|word| word.to_le_bytes()).collect())
    }
}
