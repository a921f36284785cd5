//! The API table: every function that cerium's kernel performs, a row each.
//!
//! A row: the documented name, the name it is exported by, its ordinal (the same on every processor unless
//! it says otherwise), the page, the parameters as documented, the result, the body.

use cerium_handle::Handle;
use cerium_kernel::SectionWords;
use cerium_process::{FileTime, Timeout};
use cerium_sync::Completion;

use crate::bodies::{
    date, debug, device, error, event, file, folder, mutex, object, priority, process, section, semaphore,
};
use crate::bodies::{interrupt, map, message, queue, registry, snapshot, thread, time, tls, wait, watchdog};
use crate::file_types::{
    FileData, FileHandle, FileInformation, FindData, InOut, Locked, MaybeTime, Overlapped, PathBuffer,
    SizedBuffer,
};
use crate::param::{
    Abi, Address, Bool, ByteBuffer, Bytes, Handles, Ignored, In, Omitted, Out, Param, Section, StackFault,
    Text, TextBuffer, WithSize,
};
use crate::registry_types::{DataRoom, Status, TextRoom};
use crate::reply::Reply;
use crate::ret::{
    Completed, Data, Dword, MessageGot, MessageRead, MessageReadFrom, MessageSent, Msg, MsgQueueInfo,
    ProcessInformation, Quantum, Ret, SnapshotHandle, SuspendCount, ThreadPriority, ThreadTimes, TimeZoneId,
    TlsIndex, Units, WaitStatus,
};
use crate::row::{Calling, Known, Ordinals, Row, Shown, WithRow, ce_functions, other_row, perform_call, run};
use crate::structures::{
    Context, HeapEntry32, HeapList32, ModuleEntry32, ModuleInfo, MsgQueueOptions, OsVersionInfo,
    ProcessEntry32, StoreInformation, SystemTime, ThreadEntry32, TimeZoneInformation,
};
use crate::values::{BadArgument, Results, Values, Wants};
use crate::{Cx, Dispatched, Host, HostCx, Outcome, settle};

const fn at(ordinal: u16) -> Ordinals {
    Ordinals::both(ordinal)
}

/// Exported by TOOLHELP, which is imported by name.
const TOOLHELP: Ordinals = Ordinals { x86: None, arm: None };

