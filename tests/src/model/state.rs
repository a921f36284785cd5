//! What there is, and what a look at all of it tells.

/// What a handle, a wait or a view can mean. The numbers are places in the model's vectors.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Target {
    Process(usize),
    Thread(usize),
    /// Everything else; of a message queue, the queue itself.
    Object(usize),
    /// One end of the message queue at this place.
    End(usize, Side),
}

/// The ends of a message queue.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Side {
    Read,
    Write,
}

impl Side {
    pub(crate) fn other(self) -> Side {
        match self {
            Side::Read => Side::Write,
            Side::Write => Side::Read,
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Process {
    pub(crate) id: u32,
    pub(crate) primary: Option<usize>,
    pub(crate) tls_in_use: [bool; 64],
    pub(crate) exit_code: Option<u32>,
}

#[derive(Clone, Debug)]
pub(crate) struct Thread {
    pub(crate) process: usize,
    pub(crate) id: u32,
    pub(crate) state: State,
    /// The priority it was given.
    pub(crate) base: u8,
    /// What it was lent when a lender gave up; it keeps that until it next starts to run (ee482778).
    pub(crate) kept: Option<u8>,
    /// The level at which it was last put; when its effective priority has changed, it is put elsewhere.
    pub(crate) level: u8,
    /// Its place among the ready threads of its level: the smallest runs first.
    pub(crate) place: i64,
    pub(crate) suspended: u32,
    pub(crate) quantum: u64,
    /// What is left of its quantum; none is for ever.
    pub(crate) left: Option<u64>,
    /// It starts with a whole quantum when it next starts to run.
    pub(crate) fresh: bool,
    pub(crate) last_error: u32,
    pub(crate) tls: [u32; 64],
    /// What the call comes to that it was blocked in.
    pub(crate) answer: Option<Answer>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum State {
    Ready,
    Running,
    Blocked(Wait),
    Ended(u32),
}

/// What a blocked thread waits for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Wait {
    pub(crate) reason: Reason,
    pub(crate) targets: Vec<Target>,
    /// The most urgent priority that it has had during this wait: raising counts, lowering does not (ms885155).
    pub(crate) urgency: u8,
    /// What it lends: the priority that it blocked with, or what it was given since (OQ-52, OQ-26).
    pub(crate) lends: u8,
    /// When it came, or was last raised: behind those that had that urgency already.
    pub(crate) arrival: u64,
    /// When it gives up, and which of those that give up together it is.
    pub(crate) deadline: Option<(u64, u64)>,
    /// What a blocked writer wants to put in.
    pub(crate) message: Option<Message>,
}

#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Reason {
    Objects,
    Sleep,
    SelfSuspend,
    Section,
    /// With the size of its buffer.
    Read(u32),
    Write,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Message {
    pub(crate) bytes: Vec<u8>,
    pub(crate) is_alert: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Object {
    pub(crate) name: Option<Vec<u16>>,
    pub(crate) thing: Thing,
}

#[derive(Clone, Debug)]
pub(crate) enum Thing {
    Event { manual: bool, signaled: bool, data: u32 },
    Mutex(Owned),
    Semaphore { count: i64, maximum: i64 },
    Section { owned: Owned, contentions: u32 },
    Queue(Queue),
    Watchdog(Watchdog),
    Map { size: u32 },
}

/// What has an owner.
#[derive(Clone, Debug, Default)]
pub(crate) struct Owned {
    pub(crate) owner: Option<usize>,
    pub(crate) count: u32,
    /// When the owner took it.
    pub(crate) taken: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct Queue {
    pub(crate) flags: u32,
    /// 0 is no limit.
    pub(crate) maximum: u32,
    pub(crate) size: u32,
    pub(crate) alert: Option<Vec<u8>>,
    pub(crate) messages: Vec<Vec<u8>>,
    pub(crate) high_water: u32,
    /// Whether there ever was a handle to the read end, and to the write end.
    pub(crate) ever: [bool; 2],
    /// The state of the read end and of the write end, which EventModify may change (OQ-30).
    pub(crate) signaled: [bool; 2],
}

#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Phase {
    Stopped,
    Running,
    Missed,
}

#[derive(Clone, Debug)]
pub(crate) struct Watchdog {
    pub(crate) period: u32,
    pub(crate) wait: u32,
    pub(crate) action: u32,
    pub(crate) parameter: u32,
    pub(crate) phase: Phase,
    pub(crate) signaled: bool,
    pub(crate) deadline: Option<(u64, u64)>,
    pub(crate) watched: Option<usize>,
}

#[derive(Copy, Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) process: usize,
    pub(crate) value: u32,
    pub(crate) target: Target,
}

#[derive(Copy, Clone, Debug)]
pub(crate) struct View {
    pub(crate) process: usize,
    pub(crate) address: u32,
    pub(crate) map: usize,
}

/// What a call gives back.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Answer {
    pub(crate) value: u32,
    pub(crate) outs: Vec<Vec<u8>>,
    /// What the last error becomes, if the call changes it.
    pub(crate) error: Option<u32>,
}

/// The device, as the specification has it.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    /// Virtual time, in nanoseconds.
    pub(crate) now: u64,
    /// How long nobody ran.
    pub(crate) idle: u64,
    /// What a new thread's quantum is.
    pub(crate) quantum: u64,
    /// The next number to be given to an arrival, a deadline, a taking.
    pub(crate) next_number: u64,
    /// The next place before all others.
    pub(crate) next_front: i64,
    pub(crate) processes: Vec<Process>,
    pub(crate) threads: Vec<Thread>,
    pub(crate) objects: Vec<Object>,
    pub(crate) handles: Vec<Entry>,
    pub(crate) views: Vec<View>,
    pub(crate) running: Option<usize>,
    pub(crate) reset: Option<u32>,
    /// What is wrong with what it was told.
    pub(crate) complaints: Vec<String>,
}

impl Model {
    pub(crate) fn new(quantum: u64) -> Self {
        Model {
            now: 0,
            idle: 0,
            quantum,
            next_number: 0,
            next_front: 0,
            processes: Vec::new(),
            threads: Vec::new(),
            objects: Vec::new(),
            handles: Vec::new(),
            views: Vec::new(),
            running: None,
            reset: None,
            complaints: Vec::new(),
        }
    }

