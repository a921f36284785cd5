//! Guests written in Rust: an async function for each thread, polled without a waker.
//!
//! A guest awaits CE functions by their names (`ce.WaitForSingleObject(h, 100).await`). A future has one call
//! outstanding at a time; it lies in a slot that the future and its program share. That slot, and what the
//! threads of a process share beside it, are the only shared cells in the house, and the reason for the
//! exception below: a future cannot be lent the program that owns it.
#![allow(clippy::disallowed_types, reason = "the slot between a future and its program")]

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use cerium_coredll::{Address, Bool, Call, CeApi, Known, Reply};
use cerium_files::FileSystem;
use cerium_handle::Handle;
use cerium_kernel::{CeResult, Win32Error};
use cerium_memory::Section;
use cerium_process::ThreadStart;
use slab::Slab;

use crate::device::{Device, Used};
use crate::program::{Images, Prepared, Program, Ran, Stop, Turn};

type Body = Pin<Box<dyn Future<Output = u32>>>;
type ThreadFunction = Rc<dyn Fn(Ce, u32) -> Body>;

/// A native guest's way into the kernel.
#[derive(Clone)]
pub struct Ce {
    slot: Rc<Slot>,
    shared: Rc<Shared>,
}

/// What lies between one thread's future and its program.
#[derive(Default)]
struct Slot {
    /// The device, while the future is polled.
    device: Cell<Option<Box<Device>>>,
    /// It has made a call with which it could not run on.
    has_called: Cell<bool>,
    compute: Cell<u64>,
}

/// What the threads of one process share.
#[derive(Default)]
struct Shared {
    /// Thread functions; the address of one is its place plus 1.
    functions: RefCell<Vec<ThreadFunction>>,
    /// What the process sees of sections, by address.
    views: RefCell<BTreeMap<u32, View>>,
    command_line: String,
}

impl Slot {
    /// Lends the device, which is here while the future is polled.
    #[inline(always)]
    fn take(&self) -> Box<Device> {
        match self.device.take() {
            Some(device) => device,
            None => not_here(),
        }
    }

    /// Takes it back.
    #[inline(always)]
    fn put_back(&self, device: Box<Device>) {
        // In the meantime nothing was there that could be dropped.
        std::mem::forget(self.device.replace(Some(device)));
    }

    /// The future is to be left, with a call.
    #[inline(always)]
    fn leaves<T>(&self) -> Poll<T> {
        self.has_called.set(true);
        Poll::Pending
    }

    /// Uses what it wants of the CPU, as far as the slice goes.
    #[cold]
    fn go_on_computing(&self, slice: u64) -> Ran {
        let left = self.compute.get();
        assert!(left > 0, "a native guest awaits CE functions and compute, and nothing else");
        let took = left.min(slice);
        self.compute.set(left - took);
        Ran { stop: Stop::SliceEnd, used: Used { time: took, ..Used::default() } }
    }
}

/// A section that a process sees.
struct View {
    section: Section,
    writable: bool,
}

/// A guest calls through what is another thread's.
#[cold]
#[inline(never)]
fn not_here() -> ! {
    panic!("a thread calls in its turn, and through its own Ce")
}

impl CeApi for Ce {
    #[inline(always)]
    fn call<K: Known, T>(&self, arguments: K::Arguments, read: impl FnOnce(&Reply) -> T) -> Poll<T> {
        let mut device = self.slot.take();
        let result = match device.call_row::<K>(Used::default(), arguments) {
            Some(reply) => Poll::Ready(read(reply)),
            None => self.slot.leaves(),
        };
        self.slot.put_back(device);
        result
    }

    fn call_any<T>(&self, call: &mut Call, read: impl FnOnce(&Reply) -> T) -> Poll<T> {
        let mut device = self.slot.take();
        let result = match device.call(Used::default(), call) {
            Some(reply) => Poll::Ready(read(reply)),
            None => self.slot.leaves(),
        };
        self.slot.put_back(device);
        result
    }

    #[inline]
    fn poll_reply<T>(&self, read: impl FnOnce(&Reply) -> T) -> Poll<T> {
        let mut device = self.slot.take();
        let result = match device.take_reply() {
            Some(reply) => Poll::Ready(read(reply)),
            None => Poll::Pending,
        };
        self.slot.put_back(device);
        result
    }
}

#[allow(non_snake_case, reason = "CE's names")]
impl Ce {
    /// Uses the CPU for so many nanoseconds; the thread can be preempted in it.
    pub async fn compute(&self, ns: u64) {
        self.slot.compute.set(ns);
        poll_fn(|_| if self.slot.compute.get() == 0 { Poll::Ready(()) } else { Poll::Pending }).await;
    }

