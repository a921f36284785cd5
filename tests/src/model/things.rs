//! Named things: making and opening them, and what can be done to them.

use super::life::INVALID_HANDLE;
use super::state::{Model, Object, Owned, Phase, Queue, Side, Target, Thing, View, Watchdog};

pub(crate) const INVALID_PARAMETER: u32 = 87;
const FILE_NOT_FOUND: u32 = 2;
const ALREADY_EXISTS: u32 = 183;
const OUTOFMEMORY: u32 = 14;
/// Our choice: how much memory queues may have. Programs come nowhere near, or are far beyond.
const MEMORY: u64 = 256 << 20;
const NOT_OWNER: u32 = 288;
const TOO_MANY_POSTS: u32 = 298;
/// MAX_PATH without the NUL; for queues also without the prefix (naming.md N7).
const LONGEST_NAME: usize = 259;
const LONGEST_QUEUE_NAME: usize = 257;

/// What a critical section in memory says.
pub(crate) type Words = Vec<u8>;

fn is_same_kind(a: &Thing, b: &Thing) -> bool {
    std::mem::discriminant(a) == std::mem::discriminant(b)
}

impl Model {
    /// Opens the object of this type and name, or makes it. Says whether it is new.
    pub(crate) fn create(
        &mut self,
        thread: usize,
        name: Option<Vec<u16>>,
        thing: Thing,
        shape_is_good: bool,
        told: u32,
    ) -> Result<(usize, bool), u32> {
        let process = self.threads[thread].process;
        if let Some(object) = self.named(&name, &thing)? {
            self.open(process, Target::Object(object), told);
            return Ok((object, false));
        }
        if !shape_is_good {
            return Err(INVALID_PARAMETER);
        }
        self.objects.push(Object { name, thing });
        let object = self.objects.len() - 1;
        self.open(process, Target::Object(object), told);
        Ok((object, true))
    }

    /// The living object of this type that has this name.
    fn named(&self, name: &Option<Vec<u16>>, like: &Thing) -> Result<Option<usize>, u32> {
        let Some(name) = name else { return Ok(None) };
        let longest = if matches!(like, Thing::Queue(_)) { LONGEST_QUEUE_NAME } else { LONGEST_NAME };
        if name.len() > longest {
            return Err(INVALID_PARAMETER);
        }
        let has_name = |place: &usize| {
            let object = &self.objects[*place];
            object.name.as_ref() == Some(name) && is_same_kind(&object.thing, like) && self.is_named(*place)
        };
        Ok((0..self.objects.len()).find(has_name))
    }

    /// Opens what exists under a name.
    pub(crate) fn open_named(
        &mut self,
        thread: usize,
        name: Option<Vec<u16>>,
        like: &Thing,
        told: u32,
    ) -> Result<u32, u32> {
        if name.is_none() {
            return Err(INVALID_PARAMETER);
        }
        let object = self.named(&name, like)?.ok_or(FILE_NOT_FOUND)?;
        self.open(self.threads[thread].process, Target::Object(object), told);
        Ok(told)
    }

    /// What the last error says after a create.
    pub(crate) fn creation_error(is_new: bool) -> u32 {
        if is_new { 0 } else { ALREADY_EXISTS }
    }

    fn object_at(&self, thread: usize, handle: u32) -> Result<usize, u32> {
        match self.look(thread, handle)? {
            Target::Object(object) => Ok(object),
            _ => Err(INVALID_HANDLE),
        }
    }

    pub(crate) fn modify_event(&mut self, thread: usize, handle: u32, function: u32) -> Result<(), u32> {
        if !(1..=3).contains(&function) {
            return Err(INVALID_PARAMETER);
        }
        let target = self.look(thread, handle)?;
        let (sets, resets) = (function != 2, function != 3);
        match target {
            // OQ-30.
            Target::End(queue, side) => {
                if sets {
                    self.set_signal(queue, side, true);
                }
                if resets {
                    self.set_signal(queue, side, false);
                }
            }
            Target::Object(object) => {
                if sets {
                    *self.event(object)?.0 = true;
                    self.wake(target);
                }
                if resets {
                    *self.event(object)?.0 = false;
                }
            }
            Target::Process(_) | Target::Thread(_) => return Err(INVALID_HANDLE),
        }
        Ok(())
    }

