//! The canonical text of a trace: a line an event, as `docs/trace.md` says.

use std::fmt::{self, Write as _};
use std::io;

use cerium_coredll::{Call, Reply};
use cerium_handle::ThreadId;
use cerium_kernel::{Event, Record};
use cerium_process::WaitReason;
use cerium_sync::Completion;

/// Takes the events of a run, in order.
pub trait TraceSink {
    /// Takes some events with the calls and replies that they number.
    fn take(&mut self, events: &mut dyn Iterator<Item = Record>, calls: &[Call], replies: &[Reply]);

    /// The run is over.
    fn finish(&mut self) -> io::Result<()>;
}

/// Writes the canonical text.
pub struct TextTrace<W> {
    to: W,
    line: String,
    failure: Option<io::Error>,
}

/// The first line: what follows is version 1 of the text.
const HEAD: &str = "cerium trace 1\n";

impl<W: io::Write> TextTrace<W> {
    /// Begins a trace.
    pub fn new(mut to: W) -> Self {
        let failure = to.write_all(HEAD.as_bytes()).err();
        Self { to, line: String::new(), failure }
    }
}

impl<W: io::Write> TraceSink for TextTrace<W> {
    fn take(&mut self, events: &mut dyn Iterator<Item = Record>, calls: &[Call], replies: &[Reply]) {
        for record in events {
            self.line.clear();
            let shown = Line { record: &record, calls, replies };
            writeln!(self.line, "{shown}").expect("writing to a string succeeds");
            if self.failure.is_none() {
                self.failure = self.to.write_all(self.line.as_bytes()).err();
            }
        }
    }

    fn finish(&mut self) -> io::Result<()> {
        match self.failure.take() {
            Some(failure) => Err(failure),
            None => self.to.flush(),
        }
    }
}

/// Hands the events on to several others.
pub struct TeeTrace {
    sinks: Vec<Box<dyn TraceSink>>,
}

impl TeeTrace {
    /// Hands on to these.
    pub fn new(sinks: Vec<Box<dyn TraceSink>>) -> Self {
        Self { sinks }
    }
}

impl TraceSink for TeeTrace {
    fn take(&mut self, events: &mut dyn Iterator<Item = Record>, calls: &[Call], replies: &[Reply]) {
        let events: Vec<Record> = events.collect();
        for sink in &mut self.sinks {
            sink.take(&mut events.iter().cloned(), calls, replies);
        }
    }

    fn finish(&mut self) -> io::Result<()> {
        self.sinks.iter_mut().try_for_each(|sink| sink.finish())
    }
}

/// One event, to be shown.
struct Line<'a> {
    record: &'a Record,
    calls: &'a [Call],
    replies: &'a [Reply],
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.record.at)?;
        match &self.record.event {
            Event::Call { thread, index } => {
                write!(f, "{} call {}", thread.0, self.calls[*index as usize])
            }
            Event::Reply { thread, index } => show_reply(f, *thread, &self.replies[*index as usize]),
            Event::Switch(None) => f.write_str("idle"),
            Event::Switch(Some(thread)) => write!(f, "{} run", thread.0),
            Event::Block { thread, reason, objects, deadline } => {
                write!(f, "{} block {}", thread.0, reason_word(*reason))?;
                for object in objects {
                    write!(f, " {object}")?;
                }
                match deadline {
                    Some(deadline) => write!(f, " until {deadline}"),
                    None => Ok(()),
                }
            }
            Event::Wake { thread, completion } => match completion {
                Completion::Object { index, abandoned } => {
                    write!(
                        f,
                        "{} wake object {index}{}",
                        thread.0,
                        if *abandoned { " abandoned" } else { "" }
                    )
                }
                Completion::TimedOut => write!(f, "{} wake timeout", thread.0),
                Completion::Resumed => write!(f, "{} wake resumed", thread.0),
                Completion::Received { message, buffer: _ } => {
                    write!(f, "{} wake received {}", thread.0, message.bytes.len())
                }
                Completion::Posted(message) => write!(f, "{} wake posted {:#x}", thread.0, message.message),
                Completion::Sent => write!(f, "{} wake sent", thread.0),
                Completion::Broken => write!(f, "{} wake broken", thread.0),
                Completion::Locked => write!(f, "{} wake locked", thread.0),
            },
            Event::Create { object, kind, name } => {
                write!(f, "{object} create {}", kind.word())?;
                name.as_ref().map_or(Ok(()), |name| write!(f, " {name}"))
            }
            Event::Destroy { object } => write!(f, "{object} destroy"),
            Event::End { object, exit_code } => write!(f, "{object} end {exit_code}"),
            Event::Invert { thread, priority } => write!(f, "{} priority {}", thread.0, priority.0),
            Event::Note { thread, text } => write!(f, "{} note {text:?}", thread.0),
            Event::Output { thread, text } => write!(f, "{} output {text:?}", thread.0),
        }
    }
}

fn show_reply(f: &mut fmt::Formatter<'_>, thread: ThreadId, reply: &Reply) -> fmt::Result {
    write!(f, "{} reply {:#x}", thread.0, reply.value)?;
    for out in &reply.outs {
        f.write_str(" ")?;
        for byte in out.as_bytes() {
            write!(f, "{byte:02x}")?;
        }
    }
    Ok(())
}

fn reason_word(reason: WaitReason) -> &'static str {
    match reason {
        WaitReason::Objects => "wait",
        WaitReason::Sleep => "sleep",
        WaitReason::SelfSuspend => "suspend",
        WaitReason::CriticalSection => "enter",
        WaitReason::ReadMessage { .. } => "read",
        WaitReason::WriteMessage => "write",
        WaitReason::GetMessage { .. } => "message",
        WaitReason::LockFile(_) => "lock",
    }
}
