//! The errors that guests see, and how the small errors of the rooms below become them.

use std::fmt;

use cerium_handle::BadHandle;
use cerium_namespace::NameError;
use cerium_sync::{NotOwner, SemaphoreError};

/// A code that GetLastError returns: the guest's mistake, never the host's trouble.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Win32Error(pub u32);

macro_rules! win32_errors {
    ($($name:ident = $code:literal),* $(,)?) => {
        impl Win32Error {
            $(
                #[doc = concat!("ERROR_", stringify!($name), ", ", stringify!($code), ".")]
                pub const $name: Win32Error = Win32Error($code);
            )*

            /// The name that the headers give the code.
            pub fn name(self) -> Option<&'static str> {
                match self {
                    $(Self::$name => Some(concat!("ERROR_", stringify!($name))),)*
                    _ => None,
                }
            }
        }
    };
}

win32_errors! {
    SUCCESS = 0,
    FILE_NOT_FOUND = 2,
    PATH_NOT_FOUND = 3,
    TOO_MANY_OPEN_FILES = 4,
    ACCESS_DENIED = 5,
    INVALID_HANDLE = 6,
    NOT_ENOUGH_MEMORY = 8,
    BAD_FORMAT = 11,
    OUTOFMEMORY = 14,
    NO_MORE_FILES = 18,
    GEN_FAILURE = 31,
    SHARING_VIOLATION = 32,
    LOCK_VIOLATION = 33,
    NOT_SUPPORTED = 50,
    BAD_NETPATH = 53,
    DEV_NOT_EXIST = 55,
    FILE_EXISTS = 80,
    INVALID_PARAMETER = 87,
    DISK_FULL = 112,
    INSUFFICIENT_BUFFER = 122,
    INVALID_NAME = 123,
    MOD_NOT_FOUND = 126,
    PROC_NOT_FOUND = 127,
    NEGATIVE_SEEK = 131,
    DIR_NOT_EMPTY = 145,
    SIGNAL_REFUSED = 156,
    NOT_LOCKED = 158,
    BUSY = 170,
    ALREADY_EXISTS = 183,
    BAD_EXE_FORMAT = 193,
    FILENAME_EXCED_RANGE = 206,
    PIPE_NOT_CONNECTED = 233,
    MORE_DATA = 234,
    NO_MORE_ITEMS = 259,
    DIRECTORY = 267,
    NOT_OWNER = 288,
    TOO_MANY_POSTS = 298,
    INVALID_ADDRESS = 487,
    NOACCESS = 998,
    FILE_INVALID = 1006,
    KEY_DELETED = 1018,
    DLL_INIT_FAILED = 1114,
    USER_MAPPED_FILE = 1224,
    INVALID_THREAD_ID = 1444,
    NO_SYSTEM_RESOURCES = 1450,
    TIMEOUT = 1460,
    RESOURCE_DATA_NOT_FOUND = 1812,
    RESOURCE_TYPE_NOT_FOUND = 1813,
    RESOURCE_NAME_NOT_FOUND = 1814,
    RESOURCE_LANG_NOT_FOUND = 1815,
}

impl fmt::Display for Win32Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "error {}", self.0),
        }
    }
}

impl fmt::Debug for Win32Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What a function of the API comes to.
pub type CeResult<T> = Result<T, Win32Error>;

impl From<BadHandle> for Win32Error {
    fn from(_: BadHandle) -> Self {
        Self::INVALID_HANDLE
    }
}

impl From<NotOwner> for Win32Error {
    // SQ-05: the CE error list describes 288 as releasing a mutex that one does not own.
    fn from(_: NotOwner) -> Self {
        Self::NOT_OWNER
    }
}

impl From<NameError> for Win32Error {
    // SQ-10, OQ-29: no page gives a code; the queue pages speak of parameter validation.
    fn from(error: NameError) -> Self {
        match error {
            NameError::TooLong => Self::INVALID_PARAMETER,
        }
    }
}

impl From<SemaphoreError> for Win32Error {
    // SQ-06, SQ-07.
    fn from(error: SemaphoreError) -> Self {
        match error {
            SemaphoreError::BadCount => Self::INVALID_PARAMETER,
            SemaphoreError::TooManyPosts => Self::TOO_MANY_POSTS,
        }
    }
}