    pub(crate) fn number(&mut self) -> u64 {
        self.next_number += 1;
        self.next_number
    }

    pub(crate) fn wait_of(&self, thread: usize) -> Option<&Wait> {
        match &self.threads[thread].state {
            State::Blocked(wait) => Some(wait),
            State::Ready | State::Running | State::Ended(_) => None,
        }
    }

    pub(crate) fn has_ended(&self, thread: usize) -> bool {
        matches!(self.threads[thread].state, State::Ended(_))
    }

    /// Who waits for a target, with the wait.
    pub(crate) fn waiters(&self, target: Target) -> impl Iterator<Item = (usize, &Wait)> {
        (0..self.threads.len())
            .filter_map(|thread| Some((thread, self.wait_of(thread)?)))
            .filter(move |(_, wait)| wait.targets.contains(&target))
    }

    /// Who is served next of those that wait for a target: most urgent, then first come (SQ-13).
    pub(crate) fn best_waiter(&self, target: Target) -> Option<usize> {
        self.waiters(target).min_by_key(|(_, wait)| (wait.urgency, wait.arrival)).map(|(thread, _)| thread)
    }

    /// How many handles mean a target.
    pub(crate) fn handles_to(&self, target: Target) -> usize {
        self.handles.iter().filter(|entry| entry.target == target).count()
    }

    /// Whether the name of an object still means it: while there is a handle, or a view of it.
    pub(crate) fn is_named(&self, object: usize) -> bool {
        self.handles.iter().any(|entry| match entry.target {
            Target::Object(other) | Target::End(other, _) => other == object,
            Target::Process(_) | Target::Thread(_) => false,
        }) || self.views.iter().any(|view| view.map == object)
    }

    /// Everything that can be reached: what lives by itself, and what handles, views and waits mean.
    pub(crate) fn reachable(&self) -> Vec<Target> {
        let mut found: Vec<Target> = self.handles.iter().map(|entry| entry.target).collect();
        found.extend(self.views.iter().map(|view| Target::Object(view.map)));
        for (place, thread) in self.threads.iter().enumerate() {
            match &thread.state {
                State::Ended(_) => {}
                State::Ready | State::Running => found.push(Target::Thread(place)),
                State::Blocked(wait) => {
                    found.push(Target::Thread(place));
                    found.extend(&wait.targets);
                }
            }
        }
        for (place, process) in self.processes.iter().enumerate() {
            if process.exit_code.is_none() {
                found.push(Target::Process(place));
            }
        }
        // An end keeps its queue.
        for place in 0..found.len() {
            if let Target::End(queue, _) = found[place] {
                found.push(Target::Object(queue));
            }
        }
        found.sort();
        found.dedup();
        found
    }

    /// The thread that owns an object, if it is of a kind that has owners.
    pub(crate) fn owner_of(&self, target: Target) -> Option<usize> {
        let Target::Object(object) = target else { return None };
        match &self.objects[object].thing {
            Thing::Mutex(owned) | Thing::Section { owned, .. } => owned.owner,
            _ => None,
        }
    }

    /// The most urgent of what the waiters for a thread's objects lend it, and of what it kept.
    pub(crate) fn lent(&self, owner: usize) -> Option<u8> {
        let mut lent = self.threads[owner].kept;
        for thread in 0..self.threads.len() {
            let Some(wait) = self.wait_of(thread) else { continue };
            if wait.targets.iter().any(|target| self.owner_of(*target) == Some(owner)) {
                lent = Some(lent.map_or(wait.lends, |other| other.min(wait.lends)));
            }
        }
        lent
    }

    /// The priority that counts.
    pub(crate) fn effective(&self, thread: usize) -> u8 {
        let base = self.threads[thread].base;
        self.lent(thread).map_or(base, |lent| base.min(lent))
    }

    /// Whether a wait of this thread for a target would be satisfied now.
    pub(crate) fn is_signaled(&self, target: Target, thread: usize) -> bool {
        match target {
            Target::Process(process) => self.processes[process].exit_code.is_some(),
            Target::Thread(other) => self.has_ended(other),
            Target::End(queue, side) => self.queue(queue).signaled[side as usize],
            Target::Object(object) => match &self.objects[object].thing {
                Thing::Event { signaled, .. } => *signaled,
                Thing::Mutex(owned) | Thing::Section { owned, .. } => {
                    owned.owner.is_none_or(|owner| owner == thread)
                }
                Thing::Semaphore { count, .. } => *count > 0,
                Thing::Watchdog(watchdog) => watchdog.signaled,
                Thing::Queue(_) | Thing::Map { .. } => false,
            },
        }
    }

    pub(crate) fn queue(&self, object: usize) -> &Queue {
        match &self.objects[object].thing {
            Thing::Queue(queue) => queue,
            other => panic!("it is no queue: {other:?}"),
        }
    }

    pub(crate) fn queue_mut(&mut self, object: usize) -> &mut Queue {
        match &mut self.objects[object].thing {
            Thing::Queue(queue) => queue,
            other => panic!("it is no queue: {other:?}"),
        }
    }
}
