//! Tells libraries of what happens, by calling their entry points: the process, and threads that come and go.
//!
//! What is to be done around such calls is a list of [`Act`]s, plain data: entering the loader's lock, calling
//! one entry point after the other, leaving the lock, and how it ends. One is done after the other; those
//! that call the guest's code or the kernel go on when that has answered.
//!
//! A process has a lock, a critical section of the kernel, from its first library on: one thread at a time is
//! in an entry point, and a thread that was made meanwhile waits with its own (ms885182).

use std::collections::VecDeque;

use cerium_coredll::{Call, OUT, Outs, Reply, Section};
use cerium_guest::Stop;
use cerium_handle::Handle;
use cerium_kernel::Win32Error;

use crate::calls::{Out, Then, Use};
use crate::executable::Executable;
use crate::isa::Isa;
use crate::libraries;
use crate::modules::{Module, State};

/// Why an entry point is called: its fdwReason.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Reason {
    ProcessDetach = 0,
    ProcessAttach = 1,
    ThreadAttach = 2,
    ThreadDetach = 3,
}

/// Something to do.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Enter the loader's lock.
    Lock,
    /// Leave it.
    Unlock,
    /// Call a module's entry point.
    Notify { module: u32, reason: Reason, reserved: u32 },
    /// Tell the modules that hear of threads of this one.
    Welcome,
    /// Take away the modules that nobody needs.
    Unload,
    /// Return a library's handle to whoever loads it, or fail if it did not agree to be loaded.
    Loaded { module: u32 },
    /// Return a word.
    Return(u32),
    /// Return 0 with a last error.
    Fail(Win32Error),
    /// Begin the thread's function.
    Begin,
    /// End the thread, whose function has returned.
    Exit(u32),
    /// Call the kernel in the guest's stead.
    Call(Call),
}

/// What is still to be done.
pub(crate) type Acts = VecDeque<Act>;

/// What a paused list of acts waits for.
#[derive(Clone, Debug)]
pub(crate) enum Awaited {
    /// A new lock.
    NewLock,
    /// Anything else of the kernel's.
    Kernel,
    /// The answer of a module's entry point to this reason.
    Answer { module: u32, reason: Reason },
}

/// The process could not begin, because a library did not want it (STATUS_DLL_INIT_FAILED).
const DLL_INIT_FAILED: u32 = 0xC000_0142;

/// CE's pseudo handle of the current process.
pub(crate) const CURRENT_PROCESS: Handle = Handle(66);

impl<I: Isa> Executable<I> {
    /// Does one act after the other, until one must wait or the last is done.
    pub(crate) fn act(&mut self, guest: u32, mut acts: Acts, used: &mut Use<'_>) -> Out {
        while let Some(act) = acts.pop_front() {
            match act {
                Act::Lock => return self.lock(guest, acts, used),
                Act::Unlock => {
                    let Some(lock) = self.lock else { continue };
                    let call = Call::LeaveCriticalSection { lpCriticalSection: Section::At(lock) };
                    return self.ask_kernel(guest, call, Then::Acts(acts, Awaited::Kernel), used);
                }
                Act::Notify { module, reason, reserved } => {
                    let entry = self.modules.at(module).map_or(0, |module| module.entry);
                    if entry != 0 {
                        let then = Then::Acts(acts, Awaited::Answer { module, reason });
                        return self.ask_guest(guest, entry, &[module, reason as u32, reserved], then);
                    }
                    self.told(module, reason, 1, &mut acts);
                }
                Act::Welcome => {
                    // Only now, with the lock, is it known which have begun.
                    for module in self.modules.in_order(Module::hears_of_threads).into_iter().rev() {
                        acts.push_front(Act::Notify { module, reason: Reason::ThreadAttach, reserved: 0 });
                    }
                }
                Act::Unload => self.unload(),
                Act::Loaded { module } => {
                    // Another thread's attempt may have failed while this one waited for the lock.
                    let is_loaded = self.modules.at(module).is_some_and(|it| it.state != State::Loaded);
                    return match is_loaded || libraries::host_library(module).is_some() {
                        true => self.return_word(guest, module),
                        false => self.fail(guest, used, Win32Error::DLL_INIT_FAILED, 0),
                    };
                }
                Act::Return(word) => return self.return_word(guest, word),
                Act::Fail(error) => return self.fail(guest, used, error, 0),
                Act::Begin => {
                    let thread = &mut self.threads[guest as usize];
                    if let Some(begin) = thread.begin.take() {
                        thread.context = begin;
                    }
                    return Out::Goes;
                }
                Act::Exit(code) => return Out::Stops(Stop::Exit(code)),
                Act::Call(call) => {
                    self.threads[guest as usize].outs.clear();
                    return self.plain_call(guest, call, used);
                }
            }
        }
        Out::Goes
    }