    fn event(&mut self, object: usize) -> Result<(&mut bool, &mut u32), u32> {
        match &mut self.objects[object].thing {
            Thing::Event { signaled, data, .. } => Ok((signaled, data)),
            _ => Err(INVALID_HANDLE),
        }
    }

    /// The word that is stored in an event.
    pub(crate) fn event_data(&mut self, thread: usize, handle: u32) -> Result<&mut u32, u32> {
        let object = self.object_at(thread, handle)?;
        Ok(self.event(object)?.1)
    }

    pub(crate) fn release_mutex(&mut self, thread: usize, handle: u32) -> Result<(), u32> {
        let object = self.object_at(thread, handle)?;
        let Thing::Mutex(owned) = &mut self.objects[object].thing else { return Err(INVALID_HANDLE) };
        if owned.owner != Some(thread) {
            return Err(NOT_OWNER);
        }
        if undo(owned) {
            self.let_go(thread, object);
        }
        Ok(())
    }

    pub(crate) fn release_semaphore(&mut self, thread: usize, handle: u32, units: i32) -> Result<i32, u32> {
        if units <= 0 {
            return Err(INVALID_PARAMETER);
        }
        let object = self.object_at(thread, handle)?;
        let Thing::Semaphore { count, maximum } = &mut self.objects[object].thing else {
            return Err(INVALID_HANDLE);
        };
        // The sum is judged before anybody takes a unit (SQ-06).
        if *count + i64::from(units) > *maximum {
            return Err(TOO_MANY_POSTS);
        }
        let previous = *count as i32;
        *count += i64::from(units);
        self.wake(Target::Object(object));
        Ok(previous)
    }

    /// Makes a critical section; its words say the handle that it is told.
    pub(crate) fn create_section(&mut self, thread: usize, told: u32) -> usize {
        let thing = Thing::Section { owned: Owned::default(), contentions: 0 };
        self.objects.push(Object { name: None, thing });
        let object = self.objects.len() - 1;
        self.open(self.threads[thread].process, Target::Object(object), told);
        object
    }

    pub(crate) fn section_at(&self, thread: usize, handle: u32) -> Option<usize> {
        let object = self.object_at(thread, handle).ok()?;
        matches!(self.objects[object].thing, Thing::Section { .. }).then_some(object)
    }

    /// Lets a thread enter if nobody else is inside.
    pub(crate) fn try_enter(&mut self, thread: usize, object: usize) -> bool {
        let target = Target::Object(object);
        let is_free = self.is_signaled(target, thread);
        if is_free {
            self.satisfy(target, thread);
        }
        is_free
    }

    pub(crate) fn leave(&mut self, thread: usize, object: usize) {
        let Thing::Section { owned, .. } = &mut self.objects[object].thing else { panic!("no section") };
        // Somebody else's leave changes nothing (SQ-21).
        if owned.owner == Some(thread) && undo(owned) {
            self.let_go(thread, object);
        }
    }

    pub(crate) fn contend(&mut self, object: usize) {
        let Thing::Section { contentions, .. } = &mut self.objects[object].thing else {
            panic!("no section")
        };
        *contentions += 1;
    }

