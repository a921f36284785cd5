//! The device as a whole: what can be called on it, and what CE 6.0 has left of CE 5.0's privileges.

use cerium_handle::Handle;
use cerium_kernel::{VersionNumber, Win32Error};
use cerium_process::Timeout;

use super::check;
use super::wait::finish;
use crate::ret::OutType;
use crate::{
    Address, Bool, ByteBuffer, Bytes, Cx, Ignored, OsVersionInfo, Out, Outcome, WAIT_OBJECT_0, WaitStatus,
    WithSize,
};

/// How many sets of functions CE 6.0 has room for (ee482843).
const API_SETS: u32 = 128;
/// The kernel's own sets (SH_WIN32, SH_CURTHREAD, SH_CURPROC and what follows them), below those of servers.
const KERNEL_SETS: u32 = 16;
/// SH_FILESYS_APIS, the file system's and the registry's, of CE 6.0 and of CE 5.0.
const FILE_SETS: [u32; 2] = [84, 20];

/// Whether somebody serves a set: the kernel and the file system are there from the start. There is no window
/// manager, device manager, network or shell, and nobody can register another set.
fn is_served(set: u32) -> bool {
    set < KERNEL_SETS || FILE_SETS.contains(&set)
}

/// VER_PLATFORM_WIN32_CE.
const WIN32_CE: u32 = 3;

pub(crate) fn version(
    cx: &mut Cx<'_>,
    information: WithSize<OsVersionInfo>,
) -> Outcome<(Bool, OsVersionInfo)> {
    check!(information.check());
    let VersionNumber { major, minor, build } = cx.kernel.profile().version_number();
    let information = OsVersionInfo {
        dwOSVersionInfoSize: OsVersionInfo::SIZE,
        dwMajorVersion: major,
        dwMinorVersion: minor,
        dwBuildNumber: build,
        dwPlatformId: WIN32_CE,
        // No text: there is no service pack to name.
        ..Default::default()
    };
    Outcome::Return((Bool(true), information))
}

pub(crate) fn metrics(_: &mut Cx<'_>, _index: i32) -> Outcome<i32> {
    // Our choice: the device has no display at all. So the screen and whatever is drawn on it have no size, there
    // is no mouse and no monitor, it is no debugging build, and it needs no bidirectional or double-byte support;
    // an index that no header defines is 0, too.
    Outcome::Return(0)
}

pub(crate) fn is_api_ready(_: &mut Cx<'_>, set: u32) -> Outcome<Bool> {
    Outcome::Return(Bool(is_served(set)))
}

pub(crate) fn wait_for_api(cx: &mut Cx<'_>, set: u32, timeout: Timeout) -> Outcome<WaitStatus> {
    if set >= API_SETS {
        return Outcome::Fail(Win32Error::INVALID_PARAMETER);
    }
    if is_served(set) {
        return Outcome::Return(WAIT_OBJECT_0);
    }
    // ee482843: it cannot tell "not yet" from "never".
    finish(check!(cx.kernel.wait(cx.thread, &[], timeout)))
}

pub(crate) fn signal_started(_: &mut Cx<'_>, _launch: u32) -> Outcome<()> {
    // It is for programs that the boot sequence starts; nobody waits for this one.
    Outcome::Return(())
}

/// IOCTL_HAL_REBOOT.
const REBOOT: u32 = 0x0101_003c;

pub(crate) fn control(
    cx: &mut Cx<'_>,
    code: u32,
    _input: Bytes,
    _output: ByteBuffer,
    _returned: Out<u32>,
) -> Outcome<Bool> {
    if code == REBOOT {
        cx.kernel.reset_device(0);
        return Outcome::Return(Bool(true));
    }
    // What a device answers else is its maker's affair. Our choice: this one has no more to offer.
    Outcome::Fail(Win32Error::NOT_SUPPORTED)
}

/// KMOD_OAL, the module of the kernel that the device's makers wrote.
const KERNEL_MODULE_OAL: Handle = Handle(1);

