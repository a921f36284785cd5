#!/usr/bin/env bash
# Breaks rules of the kernel on purpose, one at a time, in a copy of the tree, and runs the native conformance
# cases there: each break must make a case fail. By hand, an hour on a busy machine:
#
#     tests/breaks.sh [REGEX]     all breaks, or those whose names match
#     tests/breaks.sh -n          none; only says which no longer fit the sources
#
# Writes a line for each break: its name, how many cases it made fail, and the first of them. Exits with 1 if a
# break went unnoticed, or no longer fits the sources.
set -u -o pipefail

root=$(git -C "$(dirname "$0")" rev-parse --show-toplevel)
# In one place, so that a second run finds what the first has built.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$root/target}
copy=$CARGO_TARGET_DIR/breaks
rm -rf "$copy"
mkdir -p "$copy"
trap 'rm -rf "$copy"' EXIT
# Where every case that a break made fail is noted, if anywhere.
ids_file=${BREAKS_IDS:-/dev/null}
git -C "$root" archive HEAD | tar -x -C "$copy"
cd "$copy" || exit 1
# What is left of a run before was built of other sources, whatever their dates.
find . -name '*.rs' -exec touch {} +
export CARGO_PROFILE_DEV_OPT_LEVEL=0 CARGO_PROFILE_TEST_OPT_LEVEL=0
export CARGO_PROFILE_DEV_DEBUG=0 CARGO_PROFILE_TEST_DEBUG=0

fits_only=
if [[ ${1:-} == -n ]]; then
    fits_only=yes
    shift
fi
wanted=${1:-}
unnoticed=0
count=0

# FILE FROM TO: puts TO where FROM first stands in FILE. Fails if it stands nowhere.
put() {
    FROM=$2 TO=$3 perl -0777 -i -pe '$n = s/\Q$ENV{FROM}\E/$ENV{TO}/; END { exit !$n }' "$1"
}

# NAME IDS: says what a break made fail.
tell() {
    if [[ -n $2 ]]; then
        sed "s|$|	$1|" <<<"$2" >> "$ids_file"
        printf '%-60s %4d  %s\n' "$1" "$(wc -l <<<"$2")" "$(head -n 4 <<<"$2" | tr '\n' ' ')"
    else
        printf '%-60s UNNOTICED\n' "$1"
        unnoticed=$((unnoticed + 1))
    fi
}

# Runs the cases, and leaves in `failing` the ids of those that fail.
run_cases() {
    local output
    output=$(timeout 900 cargo test -q -p cerium-tests --test conformance native_cases 2>&1)
    failing=$(grep -oE '^(sync|ipc)/[A-Z]+-[0-9]+:' <<<"$output" | tr -d :)
    [[ -n $failing ]] || tail -n 20 <<<"$output" >&2
}

# NAME FILE FROM TO [FAMILY]: puts TO where FROM first stands in FILE, and expects a case to fail. With a FAMILY
# the break can show in its cases alone, and is tried together with breaks of other families, at the end.
declare -A of_family=()
names=() files=() froms=() tos=() families=() rounds=()
break_rule() {
    local name=$1 file=$2 from=$3 to=$4 family=${5:-}
    [[ $name =~ $wanted ]] || return 0
    count=$((count + 1))
    if [[ -n $family ]]; then
        names+=("$name") files+=("$file") froms+=("$from") tos+=("$to") families+=("$family")
        rounds+=("${of_family[$family]:-0}")
        of_family[$family]=$((${of_family[$family]:-0} + 1))
        return 0
    fi
    cp "$file" "$copy/original"
    if ! put "$file" "$from" "$to"; then
        printf '%-60s DOES NOT FIT %s\n' "$name" "$file"
        unnoticed=$((unnoticed + 1))
    elif [[ -z $fits_only ]]; then
        run_cases
        tell "$name" "$failing"
    fi
    mv "$copy/original" "$file"
    touch "$file"
}