    /// Makes a thread function of a closure, and returns its address for CreateThread.
    pub fn function<F: Future<Output = u32> + 'static>(
        &self,
        function: impl Fn(Ce, u32) -> F + 'static,
    ) -> Address {
        let mut functions = self.shared.functions.borrow_mut();
        functions.push(Rc::new(move |ce, parameter| Box::pin(function(ce, parameter))));
        Address(functions.len() as u32)
    }

    /// The command line that the process was given.
    pub fn command_line(&self) -> &str {
        &self.shared.command_line
    }

    /// Puts out text, as an executable's printf would.
    pub fn print(&self, text: &str) {
        let mut device = self.slot.take();
        device.put_out(text);
        self.slot.put_back(device);
    }

    /// Reads a word of a view; none where the process sees nothing.
    pub fn read_u32(&self, address: u32) -> Option<u32> {
        let mut bytes = [0; 4];
        let views = self.shared.views.borrow();
        let (base, view) = views.range(..=address).next_back()?;
        view.section.read(address - base, &mut bytes).ok()?;
        Some(u32::from_le_bytes(bytes))
    }

    /// Writes a word of a view; none where the process sees nothing, or may only read.
    pub fn write_u32(&self, address: u32, value: u32) -> Option<()> {
        let views = self.shared.views.borrow();
        let (base, view) = views.range(..=address).next_back().filter(|(_, view)| view.writable)?;
        view.section.write(address - base, &value.to_le_bytes()).ok()
    }

    /// SetEvent: EventModify with EVENT_SET, as in the headers.
    #[inline]
    pub fn SetEvent(&self, hEvent: Handle) -> impl Future<Output = Bool> {
        self.EventModify(hEvent, 3_u32)
    }

    /// ResetEvent: EventModify with EVENT_RESET.
    #[inline]
    pub fn ResetEvent(&self, hEvent: Handle) -> impl Future<Output = Bool> {
        self.EventModify(hEvent, 2_u32)
    }

    /// PulseEvent: EventModify with EVENT_PULSE.
    #[inline]
    pub fn PulseEvent(&self, hEvent: Handle) -> impl Future<Output = Bool> {
        self.EventModify(hEvent, 1_u32)
    }
}

struct NativeGuest {
    slot: Rc<Slot>,
    body: Body,
}

/// A process of native guests.
pub struct Native {
    shared: Rc<Shared>,
    guests: Slab<NativeGuest>,
}

impl Native {
    /// A program whose primary thread runs this function.
    pub fn new<F: Future<Output = u32> + 'static>(
        command_line: &str,
        main: impl Fn(Ce, u32) -> F + 'static,
    ) -> Self {
        Self::from_function(command_line, Rc::new(move |ce, parameter| Box::pin(main(ce, parameter))))
    }

    fn from_function(command_line: &str, main: ThreadFunction) -> Self {
        let shared = Shared { command_line: command_line.to_owned(), ..Default::default() };
        shared.functions.borrow_mut().push(main);
        Self { shared: Rc::new(shared), guests: Slab::new() }
    }

    /// The program, ready to be a process of that name.
    pub fn prepared(self, name: &str) -> Prepared {
        Prepared { program: Box::new(self), path: name.encode_utf16().collect(), module: NATIVE_MODULE }
    }
}

/// What GetModuleHandle(NULL) returns to native guests: where images are usually loaded.
const NATIVE_MODULE: u32 = 0x1_0000;

impl Program for Native {
    fn create_guest(&mut self, start: ThreadStart) -> CeResult<u32> {
        // The primary thread has no address; it runs the first function.
        let place = (start.address as usize).max(1) - 1;
        let function = self.shared.functions.borrow().get(place).cloned();
        let function = function.ok_or(Win32Error::INVALID_PARAMETER)?;
        let slot = Rc::new(Slot::default());
        let ce = Ce { slot: slot.clone(), shared: self.shared.clone() };
        let body = function(ce, start.parameter);
        Ok(self.guests.insert(NativeGuest { slot, body }) as u32)
    }

    #[inline]
    fn resume(&mut self, guest: u32, turn: Turn<'_>) -> Ran {
        let NativeGuest { slot, body } = &mut self.guests[guest as usize];
        if slot.compute.get() > 0 {
            return slot.go_on_computing(turn.device.slice());
        }
        slot.device.set(turn.device.lend());
        let polled = body.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        turn.device.give_back(slot.device.take());
        match polled {
            Poll::Ready(code) => Ran::stopped(Stop::Exit(code)),
            Poll::Pending if slot.has_called.replace(false) => Ran::stopped(Stop::Called),
            Poll::Pending => slot.go_on_computing(turn.device.slice()),
        }
    }

    fn end_guest(&mut self, guest: u32) {
        self.guests.remove(guest as usize);
    }

    fn map_section(&mut self, address: u32, section: &Section, writable: bool) -> CeResult<()> {
        self.shared.views.borrow_mut().insert(address, View { section: section.clone(), writable });
        Ok(())
    }

    fn unmap_section(&mut self, address: u32, _: &Section) {
        self.shared.views.borrow_mut().remove(&address);
    }
}

/// Native programs that CreateProcess finds by name.
#[derive(Clone, Default)]
pub struct NativeImages {
    images: BTreeMap<String, ThreadFunction>,
}

impl NativeImages {
    /// Adds an image.
    pub fn add<F: Future<Output = u32> + 'static>(
        &mut self,
        name: &str,
        main: impl Fn(Ce, u32) -> F + 'static,
    ) {
        self.images.insert(name.to_owned(), Rc::new(move |ce, parameter| Box::pin(main(ce, parameter))));
    }
}

impl Images for NativeImages {
    fn load(&mut self, _: &mut FileSystem, image: &[u16], command_line: &[u16]) -> CeResult<Prepared> {
        let name = String::from_utf16_lossy(image);
        let main = self.images.get(&name).cloned().ok_or(Win32Error::FILE_NOT_FOUND)?;
        let command_line = String::from_utf16_lossy(command_line);
        Ok(Native::from_function(&command_line, main).prepared(&name))
    }
}