pub(crate) fn control_library(
    cx: &mut Cx<'_>,
    library: Handle,
    code: u32,
    input: Bytes,
    output: ByteBuffer,
    returned: Out<u32>,
) -> Outcome<Bool> {
    // KernelIoControl asks the same of the same. No other library can be loaded into the kernel here.
    if library != KERNEL_MODULE_OAL {
        return Outcome::Fail(Win32Error::INVALID_HANDLE);
    }
    control(cx, code, input, output, returned)
}

/// What is for callers with privilege is refused to all others, whatever its arguments. Our choice, for all of
/// these: no program has that privilege here, for how others would call into it is not public.
fn refuse_unprivileged<T>(function: &str) -> Outcome<T> {
    log::warn!(target: "coredll", "{function} is refused: other processes cannot call a process's functions here");
    Outcome::Fail(Win32Error::ACCESS_DENIED)
}

pub(crate) fn create_api_set(
    _: &mut Cx<'_>,
    _name: Ignored,
    _count: u32,
    _functions: Ignored,
    _signatures: Ignored,
) -> Outcome<Handle> {
    refuse_unprivileged("CreateAPISet")
}

pub(crate) fn register_api_set(_: &mut Cx<'_>, _set: Handle, _id: u32) -> Outcome<Bool> {
    refuse_unprivileged("RegisterAPISet")
}

pub(crate) fn create_api_handle(_: &mut Cx<'_>, _set: Handle, _data: Address) -> Outcome<Handle> {
    refuse_unprivileged("CreateAPIHandle")
}

pub(crate) fn set_kernel_mode(_: &mut Cx<'_>, _wanted: Bool) -> Outcome<Bool> {
    // ee483004: obsolete. It says which mode the caller was in, and an application is never in the kernel's.
    Outcome::Return(Bool(false))
}

/// Access to every process: permissions have no meaning where each has its own memory. Our choice.
const ALL_PERMISSIONS: u32 = u32::MAX;

pub(crate) fn permissions(_: &mut Cx<'_>) -> Outcome<u32> {
    Outcome::Return(ALL_PERMISSIONS)
}

pub(crate) fn permissions_before(cx: &mut Cx<'_>, _wanted: u32) -> Outcome<u32> {
    permissions(cx)
}

pub(crate) fn own_process(_: &mut Cx<'_>) -> Outcome<Handle> {
    // No thread is ever in another process here, so owner and caller are the process itself.
    Outcome::Return(Handle::CURRENT_PROCESS)
}

pub(crate) fn own_process_id(cx: &mut Cx<'_>) -> Outcome<u32> {
    Outcome::Return(cx.kernel.process(cx.kernel.process_of(cx.thread)).id)
}

pub(crate) fn map_pointer(cx: &mut Cx<'_>, address: Address, _length: u32) -> Outcome<u32> {
    // ee482776: a caller's memory is seen where the caller sees it.
    let _ = cx;
    Outcome::Return(address.0)
}

#[allow(clippy::too_many_arguments, reason = "CE's parameters")]
pub(crate) fn log_data(
    _: &mut Cx<'_>,
    _time_stamp: Bool,
    _id: u32,
    _data: Ignored,
    _length: u32,
    _user_zones: u32,
    _zones: u32,
    _flag: u32,
    _flagged: Bool,
) -> Outcome<()> {
    // ms905099: what is not collected goes nowhere, and Celog.dll is not loaded.
    Outcome::Return(())
}

pub(crate) fn log_zones(_: &mut Cx<'_>, _user: u32, _zones: u32, _process: u32) -> Outcome<()> {
    Outcome::Return(())
}

pub(crate) fn log_again(_: &mut Cx<'_>) -> Outcome<Bool> {
    // Nothing is written, and it says so.
    Outcome::Return(Bool(false))
}

pub(crate) fn register_zones(_: &mut Cx<'_>, _module: u32, _zones: Ignored) -> Outcome<Bool> {
    // Nobody can look at a module's debug zones or change them, so nobody need know where they are.
    Outcome::Return(Bool(true))
}