ce_functions! {
    // Events.

    /// Makes an event, or opens the one of that name.
    CreateEvent = "CreateEventW" @ at(495), ["ee488008"]
        (lpEventAttributes: Ignored, bManualReset: Bool, bInitialState: Bool, lpName: Text) -> Handle
        = event::create;
    /// Opens the event of that name.
    OpenEvent = "OpenEventW" @ at(1496), ["ee488185"]
        (dwDesiredAccess: u32, bInheritHandle: Bool, lpName: Text) -> Handle = event::open;
    /// Sets, resets or pulses an event: SetEvent, ResetEvent and PulseEvent are this function.
    EventModify = "EventModify" @ at(494), ["ee488785"] (hEvent: Handle, func: u32) -> Bool = event::modify;
    /// Stores a word in an event.
    SetEventData = "SetEventData" @ at(1528), ["ee482792"]
        (hEvent: Handle, dwData: u32) -> Bool = event::set_data;
    /// Returns the word stored in an event.
    GetEventData = "GetEventData" @ at(1527), ["ee482804"] (hEvent: Handle) -> u32 = event::data;

    /// Says whether the event of that name is signaled, and leaves it as it is.
    IsNamedEventSignaled = "IsNamedEventSignaled" @ at(1981), ["ee482750"]
        (lpName: Text, dwFlags: u32) -> Bool = event::is_named_signaled;

    // Mutexes.

    /// Makes a mutex, or opens the one of that name.
    CreateMutex = "CreateMutexW" @ at(555), ["aa914601"]
        (lpMutexAttributes: Ignored, bInitialOwner: Bool, lpName: Text) -> Handle = mutex::create;
    /// Undoes one take of a mutex by its owner.
    ReleaseMutex = "ReleaseMutex" @ at(556), ["ee488152"] (hMutex: Handle) -> Bool = mutex::release;

    // Semaphores.

    /// Makes a semaphore, or opens the one of that name.
    CreateSemaphore = "CreateSemaphoreW" @ at(1238), ["ee488431"]
        (lpSemaphoreAttributes: Ignored, lInitialCount: i32, lMaximumCount: i32, lpName: Text) -> Handle
        = semaphore::create;
    /// Adds units to a semaphore.
    ReleaseSemaphore = "ReleaseSemaphore" @ at(1239), ["ee488572"]
        (hSemaphore: Handle, lReleaseCount: i32, lpPreviousCount: Out<i32>) -> (Bool, i32)
        = semaphore::release;

    // Critical sections.

    /// Makes a critical section.
    InitializeCriticalSection = "InitializeCriticalSection" @ at(2), ["ee488434"]
        (lpCriticalSection: Out<SectionWords>) -> SectionWords = section::initialize;
    /// Frees what stands behind a critical section.
    DeleteCriticalSection = "DeleteCriticalSection" @ at(3), ["aa450522"]
        (lpCriticalSection: Section) -> SectionWords = section::delete;
    /// Enters a critical section, after whoever is inside.
    EnterCriticalSection = "EnterCriticalSection" @ at(4), ["ee488915"]
        (lpCriticalSection: Section) -> SectionWords = section::enter;
    /// Leaves a critical section.
    LeaveCriticalSection = "LeaveCriticalSection" @ at(5), ["ee488915"]
        (lpCriticalSection: Section) -> SectionWords = section::leave;
    /// Enters a critical section if nobody else is inside.
    TryEnterCriticalSection = "TryEnterCriticalSection" @ at(1233), ["bb202746"]
        (lpCriticalSection: Section) -> (Bool, SectionWords) = section::try_enter;

    // Waiting.

    /// Waits until the object is signaled or the time is out.
    WaitForSingleObject = "WaitForSingleObject" @ at(497), ["ee488762"]
        (hHandle: Handle, dwMilliseconds: Timeout) -> WaitStatus = wait::single;
    /// Waits until one of the objects is signaled or the time is out.
    WaitForMultipleObjects = "WaitForMultipleObjects" @ at(498), ["aa915354"]
        (lpHandles: Handles, fWaitAll: Bool, dwMilliseconds: Timeout) -> WaitStatus = wait::multiple;
    /// Lets the caller rest for at least so long.
    Sleep = "Sleep" @ at(496), ["aa909009"] (dwMilliseconds: Timeout) -> () = wait::sleep;
    /// Lets the caller rest until the next tick.
    SleepTillTick = "SleepTillTick" @ at(1534), ["ee482769"] () -> () = wait::sleep_till_tick;

    // Messages of threads. There are no windows.

    /// Waits for objects, or for input.
    MsgWaitForMultipleObjectsEx = "MsgWaitForMultipleObjectsEx" @ at(871), ["ee505033"]
        (pHandles: Handles, dwMilliseconds: Timeout, dwWakeMask: u32, dwFlags: u32) -> WaitStatus
        = message::wait;
    /// Posts a message to a thread.
    PostThreadMessage = "PostThreadMessageW" @ at(290), ["ms931460"]
        (idThread: u32, Msg: u32, wParam: u32, lParam: u32) -> Bool = message::post;
    /// Takes the caller's next message, or waits for one.
    GetMessage = "GetMessageW" @ at(861), ["ms931460"]
        (lpMsg: Out<Msg>, hWnd: Handle, wMsgFilterMin: u32, wMsgFilterMax: u32) -> MessageGot = message::get;
    /// Looks at the caller's next message.
    PeekMessage = "PeekMessageW" @ at(864), ["ms931460"]
        (lpMsg: Out<Msg>, hWnd: Handle, wMsgFilterMin: u32, wMsgFilterMax: u32, wRemoveMsg: u32)
        -> (Bool, Msg) = message::peek;
    /// Returns a size or a property of the display and of what windows are made of.
    GetSystemMetrics = "GetSystemMetrics" @ at(885),
        ["by name", "there is no display, mouse or window: every size is 0, and nothing is there"]
        (nIndex: i32) -> i32 = device::metrics;

    // Handles.

    /// Closes a handle.
    CloseHandle = "CloseHandle" @ at(553), ["ee490442"] (hObject: Handle) -> Bool = object::close;
    /// Opens another handle to an object, in this process or another.
    DuplicateHandle = "DuplicateHandle" @ at(1535), ["ee488902"]
        (hSourceProcessHandle: Handle, hSourceHandle: Handle, hTargetProcessHandle: Handle,
         lpTargetHandle: Out<Handle>, dwDesiredAccess: u32, bInheritHandle: Bool, dwOptions: u32)
        -> (Bool, Handle) = object::duplicate;

    // Message queues.

    /// Makes a message queue, or opens the one of that name; the handle is for one end.
    CreateMsgQueue = "CreateMsgQueue" @ at(1529), ["ee488163"]
        (lpszName: Text, lpOptions: In<MsgQueueOptions>) -> Handle = queue::create;
    /// Opens an end of the queue behind a handle of a process.
    OpenMsgQueue = "OpenMsgQueue" @ at(1536), ["ee488036"]
        (hSrcProc: Handle, hMsgQ: Handle, lpOptions: In<MsgQueueOptions>) -> Handle = queue::open;
    /// Takes the next message, or waits for one.
    ReadMsgQueue = "ReadMsgQueue" @ at(1530), ["ee488410"]
        (hMsgQ: Handle, lpBuffer: ByteBuffer, lpNumberOfBytesRead: Out<u32>, dwTimeout: Timeout,
         pdwFlags: Out<u32>) -> MessageRead = queue::read;
    /// The same, and hands out the sender's token.
    ReadMsgQueueEx = "ReadMsgQueueEx" @ at(2538), ["ee488391"]
        (hMsgQ: Handle, lpBuffer: ByteBuffer, lpNumberOfBytesRead: Out<u32>, dwTimeout: Timeout, pdwFlags: Out<u32>,
         phTok: Out<Handle>) -> MessageReadFrom = queue::read_from;
    /// Puts a message in, or waits for room.
    WriteMsgQueue = "WriteMsgQueue" @ at(1531), ["ee488786"]
        (hMsgQ: Handle, lpBuffer: Bytes, dwTimeout: Timeout, dwFlags: u32) -> MessageSent = queue::write;
    /// Tells what is in a queue, and who is at its ends.
    GetMsgQueueInfo = "GetMsgQueueInfo" @ at(1532), ["ee488429"]
        (hMsgQ: Handle, lpInfo: WithSize<MsgQueueInfo>) -> (Bool, MsgQueueInfo) = queue::information;
    /// Closes a handle to an end of a queue.
    CloseMsgQueue = "CloseMsgQueue" @ at(1533), ["ee488787"] (hMsgQ: Handle) -> Bool = queue::close;

    // Watchdog timers.

    /// Makes a watchdog timer, or opens the one of that name.
    CreateWatchDogTimer = "CreateWatchDogTimer" @ at(2530), ["ee482966"]
        (pszWatchDogName: Text, dwPeriod: u32, dwWait: u32, dwDfltAction: u32, dwParam: u32, dwFlags: u32)
        -> Handle = watchdog::create;
    /// Opens the watchdog timer of that name.
    OpenWatchDogTimer = "OpenWatchDogTimer" @ at(2531), ["ee482817"]
        (pszWatchDogName: Text, dwFlags: u32) -> Handle = watchdog::open;
    /// Starts a watchdog timer; the caller's process is watched.
    StartWatchDogTimer = "StartWatchDogTimer" @ at(2532), ["ee482881"]
        (hWatchDog: Handle, dwFlags: u32) -> Bool = watchdog::start;
    /// Stops a watchdog timer.
    StopWatchDogTimer = "StopWatchDogTimer" @ at(2533), ["ee482847"]
        (hWatchDog: Handle, dwFlags: u32) -> Bool = watchdog::stop;
    /// Begins a watchdog timer's period anew.
    RefreshWatchDogTimer = "RefreshWatchDogTimer" @ at(2534), ["ee482794"]
        (hWatchDog: Handle, dwFlags: u32) -> Bool = watchdog::refresh;

    // Memory maps.

    /// Makes a memory map, or opens the one of that name.
    CreateFileMapping = "CreateFileMappingW" @ at(548), ["ee490172"]
        (hFile: Handle, lpFileMappingAttributes: Ignored, flProtect: u32, dwMaximumSizeHigh: u32,
         dwMaximumSizeLow: u32, lpName: Text) -> Handle = map::create where host;
    /// Shows the caller a part of a memory map.
    MapViewOfFile = "MapViewOfFile" @ at(549), ["ee490226"]
        (hFileMappingObject: Handle, dwDesiredAccess: u32, dwFileOffsetHigh: u32, dwFileOffsetLow: u32,
         dwNumberOfBytesToMap: u32) -> u32 = map::view where host;
    /// Takes a view away again.
    UnmapViewOfFile = "UnmapViewOfFile" @ at(550), ["aa910673"]
        (lpBaseAddress: Address) -> Bool = map::unmap where host;
    /// Writes a view's changes to its file.
    FlushViewOfFile = "FlushViewOfFile" @ at(551), ["ee490145"]
        (lpBaseAddress: Address, dwNumberOfBytesToFlush: u32) -> Bool = map::flush where host;

    // Files. What documents them is the article of their own name in the reference of Windows CE.

    /// Opens or makes a file.
    CreateFile = "CreateFileW" @ at(168), ["by name"]
        (lpFileName: Text, dwDesiredAccess: u32, dwShareMode: u32, lpSecurityAttributes: Ignored,
         dwCreationDisposition: u32, dwFlagsAndAttributes: u32, hTemplateFile: Ignored) -> FileHandle
        = file::create where host;
    /// Opens or makes a file that is to be mapped; the map owns the handle.
    CreateFileForMapping = "CreateFileForMappingW" @ at(1167), ["ee483004"]
        (lpFileName: Text, dwDesiredAccess: u32, dwShareMode: u32, lpSecurityAttributes: Ignored,
         dwCreationDisposition: u32, dwFlagsAndAttributes: u32, hTemplateFile: Ignored) -> FileHandle
        = file::create_for_mapping where host;
    /// Reads from a file's position on.
    ReadFile = "ReadFile" @ at(170), ["by name"]
        (hFile: Handle, lpBuffer: ByteBuffer, lpNumberOfBytesRead: Out<u32>, lpOverlapped: Ignored)
        -> (Bool, Data, u32) = file::read where host;
    /// Reads at a place in a file.
    ReadFileWithSeek = "ReadFileWithSeek" @ at(243), ["by name"]
        (hFile: Handle, lpBuffer: ByteBuffer, lpNumberOfBytesRead: Out<u32>, lpOverlapped: Ignored,
         dwLowOffset: u32, dwHighOffset: u32) -> (Bool, Data, u32) = file::read_with_seek where host;
    /// Writes at a file's position.
    WriteFile = "WriteFile" @ at(171), ["by name"]
        (hFile: Handle, lpBuffer: Bytes, lpNumberOfBytesWritten: Out<u32>, lpOverlapped: Ignored)
        -> (Bool, u32) = file::write where host;
    /// Writes at a place in a file.
    WriteFileWithSeek = "WriteFileWithSeek" @ at(718), ["by name"]
        (hFile: Handle, lpBuffer: Bytes, lpNumberOfBytesWritten: Out<u32>, lpOverlapped: Ignored,
         dwLowOffset: u32, dwHighOffset: u32) -> (Bool, u32) = file::write_with_seek where host;
    /// Moves a file's position.
    SetFilePointer = "SetFilePointer" @ at(173), ["by name"]
        (hFile: Handle, lDistanceToMove: i32, lpDistanceToMoveHigh: InOut, dwMoveMethod: u32)
        -> (Dword<0xffff_ffff>, u32) = file::set_pointer where host;
    /// Returns how long a file is.
    GetFileSize = "GetFileSize" @ at(172), ["by name"]
        (hFile: Handle, lpFileSizeHigh: Out<u32>) -> (Dword<0xffff_ffff>, u32) = file::size where host;
    /// Makes a file end at its position.
    SetEndOfFile = "SetEndOfFile" @ at(178), ["by name"] (hFile: Handle) -> Bool = file::set_end where host;
    /// Brings what was written to a file to where it outlives a crash.
    FlushFileBuffers = "FlushFileBuffers" @ at(175), ["by name"] (hFile: Handle) -> Bool = file::flush where host;
    /// Says when a file was made, used and written.
    GetFileTime = "GetFileTime" @ at(176), ["by name"]
        (hFile: Handle, lpCreationTime: Out<u64>, lpLastAccessTime: Out<u64>, lpLastWriteTime: Out<u64>)
        -> (Bool, u64, u64, u64) = file::times where host;
    /// Sets when a file was made, used and written.
    SetFileTime = "SetFileTime" @ at(177), ["by name"]
        (hFile: Handle, lpCreationTime: MaybeTime, lpLastAccessTime: MaybeTime, lpLastWriteTime: MaybeTime)
        -> Bool = file::set_times where host;
    /// Tells what is known of a file.
    GetFileInformationByHandle = "GetFileInformationByHandle" @ at(174), ["by name"]
        (hFile: Handle, lpFileInformation: Out<FileInformation>) -> (Bool, FileInformation)
        = file::information where host;
    /// Locks a part of a file, or waits until it can.
    LockFileEx = "LockFileEx" @ at(1968), ["by name"]
        (hFile: Handle, dwFlags: u32, dwReserved: u32, nNumberOfBytesToLockLow: u32,
         nNumberOfBytesToLockHigh: u32, lpOverlapped: In<Overlapped>) -> Locked = file::lock where host;
    /// Takes a lock back.
    UnlockFileEx = "UnlockFileEx" @ at(1969), ["by name"]
        (hFile: Handle, dwReserved: u32, nNumberOfBytesToUnlockLow: u32, nNumberOfBytesToUnlockHigh: u32,
         lpOverlapped: In<Overlapped>) -> Bool = file::unlock where host;
    /// Asks a device for something; there are none behind files.
    DeviceIoControl = "DeviceIoControl" @ at(179), ["by name"]
        (hDevice: Handle, dwIoControlCode: u32, lpInBuffer: Ignored, nInBufferSize: Ignored,
         lpOutBuffer: Ignored, nOutBufferSize: Ignored, lpBytesReturned: Ignored, lpOverlapped: Ignored)
        -> Bool = file::device_control where host;

    // Files by their names, and folders.

    /// Deletes a file.
    DeleteFile = "DeleteFileW" @ at(165), ["by name"] (lpFileName: Text) -> Bool = folder::delete where host;
    /// Gives a file or a folder another name.
    MoveFile = "MoveFileW" @ at(163), ["by name"]
        (lpExistingFileName: Text, lpNewFileName: Text) -> Bool = folder::rename where host;
    /// Copies a file.
    CopyFile = "CopyFileW" @ at(164), ["by name"]
        (lpExistingFileName: Text, lpNewFileName: Text, bFailIfExists: Bool) -> Bool = folder::copy where host;
    /// Replaces a file by another at once.
    DeleteAndRenameFile = "DeleteAndRenameFile" @ at(183), ["by name"]
        (lpszDestFile: Text, lpszSourceFile: Text) -> Bool = folder::delete_and_rename where host;
    /// Makes a folder.
    CreateDirectory = "CreateDirectoryW" @ at(160), ["by name"]
        (lpPathName: Text, lpSecurityAttributes: Ignored) -> Bool = folder::create where host;
    /// Removes an empty folder.
    RemoveDirectory = "RemoveDirectoryW" @ at(161), ["by name"] (lpPathName: Text) -> Bool = folder::remove where host;
    /// Says what a file is said to be.
    GetFileAttributes = "GetFileAttributesW" @ at(166), ["by name"]
        (lpFileName: Text) -> Dword<0xffff_ffff> = folder::attributes where host;
    /// Tells what is known of a file.
    GetFileAttributesEx = "GetFileAttributesExW" @ at(1237), ["by name"]
        (lpFileName: Text, fInfoLevelId: u32, lpFileInformation: Out<FileData>) -> (Bool, FileData)
        = folder::attributes_ex where host;
    /// Sets what a file is said to be.
    SetFileAttributes = "SetFileAttributesW" @ at(169), ["by name"]
        (lpFileName: Text, dwFileAttributes: u32) -> Bool = folder::set_attributes where host;
    /// Begins a search for files.
    FindFirstFile = "FindFirstFileW" @ at(167), ["by name"]
        (lpFileName: Text, lpFindFileData: Out<FindData>) -> (FileHandle, FindData) = folder::find_first where host;
    /// Begins a search for files.
    FindFirstFileEx = "FindFirstFileExW" @ at(1235), ["by name"]
        (lpFileName: Text, fInfoLevelId: u32, lpFindFileData: Out<FindData>, fSearchOp: u32,
         lpSearchFilter: Ignored, dwAdditionalFlags: u32) -> (FileHandle, FindData) = folder::find_first_ex where host;
    /// Goes on with a search.
    FindNextFile = "FindNextFileW" @ at(181), ["by name"]
        (hFindFile: Handle, lpFindFileData: Out<FindData>) -> (Bool, FindData) = folder::find_next where host;
    /// Ends a search.
    FindClose = "FindClose" @ at(180), ["by name"] (hFindFile: Handle) -> Bool = folder::find_close where host;
    /// Returns the folder for temporary files.
    GetTempPath = "GetTempPathW" @ at(162), ["by name"]
        (Buffer: SizedBuffer) -> (u32, Units) = folder::temp_path where host;
    /// Makes a name for a temporary file, and the file.
    GetTempFileName = "GetTempFileNameW" @ at(1234), ["by name"]
        (lpPathName: Text, lpPrefixString: Text, uUnique: u32, lpTempFileName: PathBuffer) -> (u32, Units)
        = folder::temp_file_name where host;
    /// Says how much room there is.
    GetDiskFreeSpaceEx = "GetDiskFreeSpaceExW" @ at(184), ["by name"]
        (lpDirectoryName: Text, lpFreeBytesAvailableToCaller: Out<u64>, lpTotalNumberOfBytes: Out<u64>,
         lpTotalNumberOfFreeBytes: Out<u64>) -> (Bool, u64, u64, u64) = folder::disk_free_space where host;
    /// Says how much room the object store has.
    GetStoreInformation = "GetStoreInformation" @ at(323), ["by name"]
        (lpsi: Out<StoreInformation>) -> (Bool, StoreInformation) = folder::store_information where host;

    // The registry. Its functions return their error.

    /// Opens a key.
    RegOpenKeyEx = "RegOpenKeyExW" @ at(461), ["by name"]
        (hKey: Handle, lpSubKey: Text, ulOptions: u32, samDesired: u32, phkResult: Out<Handle>)
        -> Status<(Handle,)> = registry::open where host;
    /// Opens a key, and makes it if it is not there.
    RegCreateKeyEx = "RegCreateKeyExW" @ at(456), ["by name"]
        (hKey: Handle, lpSubKey: Text, Reserved: u32, lpClass: Text, dwOptions: u32, samDesired: u32,
         lpSecurityAttributes: Ignored, phkResult: Out<Handle>, lpdwDisposition: Out<u32>)
        -> Status<(Handle, u32)> = registry::create where host;
    /// Closes a key.
    RegCloseKey = "RegCloseKey" @ at(455), ["by name"] (hKey: Handle) -> Status<()> = registry::close where host;
    /// Brings a key to where it outlives the device: the registry is in memory, and nothing is to be done.
    RegFlushKey = "RegFlushKey" @ at(1152), ["by name"] (hKey: Handle) -> Status<()> = registry::flush where host;
    /// Deletes a key with all that is in it.
    RegDeleteKey = "RegDeleteKeyW" @ at(457), ["by name"]
        (hKey: Handle, lpSubKey: Text) -> Status<()> = registry::delete_key where host;
    /// Deletes a value.
    RegDeleteValue = "RegDeleteValueW" @ at(458), ["by name"]
        (hKey: Handle, lpValueName: Text) -> Status<()> = registry::delete_value where host;
    /// Returns a value by its name.
    RegQueryValueEx = "RegQueryValueExW" @ at(463), ["by name"]
        (hKey: Handle, lpValueName: Text, lpReserved: Ignored, lpType: Out<u32>, lpData: DataRoom)
        -> Status<(u32, Data, u32)> = registry::query_value where host;
    /// Sets a value.
    RegSetValueEx = "RegSetValueExW" @ at(464), ["by name"]
        (hKey: Handle, lpValueName: Text, Reserved: u32, dwType: u32, lpData: Bytes) -> Status<()>
        = registry::set_value where host;
    /// Returns the value at an index.
    RegEnumValue = "RegEnumValueW" @ at(459), ["by name"]
        (hKey: Handle, dwIndex: u32, lpValueName: TextRoom, lpReserved: Ignored, lpType: Out<u32>,
         lpData: DataRoom) -> Status<(Units, u32, u32, Data, u32)> = registry::enum_value where host;
    /// Returns the key at an index.
    RegEnumKeyEx = "RegEnumKeyExW" @ at(460), ["by name"]
        (hKey: Handle, dwIndex: u32, lpName: TextRoom, lpReserved: Ignored, lpClass: TextRoom,
         lpftLastWriteTime: Out<u64>) -> Status<(Units, u32, Units, u32, u64)> = registry::enum_key where host;
    /// Tells what is known of a key.
    RegQueryInfoKey = "RegQueryInfoKeyW" @ at(462), ["by name"]
        (hKey: Handle, lpClass: TextRoom, lpReserved: Ignored, lpcSubKeys: Out<u32>,
         lpcbMaxSubKeyLen: Out<u32>, lpcbMaxClassLen: Out<u32>, lpcValues: Out<u32>,
         lpcbMaxValueNameLen: Out<u32>, lpcbMaxValueLen: Out<u32>, lpcbSecurityDescriptor: Out<u32>,
         lpftLastWriteTime: Out<u64>)
        -> Status<(Units, u32, u32, u32, u32, u32, u32, u32, u32, u64)> = registry::query_information where host;

    /// Chooses the user whose keys HKEY_CURRENT_USER has.
    SetCurrentUser = "SetCurrentUser" @ at(1501), ["by name", "what is handed over for the user is not looked at"]
        (lpszUserName: Text, lpUserData: Bytes, bCreateIfNew: Bool) -> Bool = registry::set_user where host;

    // Threads.

    /// Makes a thread.
    CreateThread = "CreateThread" @ at(492), ["ee488162"]
        (lpsa: Ignored, cbStack: u32, lpStartAddr: Address, lpvThreadParam: Address, fdwCreate: u32,
         lpIDThread: Out<u32>) -> (Handle, u32) = thread::create where host;
    /// Opens a thread by its id.
    OpenThread = "OpenThread" @ at(2551), ["ee488755"]
        (dwDesiredAccess: u32, bInheritHandle: Bool, dwThreadId: u32) -> Handle = thread::open;
    /// Ends the caller.
    ExitThread = "ExitThread" @ at(6), ["ee488176"] (dwExitCode: u32) -> () = thread::exit;
    /// Ends a thread.
    TerminateThread = "TerminateThread" @ at(491), ["ee488176"]
        (hThread: Handle, dwExitCode: u32) -> Bool = thread::terminate;
    /// Says what a thread ended with, or STILL_ACTIVE.
    GetExitCodeThread = "GetExitCodeThread" @ at(518), ["aa915065"]
        (hThread: Handle, lpExitCode: Out<u32>) -> (Bool, u32) = thread::exit_code;
    /// Says when a thread began and ended, and how long it ran.
    GetThreadTimes = "GetThreadTimes" @ at(1186), ["ee487997"]
        (hThread: Handle, lpCreationTime: Out<u64>, lpExitTime: Out<u64>, lpKernelTime: Out<u64>,
         lpUserTime: Out<u64>) -> ThreadTimes = thread::times;
    /// Keeps a thread from running.
    SuspendThread = "SuspendThread" @ at(499), ["ee488373"] (hThread: Handle) -> SuspendCount
        = thread::suspend;
    /// Undoes one suspension of a thread.
    ResumeThread = "ResumeThread" @ at(500), ["ee488648"] (hThread: Handle) -> SuspendCount = thread::resume;
    /// Returns the id of a thread.
    GetThreadId = "GetThreadId" @ at(2558), ["ee482971"] (hThread: Handle) -> u32 = thread::id;

    /// Reads the registers of a thread that is suspended.
    GetThreadContext = "GetThreadContext" @ at(1148), ["ee482776"]
        (hThread: Handle, lpContext: Context) -> (Bool, Data) = thread::context where host;
    /// Gives a thread that is suspended other registers.
    SetThreadContext = "SetThreadContext" @ at(502), ["ee482776"]
        (hThread: Handle, lpContext: Context) -> Bool = thread::set_context where host;

    // Scheduling.

    /// Gives a thread one of the eight lowest levels.
    SetThreadPriority = "SetThreadPriority" @ at(514), ["ee488350"]
        (hThread: Handle, nPriority: i32) -> Bool = priority::set_of_eight;
    /// Returns a thread's level among the eight lowest.
    GetThreadPriority = "GetThreadPriority" @ at(515), ["ee488168"]
        (hThread: Handle) -> ThreadPriority = priority::of_eight;
    /// Gives a thread one of the 256 levels.
    CeSetThreadPriority = "CeSetThreadPriority" @ at(621), ["ee488041"]
        (hThread: Handle, nPriority: i32) -> Bool = priority::set;
    /// Returns a thread's level among all 256.
    CeGetThreadPriority = "CeGetThreadPriority" @ at(622), ["ee488181"]
        (hThread: Handle) -> ThreadPriority = priority::get;
    /// Gives a thread another quantum; 0 lets it run to completion.
    CeSetThreadQuantum = "CeSetThreadQuantum" @ at(1244), ["aa909212"]
        (hThread: Handle, dwTime: u32) -> Bool = priority::set_quantum;
    /// Returns a thread's quantum.
    CeGetThreadQuantum = "CeGetThreadQuantum" @ at(1245), ["aa915083"]
        (hThread: Handle) -> Quantum = priority::quantum;

    // Interrupts.

    /// Binds an event to an interrupt.
    InterruptInitialize = "InterruptInitialize" @ at(627), ["ee482998"]
        (idInt: u32, hEvent: Handle, pvData: Ignored, cbData: u32) -> Bool = interrupt::initialize;
    /// Says that an interrupt was served.
    InterruptDone = "InterruptDone" @ at(628), ["ee482998"] (idInt: u32) -> () = interrupt::done;
    /// Takes the event of an interrupt away.
    InterruptDisable = "InterruptDisable" @ at(629), ["ee482998"] (idInt: u32) -> () = interrupt::disable;

    // Processes.

    /// Starts a program.
    CreateProcess = "CreateProcessW" @ at(493), ["ee488927"]
        (pszImageName: Text, pszCmdLine: Text, psaProcess: Omitted, psaThread: Omitted,
         fInheritHandles: Omitted, fdwCreate: u32, pvEnvironment: Omitted, pszCurDir: Omitted,
         psiStartInfo: Omitted, pProcInfo: Out<ProcessInformation>) -> (Bool, ProcessInformation)
        = process::create where host;
    /// Opens a process by its id.
    OpenProcess = "OpenProcess" @ at(509), ["ee488418"]
        (fdwAccess: u32, fInherit: Bool, IDProcess: u32) -> Handle = process::open;
    /// Ends a process.
    TerminateProcess = "TerminateProcess" @ at(544), ["aa450927"]
        (hProcess: Handle, uExitCode: u32) -> Bool = process::terminate;
    /// Says what a process ended with, or STILL_ACTIVE.
    GetExitCodeProcess = "GetExitCodeProcess" @ at(519), ["ee488446"]
        (hProcess: Handle, lpExitCode: Out<u32>) -> (Bool, u32) = process::exit_code;
    /// Returns the id of a process.
    GetProcessId = "GetProcessId" @ at(2560), ["ee482971"] (Process: Handle) -> u32 = process::id;
    /// Returns the path of a module's file.
    GetModuleFileName = "GetModuleFileNameW" @ at(537), ["aa450927"]
        (hModule: u32, lpFilename: TextBuffer) -> (u32, Units) = process::module_file_name;
    /// Returns the handle of a module: where it is loaded.
    GetModuleHandle = "GetModuleHandleW" @ at(1177), ["ee482776"]
        (lpModuleName: Text) -> u32 = process::module_handle;

    // Thread local storage.

    /// Gives out a TLS index, or takes one back: TlsAlloc and TlsFree are this function.
    TlsCall = "TlsCall" @ at(520), ["aa908741"] (func: u32, index: u32) -> TlsIndex = tls::call where host;
    /// Returns the caller's value at an index.
    TlsGetValue = "TlsGetValue" @ at(15), ["aa908823"] (dwTlsIndex: u32) -> u32 = tls::get;
    /// Stores the caller's value at an index.
    TlsSetValue = "TlsSetValue" @ at(16), ["aa908728"]
        (dwTlsIndex: u32, lpTlsValue: Address) -> Bool = tls::set where host;

    // Errors, time, text.

    /// Returns the caller's last error.
    GetLastError = "GetLastError" @ at(516), ["ms885627"] () -> u32 = error::get;
    /// Stores the caller's last error.
    SetLastError = "SetLastError" @ at(517), ["ms885627"] (dwErrCode: u32) -> () = error::set;
    /// Returns the milliseconds since the device was started.
    GetTickCount = "GetTickCount" @ at(535), ["ee487985"] () -> u32 = time::tick_count;
    /// Returns the milliseconds in which nobody ran.
    GetIdleTime = "GetIdleTime" @ at(608), ["ee488013"] () -> u32 = time::idle_time;
    /// Returns a count that grows with time.
    QueryPerformanceCounter = "QueryPerformanceCounter" @ at(538), ["ee488620"]
        (lpPerformanceCount: Out<u64>) -> (Bool, u64) = time::performance_counter;
    /// Returns how fast that count grows.
    QueryPerformanceFrequency = "QueryPerformanceFrequency" @ at(539), ["ee488620"]
        (lpFrequency: Out<u64>) -> (Bool, u64) = time::performance_frequency;
    // The date.

    /// Returns the date and time of day, in UTC.
    GetSystemTime = "GetSystemTime" @ at(25), ["ee488441"] (lpSystemTime: Out<SystemTime>) -> ((), SystemTime)
        = date::system;
    /// Sets the date and time of day, in UTC.
    SetSystemTime = "SetSystemTime" @ at(26), ["ee488441"] (lpSystemTime: In<SystemTime>) -> Bool
        = date::set_system;
    /// Returns the local date and time of day.
    GetLocalTime = "GetLocalTime" @ at(23), ["ee488441"] (lpSystemTime: Out<SystemTime>) -> ((), SystemTime)
        = date::local;
    /// Sets the local date and time of day.
    SetLocalTime = "SetLocalTime" @ at(24), ["ee488441"] (lpSystemTime: In<SystemTime>) -> Bool
        = date::set_local;
    /// Returns the date and time of day as a file time.
    GetSystemTimeAsFileTime = "GetSystemTimeAsFileTime" @ at(2536), ["ee488441"]
        (lpSystemTimeAsFileTime: Out<FileTime>) -> ((), FileTime) = date::system_as_file_time;
    /// Makes a file time of a system time.
    SystemTimeToFileTime = "SystemTimeToFileTime" @ at(19), ["ee488441"]
        (lpSystemTime: In<SystemTime>, lpFileTime: Out<FileTime>) -> (Bool, FileTime) = date::to_file_time;
    /// Makes a system time of a file time.
    FileTimeToSystemTime = "FileTimeToSystemTime" @ at(20), ["ee488441"]
        (lpFileTime: In<FileTime>, lpSystemTime: Out<SystemTime>) -> (Bool, SystemTime)
        = date::to_system_time;
    /// Makes a local file time of one in UTC.
    FileTimeToLocalFileTime = "FileTimeToLocalFileTime" @ at(21), ["ee488441"]
        (lpFileTime: In<FileTime>, lpLocalFileTime: Out<FileTime>) -> (Bool, FileTime)
        = date::to_local_file_time;
    /// Makes a file time in UTC of a local one.
    LocalFileTimeToFileTime = "LocalFileTimeToFileTime" @ at(22), ["ee488441"]
        (lpLocalFileTime: In<FileTime>, lpFileTime: Out<FileTime>) -> (Bool, FileTime)
        = date::to_utc_file_time;
    /// Says which of two file times is the earlier: -1 the first, 1 the second, 0 neither.
    CompareFileTime = "CompareFileTime" @ at(18), ["ee488441"]
        (lpFileTime1: In<FileTime>, lpFileTime2: In<FileTime>) -> i32 = date::compare;
    /// Returns what local time is, and whether it is daylight saving time.
    GetTimeZoneInformation = "GetTimeZoneInformation" @ at(27), ["ee488441"]
        (lpTimeZoneInformation: Out<TimeZoneInformation>) -> (TimeZoneId, TimeZoneInformation)
        = date::time_zone;
    /// Changes what local time is.
    SetTimeZoneInformation = "SetTimeZoneInformation" @ at(28), ["ee488441"]
        (lpTimeZoneInformation: In<TimeZoneInformation>) -> Bool = date::set_time_zone;
    /// Sets whether it is daylight saving time.
    SetDaylightTime = "SetDaylightTime" @ at(547), ["by name"] (fDaylight: Bool) -> () = date::set_daylight;

    // The device.

    /// Tells which version of CE this is.
    GetVersionEx = "GetVersionExW" @ at(717), ["ee482776"]
        (lpVersionInformation: WithSize<OsVersionInfo>) -> (Bool, OsVersionInfo) = device::version;
    /// Says whether a set of functions can be called.
    IsAPIReady = "IsAPIReady" @ at(30), ["ee483004"] (hAPI: u32) -> Bool = device::is_api_ready;
    /// Waits until a set of functions can be called.
    WaitForAPIReady = "WaitForAPIReady" @ at(2562), ["ee482994"]
        (dwAPISet: u32, dwTimeout: Timeout) -> WaitStatus = device::wait_for_api;
    /// Tells whoever starts the device's programs that this one has begun.
    SignalStarted = "SignalStarted" @ at(639), ["ee482760"] (dw: u32) -> () = device::signal_started;
    /// Asks the device's makers' own code for something.
    KernelIoControl = "KernelIoControl" @ at(557), ["ee482966", "IOCTL_HAL_REBOOT alone"]
        (dwIoControlCode: u32, lpInBuf: Bytes, lpOutBuf: ByteBuffer, lpBytesReturned: Out<u32>) -> Bool
        = device::control;
    /// Asks a library that the kernel has loaded for something.
    KernelLibIoControl = "KernelLibIoControl" @ at(1489),
        ["by name", "the device's makers' own code is the only such library, and does IOCTL_HAL_REBOOT alone"]
        (hLib: Handle, dwIoControlCode: u32, lpInBuf: Bytes, lpOutBuf: ByteBuffer, lpBytesReturned: Out<u32>)
        -> Bool = device::control_library;
    /// Would make a set of functions that other processes can call.
    CreateAPISet = "CreateAPISet" @ at(559),
        ["by name", "always refused: other processes cannot call a process's functions here"]
        (acName: Ignored, cFunctions: u32, ppfnMethods: Ignored, pu64Sig: Ignored) -> Handle
        = device::create_api_set;
    /// Would make such a set known to all processes.
    RegisterAPISet = "RegisterAPISet" @ at(635),
        ["by name", "always refused: other processes cannot call a process's functions here"]
        (hASet: Handle, dwSetID: u32) -> Bool = device::register_api_set;
    /// Would make a handle on which such a set's functions are called.
    CreateAPIHandle = "CreateAPIHandle" @ at(636),
        ["by name", "always refused: other processes cannot call a process's functions here"]
        (hASet: Handle, pvData: Address) -> Handle = device::create_api_handle;
    /// Would let the caller run as the kernel does.
    SetKMode = "SetKMode" @ at(630), ["ee483004"] (fMode: Bool) -> Bool = device::set_kernel_mode;
    /// Would let the caller's thread see other processes' memory.
    SetProcPermissions = "SetProcPermissions" @ at(611), ["ee483004"] (dwPermissions: u32) -> u32
        = device::permissions_before;
    /// Says which processes' memory the caller's thread sees.
    GetCurrentPermissions = "GetCurrentPermissions" @ at(612), ["ee483004"] () -> u32 = device::permissions;
    /// Returns the process whose thread this is.
    GetOwnerProcess = "GetOwnerProcess" @ at(606), ["ee483004"] () -> Handle = device::own_process;
    /// Returns the process that has called.
    GetCallerProcess = "GetCallerProcess" @ at(607), ["ee483004"] () -> Handle = device::own_process;
    /// Returns the id of the process that has called.
    GetDirectCallerProcessId = "GetDirectCallerProcessId" @ at(2604), ["ee482971"] () -> u32
        = device::own_process_id;
    /// Returns the id of the process whose memory is seen.
    GetCallerVMProcessId = "GetCallerVMProcessId" @ at(2603), ["ee482971"] () -> u32 = device::own_process_id;
    /// Returns an address of the caller's as it is seen here.
    MapCallerPtr = "MapCallerPtr" @ at(1602), ["ee482776"] (ptr: Address, dwLen: u32) -> u32 = device::map_pointer;

    // Other processes.

    /// Says where a module of a process lies.
    GetModuleInformation = "GetModuleInformation" @ at(1721), ["by name"]
        (hProcess: Handle, hModule: u32, lpmodinfo: Out<ModuleInfo>, cb: u32) -> (Bool, ModuleInfo)
        = process::module_information where host;
    /// Reads another process's memory.
    ReadProcessMemory = "ReadProcessMemory" @ at(506), ["ee482776"]
        (hProcess: Handle, lpBaseAddress: Address, lpBuffer: ByteBuffer, lpNumberOfBytesRead: Out<u32>)
        -> (Bool, Data, u32) = process::read_memory where host;
    /// Writes another process's memory.
    WriteProcessMemory = "WriteProcessMemory" @ at(507), ["ee482776"]
        (hProcess: Handle, lpBaseAddress: Address, lpBuffer: Bytes, lpNumberOfBytesWritten: Out<u32>)
        -> (Bool, u32) = process::write_memory where host;

    /// Makes a block of a process's heap.
    LocalAllocInProcess = "LocalAllocInProcess" @ at(41), ["by name"]
        (uFlags: u32, uBytes: u32, hProcess: Handle) -> u32 = process::allocate where host;
    /// Frees a block of a process's heap.
    LocalFreeInProcess = "LocalFreeInProcess" @ at(42), ["by name"]
        (hMem: u32, hProcess: Handle) -> u32 = process::free where host;
    /// Returns the size of a block of a process's heap.
    LocalSizeInProcess = "LocalSizeInProcess" @ at(43), ["by name"]
        (hMem: u32, hProcess: Handle) -> u32 = process::block_size where host;

    // TOOLHELP: snapshots of what there is.

    /// Makes a snapshot of processes, threads, modules or heaps.
    CreateToolhelp32Snapshot = "CreateToolhelp32Snapshot" @ TOOLHELP, ["ee487995"]
        (dwFlags: u32, th32ProcessID: u32) -> SnapshotHandle = snapshot::create where host;
    /// Closes a snapshot.
    CloseToolhelp32Snapshot = "CloseToolhelp32Snapshot" @ TOOLHELP, ["ee487995"]
        (hSnapshot: Handle) -> Bool = snapshot::close;
    /// Looks at a snapshot's first process.
    Process32First = "Process32First" @ TOOLHELP, ["ee487987"]
        (hSnapshot: Handle, lppe: WithSize<ProcessEntry32>) -> (Bool, ProcessEntry32)
        = snapshot::first_process;
    /// Looks at a snapshot's next process.
    Process32Next = "Process32Next" @ TOOLHELP, ["ee487987"]
        (hSnapshot: Handle, lppe: WithSize<ProcessEntry32>) -> (Bool, ProcessEntry32)
        = snapshot::next_process;
    /// Looks at a snapshot's first thread.
    Thread32First = "Thread32First" @ TOOLHELP, ["ee487987"]
        (hSnapshot: Handle, lpte: WithSize<ThreadEntry32>) -> (Bool, ThreadEntry32) = snapshot::first_thread;
    /// Looks at a snapshot's next thread.
    Thread32Next = "Thread32Next" @ TOOLHELP, ["ee487987"]
        (hSnapshot: Handle, lpte: WithSize<ThreadEntry32>) -> (Bool, ThreadEntry32) = snapshot::next_thread;
    /// Looks at a snapshot's first module.
    Module32First = "Module32First" @ TOOLHELP, ["ee487987"]
        (hSnapshot: Handle, lpme: WithSize<ModuleEntry32>) -> (Bool, ModuleEntry32) = snapshot::first_module;
    /// Looks at a snapshot's next module.
    Module32Next = "Module32Next" @ TOOLHELP, ["ee487987"]
        (hSnapshot: Handle, lpme: WithSize<ModuleEntry32>) -> (Bool, ModuleEntry32) = snapshot::next_module;
    /// Looks at a snapshot's first heap.
    Heap32ListFirst = "Heap32ListFirst" @ TOOLHELP, ["ee487987"]
        (hSnapshot: Handle, lphl: WithSize<HeapList32>) -> (Bool, HeapList32) = snapshot::first_heap;
    /// Looks at a snapshot's next heap.
    Heap32ListNext = "Heap32ListNext" @ TOOLHELP, ["ee487987"]
        (hSnapshot: Handle, lphl: WithSize<HeapList32>) -> (Bool, HeapList32) = snapshot::next_heap;
    /// Looks at the first block of a heap.
    Heap32First = "Heap32First" @ TOOLHELP, ["ee487987"]
        (hSnapshot: Handle, lphe: WithSize<HeapEntry32>, th32ProcessID: u32, th32HeapID: u32)
        -> (Bool, HeapEntry32) = snapshot::first_block;
    /// Looks at the next block of a heap.
    Heap32Next = "Heap32Next" @ TOOLHELP, ["ee487987"]
        (hSnapshot: Handle, lphe: WithSize<HeapEntry32>) -> (Bool, HeapEntry32) = snapshot::next_block;
    /// Reads the memory of the process with this id.
    Toolhelp32ReadProcessMemory = "Toolhelp32ReadProcessMemory" @ TOOLHELP, ["ee487987"]
        (th32ProcessID: u32, lpBaseAddress: Address, lpBuffer: ByteBuffer, lpNumberOfBytesRead: Out<u32>)
        -> (Bool, Data, u32) = process::read_memory_by_id where host;

    // What is for tools.

    /// Adds to the log of events that tools collect.
    CeLogData = "CeLogData" @ at(1451), ["aa450823", "nothing collects events"]
        (fTimeStamp: Bool, wID: u32, pData: Ignored, wLen: u32, dwZoneUser: u32, dwZoneCE: u32, wFlag: u32,
         fFlagged: Bool) -> () = device::log_data;
    /// Chooses what is logged.
    CeLogSetZones = "CeLogSetZones" @ at(1452), ["aa450679", "nothing collects events"]
        (dwZoneUser: u32, dwZoneCE: u32, dwZoneProcess: u32) -> () = device::log_zones;
    /// Writes all that there is to the log.
    CeLogReSync = "CeLogReSync" @ at(1467), ["ee487969", "nothing collects events"] () -> Bool = device::log_again;
    /// Tells where a module's debug zones are.
    RegisterDbgZones = "RegisterDbgZones" @ at(546), ["ms905099", "zones cannot be changed"] (hMod: u32, lpdbgparam: Ignored) -> Bool
        = device::register_zones;

    /// Puts out text for whoever debugs the device.
    OutputDebugString = "OutputDebugStringW" @ at(541), ["ms905099"]
        (lpOutputString: Text) -> () = debug::output where host;
}

impl Function {
    /// What is known of it.
    pub fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// Every function, in the order of the table.
    pub fn all() -> &'static [Function] {
        FUNCTIONS
    }

    /// The function that is exported by this name.
    pub fn exported_as(name: &str) -> Option<Function> {
        FUNCTIONS.iter().copied().find(|function| function.row().export == name)
    }
}
