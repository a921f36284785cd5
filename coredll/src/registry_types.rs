//! Parameter and result types of the registry functions. They return their error; the last error stays.

use std::fmt;

use cerium_kernel::Win32Error;

use crate::file_types::Place;
use crate::param::{Abi, Null, Param, StackFault};
use crate::reply::{OutValue, Outs, Reply};
use crate::ret::{OutType, Ret, give_out, out};
use crate::values::{Results, Value, Values, Wants, word};

/// A buffer to be filled: a pointer, and a pointer to its size in units of so many bytes, which receives how
/// much there is.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Room<const UNIT: u32> {
    buffer: Place,
    size: Place,
    units: u32,
}

/// A buffer of bytes whose size stands elsewhere.
pub type DataRoom = Room<1>;
/// A buffer of wide characters whose size stands elsewhere.
pub type TextRoom = Room<2>;

/// Nothing in the registry is longer, in bytes: a larger buffer need not be good to its end.
const LONGEST: u32 = 4096;

impl<const UNIT: u32> Room<UNIT> {
    /// How much room there is; none if only the size is asked for, or nothing.
    ///
    /// # Errors
    /// An address that is bad, or a buffer without a size.
    pub fn check(self) -> Result<Option<u32>, Win32Error> {
        match (self.buffer, self.size) {
            (Place::Bad, _) | (_, Place::Bad) | (Place::Good, Place::Null) => {
                Err(Win32Error::INVALID_PARAMETER)
            }
            (Place::Null, _) => Ok(None),
            (Place::Good, Place::Good) => Ok(Some(self.units)),
        }
    }

    /// The same where there must be a buffer.
    ///
    /// # Errors
    /// As above; and no buffer.
    pub fn required(self) -> Result<u32, Win32Error> {
        self.check()?.ok_or(Win32Error::INVALID_PARAMETER)
    }
}

impl<const UNIT: u32> Param for Room<UNIT> {
    fn from_abi(abi: &mut dyn Abi) -> Result<Self, StackFault> {
        let (buffer, size) = (abi.word()?, abi.word()?);
        let mut bytes = [0; 4];
        let is_readable = size != 0 && abi.read(size, &mut bytes).is_ok();
        let units = u32::from_le_bytes(bytes);
        let is_buffer_good = abi.out(buffer, units.saturating_mul(UNIT).min(LONGEST));
        let is_size_good = abi.out(size, 4);
        Ok(Room {
            buffer: Place::of(buffer, is_buffer_good),
            size: Place::of(size, is_readable && is_size_good),
            units,
        })
    }

    fn from_values(values: &mut impl Values) -> Result<Self, Wants> {
        match values.next() {
            Value::Nil => Ok(Room { buffer: Place::Null, size: Place::Good, units: 0 }),
            value => word(value).map(Room::from).map_err(|_| Wants("a size or nil")),
        }
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.units)
    }
}

impl<const UNIT: u32> From<u32> for Room<UNIT> {
    fn from(units: u32) -> Self {
        Room { buffer: Place::Good, size: Place::Good, units }
    }
}

impl<const UNIT: u32> From<Null> for Room<UNIT> {
    fn from(_: Null) -> Self {
        Room { buffer: Place::Null, size: Place::Good, units: 0 }
    }
}

/// What a registry function returns: its error, and what it gives, also when not all of it fits.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Status<T> {
    /// ERROR_SUCCESS, or why it failed.
    pub code: Win32Error,
    /// What the out-parameters receive.
    pub given: Option<T>,
}

impl<T> Status<T> {
    /// It is done.
    pub(crate) fn done(given: T) -> Self {
        Status { code: Win32Error::SUCCESS, given: Some(given) }
    }

    /// What was given.
    ///
    /// # Panics
    /// If nothing was: for guests that know.
    pub fn expect(self, what: &str) -> T {
        match self.given {
            Some(given) => given,
            None => panic!("{what}: {}", self.code),
        }
    }
}

/// What several out-parameters receive.
pub trait Given: Sized {
    /// In their order.
    fn outs(&self) -> Box<[OutValue]>;
    /// Reads it back, for a native guest.
    fn read(reply: &Reply) -> Self;
    /// Gives it to a script.
    fn give(reply: &Reply, to: &mut impl Results);
}

macro_rules! given {
    ($($type:ident $place:tt),*) => {
        impl<$($type: OutType),*> Given for ($($type,)*) {
            fn outs(&self) -> Box<[OutValue]> {
                Box::new([$(self.$place.encode()),*])
            }

            #[allow(clippy::unused_unit, reason = "of no values it is nothing")]
            fn read(reply: &Reply) -> Self {
                ($(out::<$type>(reply, $place),)*)
            }

            fn give(reply: &Reply, to: &mut impl Results) {
                $(give_out::<$type>(reply, $place, to);)*
            }
        }
    };
}

impl Given for () {
    fn outs(&self) -> Box<[OutValue]> {
        Box::default()
    }

    fn read(_: &Reply) -> Self {}

    fn give(_: &Reply, _: &mut impl Results) {}
}

given!(A 0);
given!(A 0, B 1);
given!(A 0, B 1, C 2);
given!(A 0, B 1, C 2, D 3, E 4);
given!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);

impl<T: Given> Ret for Status<T> {
    const FAILURE: u32 = Win32Error::INVALID_PARAMETER.0;

    fn into_reply(self) -> Reply {
        let outs = match &self.given {
            Some(given) => given.outs(),
            None => Box::default(),
        };
        let outs = if outs.is_empty() { Outs::None } else { Outs::Several(outs) };
        Reply { value: self.code.0, outs }
    }

    fn from_reply(reply: &Reply) -> Self {
        let code = Win32Error(reply.value);
        let has_given = code == Win32Error::SUCCESS || !reply.outs.is_empty();
        Status { code, given: has_given.then(|| T::read(reply)) }
    }

    fn give(reply: &Reply, to: &mut impl Results) {
        to.integer(i64::from(reply.value));
        T::give(reply, to);
    }
}
