//! CE's structures: their members, and from those their bytes in a guest's memory and their form in a script.
//!
//! To a script a structure is a table of its documented members; what it leaves out is 0.

use std::fmt;

use cerium_kernel::{CeResult, Win32Error};
use cerium_process::{Date, FileTime};

use crate::param::{Abi, Null, OUT, Param, StackFault, Structure, Wanted};
use crate::reply::OutValue;
use crate::ret::{OutType, word_at};
use crate::values::{Field, Results, Value, Values, Wants, member, units, word};

/// A structure's member: little-endian bytes, without gaps, for members lie where they are aligned.
trait Member: Sized {
    const SIZE: usize;
    fn put(&self, bytes: &mut Vec<u8>);
    fn take(bytes: &[u8]) -> Self;
    fn field(&self) -> Field;
    fn of(values: &mut impl Values, name: &'static str) -> Result<Self, Wants>;
}

macro_rules! number_members {
    ($($type:ty),*) => {
        $(impl Member for $type {
            const SIZE: usize = size_of::<$type>();

            fn put(&self, bytes: &mut Vec<u8>) {
                bytes.extend(self.to_le_bytes());
            }

            fn take(bytes: &[u8]) -> Self {
                let mut own = [0; size_of::<$type>()];
                // A reply that failed has no bytes.
                let length = own.len().min(bytes.len());
                own[..length].copy_from_slice(&bytes[..length]);
                <$type>::from_le_bytes(own)
            }

            fn field(&self) -> Field {
                Field::Number(i64::from(*self))
            }

            fn of(values: &mut impl Values, name: &'static str) -> Result<Self, Wants> {
                Ok(member(values, name)? as $type)
            }
        })*
    };
}

number_members!(u16, u32, i32);

/// Text in an array, with a NUL if there is room for one.
impl<const N: usize> Member for [u16; N] {
    const SIZE: usize = 2 * N;

    fn put(&self, bytes: &mut Vec<u8>) {
        self.iter().for_each(|unit| unit.put(bytes));
    }

    fn take(bytes: &[u8]) -> Self {
        let mut text = [0; N];
        for (unit, pair) in text.iter_mut().zip(bytes.chunks_exact(2)) {
            *unit = u16::take(pair);
        }
        text
    }

    fn field(&self) -> Field {
        let text = self.split(|unit| *unit == 0).next().unwrap_or_default();
        Field::Text(String::from_utf16_lossy(text))
    }