    fn lock(&mut self, guest: u32, mut acts: Acts, used: &mut Use<'_>) -> Out {
        match self.lock {
            Some(lock) => {
                let call = Call::EnterCriticalSection { lpCriticalSection: Section::At(lock) };
                self.ask_kernel(guest, call, Then::Acts(acts, Awaited::Kernel), used)
            }
            None => {
                acts.push_front(Act::Lock);
                let call = Call::InitializeCriticalSection { lpCriticalSection: OUT.into() };
                self.ask_kernel(guest, call, Then::Acts(acts, Awaited::NewLock), used)
            }
        }
    }

    /// The kernel has answered.
    pub(crate) fn act_on_reply(
        &mut self,
        guest: u32,
        mut acts: Acts,
        awaited: &Awaited,
        reply: &Reply,
        used: &mut Use<'_>,
    ) -> Out {
        if matches!(awaited, Awaited::NewLock) && self.lock.is_none() {
            self.lock = handle_of_section(&reply.outs);
            if self.lock.is_none() {
                // Without memory for it nothing is kept apart.
                log::warn!(target: "loader", "there is no memory for the loader's lock");
                acts.pop_front();
            }
        }
        self.act(guest, acts, used)
    }

    /// An entry point has answered.
    pub(crate) fn act_on_answer(
        &mut self,
        guest: u32,
        mut acts: Acts,
        awaited: &Awaited,
        answer: u32,
        used: &mut Use<'_>,
    ) -> Out {
        if let Awaited::Answer { module, reason } = *awaited {
            self.told(module, reason, answer, &mut acts);
        }
        self.act(guest, acts, used)
    }

    /// A module has been told of something. Only its answer to the process counts.
    fn told(&mut self, base: u32, reason: Reason, answer: u32, acts: &mut Acts) {
        if reason != Reason::ProcessAttach {
            return;
        }
        let Some(module) = self.modules.at_mut(base) else { return };
        if answer != 0 {
            module.state = State::Attached;
            return;
        }
        log::warn!(target: "loader", "{} does not want to be loaded: its entry point returned FALSE", module.name);
        *acts = if module.is_static {
            let call = Call::TerminateProcess { hProcess: CURRENT_PROCESS, uExitCode: DLL_INIT_FAILED };
            Acts::from([Act::Unlock, Act::Call(call)])
        } else {
            self.give_up(base, acts)
        };
    }

    /// What is left to do when a library that is being loaded does not want to: it is told, and those that were
    /// told before it with this load.
    fn give_up(&mut self, base: u32, acts: &Acts) -> Acts {
        let root = acts.iter().find_map(|act| match act {
            Act::Loaded { module } => Some(*module),
            _ => None,
        });
        if let Some(root) = root.and_then(|root| self.modules.at_mut(root)) {
            root.loads = root.loads.saturating_sub(1);
        }
        let mut left = Acts::from([Act::Notify { module: base, reason: Reason::ProcessDetach, reserved: 0 }]);
        left.extend(self.farewells());
        left.extend([Act::Unload, Act::Unlock, Act::Fail(Win32Error::DLL_INIT_FAILED)]);
        left
    }

    /// Tells the modules that nobody needs any more.
    fn farewells(&self) -> Vec<Act> {
        let is_attached = |base: &u32| self.modules.at(*base).is_some_and(|it| it.state == State::Attached);
        let farewell = |module| Act::Notify { module, reason: Reason::ProcessDetach, reserved: 0 };
        self.modules.unneeded().into_iter().filter(is_attached).map(farewell).collect()
    }