    /// What the 20 bytes in memory are to say.
    pub(crate) fn section_words(&self, object: usize, handle: u32) -> Words {
        let Thing::Section { owned, contentions } = &self.objects[object].thing else { panic!("no section") };
        let owner = owned.owner.map_or(0, |owner| self.threads[owner].id);
        let is_waited_for = self.waiters(Target::Object(object)).next().is_some();
        let words = [owned.count, owner, handle, u32::from(is_waited_for), *contentions];
        words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    pub(crate) fn watchdog(&mut self, thread: usize, handle: u32, flags: u32) -> Result<usize, u32> {
        if flags != 0 {
            return Err(INVALID_PARAMETER);
        }
        let object = self.object_at(thread, handle)?;
        match self.objects[object].thing {
            Thing::Watchdog(_) => Ok(object),
            _ => Err(INVALID_HANDLE),
        }
    }

    pub(crate) fn watchdog_mut(&mut self, object: usize) -> &mut Watchdog {
        match &mut self.objects[object].thing {
            Thing::Watchdog(watchdog) => watchdog,
            other => panic!("it is no watchdog: {other:?}"),
        }
    }

    pub(crate) fn begin_period(&mut self, object: usize) {
        let watchdog = self.watchdog_mut(object);
        watchdog.phase = Phase::Running;
        watchdog.signaled = false;
        let period = watchdog.period;
        self.arm_watchdog(object, period);
    }

    pub(crate) fn stop_watchdog(&mut self, object: usize) {
        let watchdog = self.watchdog_mut(object);
        watchdog.phase = Phase::Stopped;
        watchdog.signaled = false;
        watchdog.deadline = None;
    }

    /// Opens an end of a queue, or makes the queue.
    pub(crate) fn create_queue(
        &mut self,
        thread: usize,
        name: Option<Vec<u16>>,
        [flags, maximum, size, reads]: [u32; 4],
        told: u32,
    ) -> Result<bool, u32> {
        let queue = Queue {
            flags,
            maximum,
            size,
            alert: None,
            messages: Vec::new(),
            high_water: 0,
            ever: [false; 2],
            signaled: [false; 2],
        };
        let thing = Thing::Queue(queue);
        let found = self.named(&name, &thing)?;
        let is_new = found.is_none();
        let place = match found {
            Some(place) => place,
            None if size == 0 => return Err(INVALID_PARAMETER),
            // Without MSGQUEUE_NOPRECOMMIT all buffers are allocated now, if there is a limit.
            None if maximum > 0 && flags & 1 == 0 && u64::from(maximum) * u64::from(size) > MEMORY => {
                return Err(OUTOFMEMORY);
            }
            None => {
                self.objects.push(Object { name, thing });
                self.objects.len() - 1
            }
        };
        let side: Side = Model::side_of(reads != 0);
        self.open(self.threads[thread].process, Target::End(place, side), told);
        Ok(is_new)
    }

    /// What a view is to show: the size of the memory map, from an offset on.
    pub(crate) fn check_view(
        &self,
        thread: usize,
        handle: u32,
        [access, high, low, bytes]: [u32; 4],
    ) -> Result<usize, u32> {
        if access & 6 == 0 {
            return Err(INVALID_PARAMETER);
        }
        let object = self.object_at(thread, handle)?;
        let Thing::Map { size } = self.objects[object].thing else { return Err(INVALID_HANDLE) };
        if high != 0 || low % 0x1_0000 != 0 || low >= size || bytes > size - low {
            return Err(INVALID_PARAMETER);
        }
        Ok(object)
    }

    pub(crate) fn add_view(&mut self, thread: usize, map: usize, address: u32) {
        let process = self.threads[thread].process;
        if address == 0 || self.views.iter().any(|view| view.process == process && view.address == address) {
            self.complaints.push(format!("the new view {address:#x} is not a new one"));
        }
        self.views.push(View { process, address, map });
    }

    pub(crate) fn remove_view(&mut self, thread: usize, address: u32) -> Result<(), u32> {
        let process = self.threads[thread].process;
        let is_it = |view: &View| view.process == process && view.address == address;
        let place = self.views.iter().position(is_it).ok_or(INVALID_PARAMETER)?;
        self.views.remove(place);
        Ok(())
    }
}

/// Undoes one taking. Says whether the thing is free.
fn undo(owned: &mut Owned) -> bool {
    owned.count -= 1;
    if owned.count == 0 {
        owned.owner = None;
    }
    owned.owner.is_none()
}