    fn of(values: &mut impl Values, name: &'static str) -> Result<Self, Wants> {
        match values.member(name) {
            Value::Nil => Ok([0; N]),
            Value::Text(text) => Ok(wide(&units(text)?)),
            _ => Err(Wants("a table whose texts are strings")),
        }
    }
}

/// Fills an array with what of a text fits, the rest with NULs, of which there is at least one.
pub(crate) fn wide<const N: usize>(text: &[u16]) -> [u16; N] {
    let mut array = [0; N];
    let length = text.len().min(N - 1);
    array[..length].copy_from_slice(&text[..length]);
    array
}

/// Declares structures, a line a member, in the order of their bytes.
macro_rules! structures {
    ($($(#[doc = $doc:literal])+ $name:ident { $($member:ident: $type:ty,)* })*) => {
        $(
            $(#[doc = $doc])+
            #[derive(Clone, PartialEq, Eq, Hash, Debug)]
            #[allow(non_snake_case, missing_docs, reason = "CE's members")]
            pub struct $name {
                $(pub $member: $type,)*
            }

            impl OutType for $name {
                const SIZE: u32 = (0 $(+ <$type as Member>::SIZE)*) as u32;

                fn encode(&self) -> OutValue {
                    let mut bytes = Vec::with_capacity(<Self as Structure>::SIZE);
                    $(self.$member.put(&mut bytes);)*
                    OutValue::new(&bytes)
                }

                fn decode(bytes: &[u8]) -> Self {
                    <Self as Structure>::decode(bytes)
                }

                fn give(&self, to: &mut impl Results) {
                    to.record(&[$((stringify!($member), self.$member.field())),*]);
                }
            }

            impl Structure for $name {
                const SIZE: usize = 0 $(+ <$type as Member>::SIZE)*;

                #[allow(non_snake_case, reason = "CE's members")]
                fn decode(bytes: &[u8]) -> Self {
                    let rest = bytes;
                    $(
                        let $member = <$type as Member>::take(rest);
                        let rest = rest.get(<$type as Member>::SIZE..).unwrap_or_default();
                    )*
                    let _ = rest;
                    Self { $($member),* }
                }

                fn from_members(values: &mut impl Values) -> Result<Self, Wants> {
                    Ok(Self { $($member: <$type as Member>::of(values, stringify!($member))?),* })
                }
            }

            impl Default for $name {
                fn default() -> Self {
                    <Self as Structure>::decode(&[])
                }
            }
        )*
    };
}

structures! {
    /// SYSTEMTIME (ee488441).
    SystemTime {
        wYear: u16,
        wMonth: u16,
        wDayOfWeek: u16,
        wDay: u16,
        wHour: u16,
        wMinute: u16,
        wSecond: u16,
        wMilliseconds: u16,
    }

    /// TIME_ZONE_INFORMATION.
    TimeZoneInformation {
        Bias: i32,
        StandardName: [u16; 32],
        StandardDate: SystemTime,
        StandardBias: i32,
        DaylightName: [u16; 32],
        DaylightDate: SystemTime,
        DaylightBias: i32,
    }

    /// STORE_INFORMATION.
    StoreInformation {
        dwStoreSize: u32,
        dwFreeSize: u32,
    }

    /// OSVERSIONINFO.
    OsVersionInfo {
        dwOSVersionInfoSize: u32,
        dwMajorVersion: u32,
        dwMinorVersion: u32,
        dwBuildNumber: u32,
        dwPlatformId: u32,
        szCSDVersion: [u16; 128],
    }

    /// PROCESSENTRY32 of CE: a process in a snapshot.
    ProcessEntry32 {
        dwSize: u32,
        cntUsage: u32,
        th32ProcessID: u32,
        th32DefaultHeapID: u32,
        th32ModuleID: u32,
        cntThreads: u32,
        th32ParentProcessID: u32,
        pcPriClassBase: i32,
        dwFlags: u32,
        szExeFile: [u16; 260],
        th32MemoryBase: u32,
        th32AccessKey: u32,
    }

    /// THREADENTRY32 of CE: a thread in a snapshot.
    ThreadEntry32 {
        dwSize: u32,
        cntUsage: u32,
        th32ThreadID: u32,
        th32OwnerProcessID: u32,
        tpBasePri: i32,
        tpDeltaPri: i32,
        dwFlags: u32,
        th32AccessKey: u32,
        th32CurrentProcessID: u32,
    }

    /// MODULEENTRY32 of CE: a module in a snapshot.
    ModuleEntry32 {
        dwSize: u32,
        th32ModuleID: u32,
        th32ProcessID: u32,
        GlblcntUsage: u32,
        ProccntUsage: u32,
        modBaseAddr: u32,
        modBaseSize: u32,
        hModule: u32,
        szModule: [u16; 260],
        szExePath: [u16; 260],
        dwFlags: u32,
    }

    /// MODULEINFO: where a module lies.
    ModuleInfo {
        lpBaseOfDll: u32,
        SizeOfImage: u32,
        EntryPoint: u32,
    }

    /// HEAPLIST32: a heap in a snapshot.
    HeapList32 {
        dwSize: u32,
        th32ProcessID: u32,
        th32HeapID: u32,
        dwFlags: u32,
    }

    /// HEAPENTRY32: a block of a heap in a snapshot.
    HeapEntry32 {
        dwSize: u32,
        hHandle: u32,
        dwAddress: u32,
        dwBlockSize: u32,
        dwFlags: u32,
        dwLockCount: u32,
        dwResvd: u32,
        th32ProcessID: u32,
        th32HeapID: u32,
    }
}

/// MSGQUEUEOPTIONS.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
#[allow(non_snake_case, reason = "CE's member names")]
#[allow(missing_docs, reason = "CE's members")]
pub struct MsgQueueOptions {
    pub dwSize: u32,
    pub dwFlags: u32,
    pub dwMaxMessages: u32,
    pub cbMaxMessage: u32,
    pub bReadAccess: u32,
}

impl MsgQueueOptions {
    /// dwSize of a full structure.
    pub const SIZE: u32 = 20;
}

impl Structure for MsgQueueOptions {
    const SIZE: usize = 20;

    fn decode(bytes: &[u8]) -> Self {
        Self {
            dwSize: word_at(bytes, 0),
            dwFlags: word_at(bytes, 1),
            dwMaxMessages: word_at(bytes, 2),
            cbMaxMessage: word_at(bytes, 3),
            bReadAccess: word_at(bytes, 4),
        }
    }

    fn from_members(values: &mut impl Values) -> Result<Self, Wants> {
        // A script need not count bytes: without dwSize the structure is whole.
        let size = match values.member("dwSize") {
            Value::Nil => Self::SIZE,
            value => word(value)?,
        };
        Ok(Self {
            dwSize: size,
            dwFlags: member(values, "dwFlags")?,
            dwMaxMessages: member(values, "dwMaxMessages")?,
            cbMaxMessage: member(values, "cbMaxMessage")?,
            bReadAccess: member(values, "bReadAccess")?,
        })
    }
}

/// A CONTEXT in the guest's memory: a processor's registers. Only executables have one.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Context {
    /// Its bytes; none if the address is NULL or bad.
    bytes: Option<Box<[u8]>>,
    writable: bool,
}

impl Context {
    /// The bytes of one that is handed in.
    pub(crate) fn required(&self) -> CeResult<&[u8]> {
        self.bytes.as_deref().ok_or(Win32Error::INVALID_PARAMETER)
    }

    /// The bytes of one that is to be filled.
    pub(crate) fn required_writable(&self) -> CeResult<&[u8]> {
        if self.writable { self.required() } else { Err(Win32Error::INVALID_PARAMETER) }
    }
}

impl Param for Context {
    const IS_SHOWN: bool = false;

    fn from_abi(abi: &mut dyn Abi) -> Result<Self, StackFault> {
        let address = abi.word()?;
        let size = abi.context_size();
        let mut bytes = vec![0; size as usize];
        let is_read = address != 0 && abi.read(address, &mut bytes).is_ok();
        let writable = abi.out(address, size);
        Ok(Context { bytes: is_read.then_some(bytes.into()), writable })
    }

    fn from_values(values: &mut impl Values) -> Result<Self, Wants> {
        let _ = values.next();
        Ok(Context::from(OUT))
    }

    fn show(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl From<Wanted> for Context {
    fn from(_: Wanted) -> Self {
        Context { bytes: Some(Box::default()), writable: true }
    }
}

impl From<Null> for Context {
    fn from(_: Null) -> Self {
        Context { bytes: None, writable: false }
    }
}

/// FILETIME; to a script it is a number.
impl Structure for FileTime {
    const SIZE: usize = 8;

    fn decode(bytes: &[u8]) -> Self {
        <Self as OutType>::decode(bytes)
    }

    fn from_members(values: &mut impl Values) -> Result<Self, Wants> {
        let (low, high) = (member(values, "dwLowDateTime")?, member(values, "dwHighDateTime")?);
        Ok(FileTime(u64::from(high) << 32 | u64::from(low)))
    }

    fn from_number(number: i64) -> Option<Self> {
        Some(FileTime(number as u64))
    }
}

/// A structure within a structure: a table within the table.
impl Member for SystemTime {
    const SIZE: usize = <Self as Structure>::SIZE;

    fn put(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.encode().as_bytes());
    }

    fn take(bytes: &[u8]) -> Self {
        <Self as Structure>::decode(bytes)
    }

    fn field(&self) -> Field {
        let Self { wYear, wMonth, wDayOfWeek, wDay, wHour, wMinute, wSecond, wMilliseconds } = *self;
        Field::Record(vec![
            ("wYear", wYear.field()),
            ("wMonth", wMonth.field()),
            ("wDayOfWeek", wDayOfWeek.field()),
            ("wDay", wDay.field()),
            ("wHour", wHour.field()),
            ("wMinute", wMinute.field()),
            ("wSecond", wSecond.field()),
            ("wMilliseconds", wMilliseconds.field()),
        ])
    }

    fn of(values: &mut impl Values, name: &'static str) -> Result<Self, Wants> {
        let mut inner = |inner| word(values.inner(name, inner)).map(|word| word as u16);
        Ok(Self {
            wYear: inner("wYear")?,
            wMonth: inner("wMonth")?,
            wDayOfWeek: inner("wDayOfWeek")?,
            wDay: inner("wDay")?,
            wHour: inner("wHour")?,
            wMinute: inner("wMinute")?,
            wSecond: inner("wSecond")?,
            wMilliseconds: inner("wMilliseconds")?,
        })
    }
}

impl From<Date> for SystemTime {
    fn from(date: Date) -> Self {
        let Date { year, month, day_of_week, day, hour, minute, second, milliseconds } = date;
        SystemTime {
            wYear: year,
            wMonth: month,
            wDayOfWeek: day_of_week,
            wDay: day,
            wHour: hour,
            wMinute: minute,
            wSecond: second,
            wMilliseconds: milliseconds,
        }
    }
}

impl SystemTime {
    /// The date, which there may not be.
    pub(crate) fn date(self) -> Date {
        let Self { wYear, wMonth, wDayOfWeek, wDay, wHour, wMinute, wSecond, wMilliseconds } = self;
        Date {
            year: wYear,
            month: wMonth,
            day_of_week: wDayOfWeek,
            day: wDay,
            hour: wHour,
            minute: wMinute,
            second: wSecond,
            milliseconds: wMilliseconds,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structures_have_the_sizes_of_the_headers() {
        assert_eq!(<SystemTime as OutType>::SIZE, 16);
        assert_eq!(<TimeZoneInformation as OutType>::SIZE, 172);
        assert_eq!(<OsVersionInfo as OutType>::SIZE, 276);
        assert_eq!(<ProcessEntry32 as OutType>::SIZE, 564);
        assert_eq!(<ThreadEntry32 as OutType>::SIZE, 36);
        assert_eq!(<ModuleEntry32 as OutType>::SIZE, 1076);
        assert_eq!(<HeapList32 as OutType>::SIZE, 16);
        assert_eq!(<HeapEntry32 as OutType>::SIZE, 36);
    }

    #[test]
    fn a_structure_is_read_back_as_it_was_laid_out() {
        let zone = TimeZoneInformation {
            Bias: -60,
            StandardName: wide(&"Mitteleuropa".encode_utf16().collect::<Vec<_>>()),
            StandardDate: SystemTime { wMonth: 10, wDay: 5, wHour: 3, ..SystemTime::default() },
            DaylightBias: -60,
            ..TimeZoneInformation::default()
        };
        let bytes = zone.encode();
        assert_eq!(bytes.as_bytes().len(), 172);
        assert_eq!(bytes.as_bytes()[68 + 2], 10);
        assert_eq!(<TimeZoneInformation as OutType>::decode(bytes.as_bytes()), zone);
    }
}