# Tries the breaks that have a family, those of a round together.
run_rounds() {
    local round=0 left=${#names[@]} place tried
    while ((left > 0)); do
        tried=()
        for place in "${!names[@]}"; do
            [[ ${rounds[place]} == "$round" ]] || continue
            left=$((left - 1))
            cp "${files[place]}" "$copy/original.$place"
            if put "${files[place]}" "${froms[place]}" "${tos[place]}"; then
                tried+=("$place")
            else
                printf '%-60s DOES NOT FIT %s\n' "${names[place]}" "${files[place]}"
                unnoticed=$((unnoticed + 1))
                mv "$copy/original.$place" "${files[place]}"
            fi
        done
        [[ -n $fits_only ]] || run_cases
        for place in "${tried[@]}"; do
            [[ -n $fits_only ]] || tell "${names[place]}" "$(grep "^${families[place]}-" <<<"$failing")"
            mv "$copy/original.$place" "${files[place]}"
            touch "${files[place]}"
        done
        round=$((round + 1))
    done
}

# Who is woken, and how.
break_rule "the least urgent waiter is woken first" sync/src/wait.rs \
    'self.waiters.iter().min_by_key(|waiter| waiter.rank)' 'self.waiters.iter().max_by_key(|waiter| waiter.rank)'
break_rule "among equals the last waiter is woken first" sync/src/wait.rs \
    'self.waiters.iter().min_by_key(|waiter| waiter.rank)' 'self.waiters.iter().rev().min_by_key(|waiter| waiter.rank)'
break_rule "one waiter is woken, whatever the object" kernel/src/wait.rs \
    'if is_last {' 'if true {'
break_rule "a woken waiter does not take the object" kernel/src/wait.rs \
    'let taken = object.body.take(waiter.thread);' \
    'let taken = object.body.take(waiter.thread); if let crate::KernelObject::Event(event) = &mut object.body { event.signaled = true; }'
break_rule "raising a blocked thread does not move it up" sync/src/wait.rs \
    'rank < waiter.rank' 'false && rank < waiter.rank'
break_rule "lowering a blocked thread acts at once" sync/src/wait.rs \
    'rank < waiter.rank' 'rank != waiter.rank'

# Events.
break_rule "SetEvent wakes nobody" kernel/src/events.rs \
    'event.signaled = true;
        if !object.waiters.is_empty() {' 'event.signaled = true;
        if false && !object.waiters.is_empty() {'
break_rule "PulseEvent leaves the event set" kernel/src/events.rs \
    'self.set_event(id);
        self.reset_event(id);' 'self.set_event(id);'
break_rule "PulseEvent wakes nobody" kernel/src/events.rs \
    'self.set_event(id);
        self.reset_event(id);' 'self.reset_event(id);'
break_rule "an auto-reset event stays set" sync/src/event.rs \
    'self.signaled = self.manual_reset;' 'self.signaled = true;'
break_rule "a manual-reset event is reset by a wait" sync/src/event.rs \
    'self.signaled = self.manual_reset;' 'self.signaled = false;'
break_rule "a wait clears the event's data" sync/src/event.rs \
    'self.signaled = self.manual_reset;' 'self.signaled = self.manual_reset; self.data = 0;'
break_rule "OpenEvent takes bInheritHandle" coredll/src/bodies/event.rs \
    'access != EVENT_ALL_ACCESS || inherit.0' 'access != EVENT_ALL_ACCESS'
break_rule "EventModify takes 0" coredll/src/bodies/event.rs \
    '!(EVENT_PULSE..=EVENT_SET)' '!(0..=EVENT_SET)'

# Mutexes.
break_rule "anybody may release a mutex" sync/src/mutex.rs \
    'if self.owner != Some(thread)' 'if self.owner.is_none()'
break_rule "a mutex is not recursive" sync/src/mutex.rs \
    'self.owner.is_none_or(|owner| owner == thread)' 'self.owner.is_none()'
break_rule "one release frees a mutex" sync/src/mutex.rs \
    'self.count -= 1;' 'self.count = 0;'
break_rule "an abandoned mutex stays locked" kernel/src/threads.rs \
    'self.get_mut::<Mutex>(id).abandon();
                    self.wake(id);' 'let _ = self.get::<Mutex>(id);'
break_rule "abandonment is reported by default" kernel/src/wait.rs \
    'abandoned && self.rules.report_abandoned' 'abandoned'
break_rule "bInitialOwner takes an existing mutex" coredll/src/bodies/mutex.rs \
    'if let Ok(Created::New(handle)) = created' 'if let Ok(Created::New(handle) | Created::Existing(handle)) = created'
break_rule "a release by another thread is a bad handle" kernel/src/error.rs \
    'Self::NOT_OWNER' 'Self::INVALID_HANDLE'
break_rule "no priority inheritance" kernel/src/inherit.rs \
    'let Some(owner) = self.owner_of(id) else { return };' 'let Some(owner) = self.owner_of(id).filter(|_| false) else { return };'
break_rule "inheritance goes several levels deep" kernel/src/inherit.rs \
    'self.objects[object].waiters.raise(id, after.0);' 'self.objects[object].waiters.raise(id, after.0); self.objects[object].waiters.lend(id, after.0); self.lend_to_owner(object);'
break_rule "a loan outlives the release" kernel/src/mutexes.rs \
    'self.reckon_loan(thread);' ''
break_rule "GetThreadPriority tells the borrowed priority" coredll/src/bodies/priority.rs \
    'let level = cx.kernel.thread(ThreadId(id)).base_priority.0;' 'let level = cx.kernel.thread(ThreadId(id)).priority().0;'

# Semaphores.
break_rule "a semaphore has no maximum" sync/src/semaphore.rs \
    'if units > self.maximum - self.count' 'if units > i32::MAX - self.count'
break_rule "a semaphore's maximum is its initial count" sync/src/semaphore.rs \
    'Ok(Self { count: initial, maximum })' 'Ok(Self { count: initial, maximum: initial.max(1) })'
break_rule "lpPreviousCount is the count afterwards" kernel/src/semaphores.rs \
    'Ok(previous)' 'Ok(previous + units)'
break_rule "an initial count above the maximum is taken" sync/src/semaphore.rs \
    '!(0..=maximum).contains(&initial)' 'initial < 0'

# Names.
break_rule "names have no case" namespace/src/lib.rs \
    'Ok(Name(units))' 'Ok(Name(units.iter().map(|unit| if *unit < 128 { u16::from((*unit as u8).to_ascii_lowercase()) } else { *unit }).collect()))'
break_rule "one name space for events and mutexes" kernel/src/naming.rs \
    'Kind::Mutex => Some(1)' 'Kind::Mutex => Some(0)'
break_rule "the empty name is no name" coredll/src/param.rs \
    'Text::Null => Ok(None),' 'Text::Null => Ok(None), Text::Units(units) if units.is_empty() => Ok(None),'
break_rule "a long name is cut" namespace/src/lib.rs \
    'return Err(NameError::TooLong);' 'return Ok(Name(units[..limit].into()));'
break_rule "a name may have 260 units" namespace/src/lib.rs \
    'MAXIMUM_NAME: usize = 259' 'MAXIMUM_NAME: usize = 260'
break_rule "a name outlives the last handle" kernel/src/handles.rs \
    'if object.handles == 0
            && let Some(name)' 'if object.handles == u32::MAX
            && let Some(name)'
break_rule "a new object leaves the last error alone" coredll/src/bodies/mod.rs \
    'self.kernel.set_last_error(self.thread, error);' 'if error != Win32Error::SUCCESS { self.kernel.set_last_error(self.thread, error); }'
break_rule "an existing object is not told of" coredll/src/bodies/mod.rs \
    'Created::Existing(_) => Win32Error::ALREADY_EXISTS' 'Created::Existing(_) => Win32Error::SUCCESS'

# Waits.
break_rule "fWaitAll is ignored" coredll/src/bodies/wait.rs \
    'if wait_all.0 || handles.is_empty()' 'if handles.is_empty()'
break_rule "the highest signaled index is returned" kernel/src/wait.rs \
    'for (index, id) in objects.iter().enumerate() {
            let body' 'for (index, id) in objects.iter().enumerate().rev() {
            let body'
break_rule "63 objects at most" coredll/src/param.rs \
    'MAXIMUM_WAIT_OBJECTS: u32 = 64' 'MAXIMUM_WAIT_OBJECTS: u32 = 63'
break_rule "a bad handle among good ones is passed over" kernel/src/handles.rs \
    'Err(_) => self.lookup_pseudo(thread, *handle)?,' 'Err(_) => match self.lookup_pseudo(thread, *handle) { Ok(id) => id, Err(_) => continue },'
break_rule "a time-out is an error" coredll/src/ret.rs \
    'Completed::well(Reply::of(WaitStatus::of(completion).0))' \
    'Completed { error: (completion == Completion::TimedOut).then_some(Win32Error::TIMEOUT), reply: Reply::of(WaitStatus::of(completion).0) }'
break_rule "time-outs end a tick early" process/src/clock.rs \
    'u64::from(n) + 1) * TICK' 'u64::from(n)) * TICK'
break_rule "long time-outs are not cut" process/src/clock.rs \
    'n.min(Self::LONGEST)' 'n'
break_rule "an interrupt's event may be among several" coredll/src/bodies/wait.rs \
    'if cx.kernel.is_interrupt_event(*id)' 'if false'
break_rule "input comes before objects" kernel/src/messages.rs \
    'objects.push(queue);' 'objects.insert(0, queue);'
break_rule "old messages count as new" sync/src/posted.rs \
    'self.has_new = false;' ''

# Scheduling.
break_rule "a more urgent thread waits its turn" kernel/src/schedule.rs \
    'Some(level) => level < priority || (level == priority && quantum_ended)' 'Some(level) => level == priority && quantum_ended'
break_rule "Sleep(0) lets nobody run" kernel/src/schedule.rs \
    'if self.ready.at(running.priority).is_empty() {' 'if running.priority.0 < 255 {'
break_rule "Sleep(0) lets anybody run" kernel/src/schedule.rs \
    'if self.ready.at(running.priority).is_empty() {
            return;
        }' 'if self.ready.most_urgent().is_none() {
            return;
        }
        let running = Running { priority: Priority(255), ..running };'
break_rule "a sleeper for ever cannot be resumed" kernel/src/threads.rs \
    'if wait.reason == WaitReason::SelfSuspend' 'if false && wait.reason == WaitReason::SelfSuspend'
break_rule "a process outlives its primary thread" kernel/src/threads.rs \
    'if body.primary == Some(thread) || body.threads.len() == 1' 'if body.threads.len() == 1'
break_rule "a process that ends keeps its handles" kernel/src/processes.rs \
    'self.close_all_handles(process);' ''

# Handles.
break_rule "handles are good in every process" kernel/src/handles.rs \
    'match self.handles_of(process).get(handle) {
            Ok(id) => Ok(id),' 'match self.processes().find_map(|process| self.handles_of(process).get(handle).ok()).ok_or(()) {
            Ok(id) => Ok(id),'
break_rule "DUPLICATE_SAME_ACCESS may be left out" coredll/src/bodies/object.rs \
    'options & DUPLICATE_SAME_ACCESS == 0 || inherit.0' 'inherit.0'
break_rule "a failing DuplicateHandle keeps the source" coredll/src/bodies/object.rs \
    'if options & DUPLICATE_CLOSE_SOURCE != 0' 'if duplicated.is_ok() && options & DUPLICATE_CLOSE_SOURCE != 0'
break_rule "a closed handle can be closed again" coredll/src/bodies/object.rs \
    'cx.kernel.close_handle(cx.thread, handle).map(|()| Bool(true)).into()' \
    '{ let _ = cx.kernel.close_handle(cx.thread, handle); Outcome::Return(Bool(true)) }'

# Critical sections.
break_rule "anybody may leave a critical section" sync/src/section.rs \
    'if self.owner != Some(thread)' 'if self.owner.is_none()'
break_rule "contentions are not counted" sync/src/section.rs \
    'self.contentions = self.contentions.wrapping_add(1);' ''
break_rule "a critical section is freed with its owner's end" kernel/src/threads.rs \
    'Owned::CriticalSection(id) => {' 'Owned::CriticalSection(id) => { while self.get_mut::<cerium_sync::CriticalSection>(id).leave(thread).is_ok() {} self.wake(id);'
break_rule "needtrap and LockCount change places" kernel/src/sections.rs \
    'lock_count: section.count(),' 'lock_count: section.contentions(),'

# Processes and threads.
break_rule "CREATE_SUSPENDED is ignored for processes" coredll/src/bodies/process.rs \
    'let suspended = flags.contains(CreationFlags::CREATE_SUSPENDED);' 'let suspended = false;' ipc/PR
break_rule "a child inherits its creator's priority" coredll/src/bodies/process.rs \
    'if flags.contains(CreationFlags::INHERIT_CALLER_PRIORITY)' 'if true' ipc/PR
break_rule "a process that runs has exit code 0" coredll/src/bodies/process.rs \
    'exit_code.unwrap_or(STILL_ACTIVE)' 'exit_code.unwrap_or(0)' ipc/PR
break_rule "ids of processes are never found" kernel/src/processes.rs \
    'self.processes().find(|process| self.process(*process).id == id)' \
    'self.processes().find(|process| self.process(*process).id == id.wrapping_add(1))'
break_rule "a new thread has its creator's priority" coredll/src/bodies/thread.rs \
    'let thread = cx.kernel.create_thread(process, guest, start, suspended);' \
    'let thread = cx.kernel.create_thread(process, guest, start, suspended); let own = cx.kernel.thread(cx.thread).base_priority; cx.kernel.set_priority(thread.0, own);'
break_rule "a suspend count has no limit" kernel/src/threads.rs \
    'if previous >= MAXIMUM_SUSPEND_COUNT' 'if previous >= 2 * MAXIMUM_SUSPEND_COUNT'
break_rule "one resume undoes every suspend" kernel/src/threads.rs \
    'body.suspend_count -= 1;' 'body.suspend_count = 0;'
break_rule "a freed TLS index keeps its values" kernel/src/processes.rs \
    'self.set_tls_value(thread, index, 0);' 'let _ = thread;' ipc/TL

# Scheduling.
break_rule "a quantum never ends" kernel/src/schedule.rs \
    'if quantum == 0 { Instant::NEVER }' 'if quantum == 0 || left > 0 { Instant::NEVER }'
break_rule "a quantum of 0 is 100 ms" coredll/src/bodies/priority.rs \
    'u64::from(milliseconds) * cost::TICK' 'u64::from(if milliseconds == 0 { 100 } else { milliseconds }) * cost::TICK'
break_rule "a preempted thread goes behind its equals" kernel/src/schedule.rs \
    'self.ready.push_front(priority, thread);' 'self.ready.push_back(priority, thread);'
break_rule "a wait does not renew the quantum" kernel/src/wait.rs \
    'body.quantum_left = body.quantum;' ''

# Message queues.
break_rule "the last message is read first" sync/src/queue.rs \
    'self.messages.pop_front()?' 'self.messages.pop_back()?' ipc/MQ
break_rule "an alert waits its turn" sync/src/queue.rs \
    'match self.alert.take() {' 'match self.alert.take_if(|_| self.messages.is_empty()) {' ipc/MQ
break_rule "an alert counts as a message" sync/src/queue.rs \
    'self.messages.len() as u32' '(self.messages.len() + usize::from(self.alert.is_some())) as u32' ipc/MQ
break_rule "nobody learns that a queue is broken" sync/src/queue.rs \
    '!self.options.allow_broken && self.ends' 'false && self.ends' ipc/MQ
break_rule "what departed writers left is lost" kernel/src/queues.rs \
    'if body.is_empty() {' 'if body.is_empty() || (!body.options().allow_broken && self.attached(queue, End::Write) == 0) {' ipc/MQ
break_rule "a message without readers is kept" kernel/src/queues.rs \
    'if !options.allow_broken && self.attached(queue, End::Read) == 0' 'if false' ipc/MQ
break_rule "a message may be a byte longer" kernel/src/queues.rs \
    '> u64::from(options.maximum_size)' '> u64::from(options.maximum_size) + 1' ipc/MQ
break_rule "the high-water mark falls" sync/src/queue.rs \
    'self.high_water = self.high_water.max(self.len());' 'self.high_water = self.len();' ipc/MQ

# Memory maps.
break_rule "a view for reading can be written" coredll/src/bodies/map.rs \
    'let writable = access & FILE_MAP_WRITE != 0;' 'let writable = true;' ipc/MM
break_rule "a view that is too long is cut" coredll/src/bodies/map.rs \
    'if bytes > rest {
        return Outcome::Fail(Win32Error::INVALID_PARAMETER);
    }' 'let bytes = bytes.min(rest);' ipc/MM
break_rule "a view is unmapped from anywhere in it" kernel/src/maps.rs \
    'views.iter().find(|view| view.address == address)' \
    'views.iter().find(|view| (view.address..view.address + view.size).contains(&address))' ipc/MM
break_rule "a map of a name is always new" coredll/src/bodies/map.rs \
    'let name = check!(name.name(cx.kernel.rules()));' 'let _ = check!(name.name(cx.kernel.rules())); let name = None;' ipc/MM

# Watchdog timers.
break_rule "a watchdog never fires" kernel/src/watchdogs.rs \
    'deadline.map(|at| self.set_deadline(at, id))' 'deadline.filter(|_| false).map(|at| self.set_deadline(at, id))' ipc/WD
break_rule "a watchdog never acts" kernel/src/watchdogs.rs \
    'WatchdogAction::Nothing => {}' '_ if true => {} WatchdogAction::Nothing => {}' ipc/WD
break_rule "a watchdog acts at once" kernel/src/watchdogs.rs \
    'self.arm(id, wait);' 'self.arm(id, wait.min(1));' ipc/WD
break_rule "a refresh does not put the deadline off" kernel/src/watchdogs.rs \
    'if self.get::<WatchdogTimer>(id).watchdog.state != WatchdogState::Stopped {
            self.begin_period(id);' 'if self.get::<WatchdogTimer>(id).watchdog.state == WatchdogState::Missed {
            self.begin_period(id);' ipc/WD
break_rule "a second start begins the period anew" kernel/src/watchdogs.rs \
    'watchdog.state == WatchdogState::Running {
            return;' 'watchdog.state == WatchdogState::Running && id.to_string().is_empty() {
            return;' ipc/WD

run_rounds
echo "$count breaks, $unnoticed unnoticed"
((unnoticed == 0))