    fn unload(&mut self) {
        for base in self.modules.unneeded() {
            if let Some(module) = self.modules.remove(base) {
                libraries::unmap(&mut self.memory, &module);
            }
        }
    }

    /// What loading a library comes to, once it is bound.
    pub(crate) fn acts_of_loading(&self, module: u32) -> Acts {
        let new = self.modules.in_order(|module| module.state == State::Loaded);
        if new.is_empty() && self.lock.is_none() {
            return Acts::from([Act::Loaded { module }]);
        }
        let attach = |module| Act::Notify { module, reason: Reason::ProcessAttach, reserved: 0 };
        let mut acts = Acts::from([Act::Lock]);
        acts.extend(new.into_iter().map(attach));
        acts.extend([Act::Unlock, Act::Loaded { module }]);
        acts
    }

    /// What giving a library back comes to, once its count is down.
    pub(crate) fn acts_of_freeing(&self) -> Acts {
        let unneeded = self.modules.unneeded();
        if unneeded.is_empty() {
            return Acts::from([Act::Return(1)]);
        }
        let mut acts = Acts::from([Act::Lock]);
        acts.extend(self.farewells());
        acts.extend([Act::Unload, Act::Unlock, Act::Return(1)]);
        acts
    }

    /// What comes before a thread's function; nothing if no library is to be told of it. While a library is
    /// told of the process, threads that are made wait until that is over (ms885182).
    pub(crate) fn acts_of_beginning(&self, is_primary: bool) -> Option<Acts> {
        let begins = self.modules.in_order(|module| module.state == State::Loaded);
        let mut acts = Acts::from([Act::Lock]);
        if is_primary {
            let attach = |module| Act::Notify { module, reason: Reason::ProcessAttach, reserved: 1 };
            acts.extend(begins.iter().copied().map(attach));
        } else {
            acts.push_back(Act::Welcome);
        }
        acts.extend([Act::Unlock, Act::Begin]);
        let has_hearers = !is_primary && !self.modules.in_order(Module::hears_of_threads).is_empty();
        (has_hearers || !begins.is_empty()).then_some(acts)
    }

    /// What comes before a thread's end, and then its end.
    pub(crate) fn acts_of_ending(&mut self, guest: u32, end: Act) -> Acts {
        if self.threads[guest as usize].is_primary {
            // The process ends with it (ee482850).
            return self.acts_of_exit(guest, end);
        }
        let mut told = self.modules.in_order(|module| module.hears_of_threads());
        told.reverse();
        if told.is_empty() || std::mem::replace(&mut self.threads[guest as usize].is_ending, true) {
            return Acts::from([end]);
        }
        let detach = |module| Act::Notify { module, reason: Reason::ThreadDetach, reserved: 0 };
        let mut acts = Acts::from([Act::Lock]);
        acts.extend(told.into_iter().map(detach));
        acts.extend([Act::Unlock, end]);
        acts
    }

    /// What comes before the process's end, which one of its threads has asked for. The others run no more, and
    /// nobody is waited for: whoever is in an entry point will not come back (ee488596, aa450927). Our choice:
    /// who is ended from outside, or by an exception, tells nobody; the process has ended then (OQ-12), and no
    /// code of it can run.
    pub(crate) fn acts_of_exit(&mut self, guest: u32, end: Act) -> Acts {
        let mut told = self.modules.in_order(|module| module.state == State::Attached && module.entry != 0);
        told.reverse();
        if told.is_empty() || self.ended_by.replace(guest).is_some() {
            return Acts::from([end]);
        }
        let detach = |module| Act::Notify { module, reason: Reason::ProcessDetach, reserved: 1 };
        told.into_iter().map(detach).chain([end]).collect()
    }
}

/// The handle within the words of a critical section: its third.
fn handle_of_section(outs: &Outs) -> Option<Handle> {
    let words = outs.as_slice().first()?.as_bytes();
    let handle = words.get(8..12)?.try_into().ok().map(u32::from_le_bytes)?;
    (handle != 0).then_some(Handle(handle))
}
