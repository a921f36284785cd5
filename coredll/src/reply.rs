//! Replies: what a call gives back.

/// What a call gives back: the return register, and what the out-parameters receive, in order.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Reply {
    /// The return register.
    pub value: u32,
    /// One entry for each out-parameter that receives something; none when the call failed.
    pub outs: Outs,
}

/// What out-parameters receive, in order. Most calls have none, and few have several.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub enum Outs {
    /// Nothing is received.
    #[default]
    None,
    /// One value.
    One(OutValue),
    /// More than one.
    Several(Box<[OutValue]>),
}

impl Outs {
    /// The values, in order.
    pub fn as_slice(&self) -> &[OutValue] {
        match self {
            Outs::None => &[],
            Outs::One(value) => std::slice::from_ref(value),
            Outs::Several(values) => values,
        }
    }

    /// Whether nothing is received.
    #[inline]
    pub fn is_empty(&self) -> bool {
        matches!(self, Outs::None)
    }
}

impl<'a> IntoIterator for &'a Outs {
    type Item = &'a OutValue;
    type IntoIter = std::slice::Iter<'a, OutValue>;

    fn into_iter(self) -> Self::IntoIter {
        self.as_slice().iter()
    }
}

/// What one out-parameter receives: its bytes as they stand in a guest's memory.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum OutValue {
    /// A value or a small structure.
    Small {
        /// How many of the bytes.
        length: u8,
        /// The bytes.
        bytes: [u8; SMALL],
    },
    /// A buffer's contents.
    Large(Box<[u8]>),
}

/// How many bytes go into a reply without an allocation: a CRITICAL_SECTION.
pub(crate) const SMALL: usize = 20;

impl OutValue {
    /// Holds these bytes.
    pub fn new(content: &[u8]) -> Self {
        if content.len() > SMALL {
            return OutValue::Large(content.into());
        }
        let mut bytes = [0; SMALL];
        bytes[..content.len()].copy_from_slice(content);
        OutValue::Small { length: content.len() as u8, bytes }
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            OutValue::Small { length, bytes } => &bytes[..usize::from(*length)],
            OutValue::Large(bytes) => bytes,
        }
    }
}

impl Reply {
    /// A reply without out-parameters.
    #[inline]
    pub fn of(value: u32) -> Self {
        Self { value, outs: Outs::None }
    }

    /// Takes the place of the reply before.
    #[inline(always)]
    pub fn become_of(&mut self, reply: Reply) {
        let Reply { value, outs } = reply;
        self.value = value;
        // Nearly always neither has any, and then there is nothing to write.
        if !self.outs.is_empty() || !outs.is_empty() {
            self.outs = outs;
        } else {
            // Nor to drop.
            std::mem::forget(outs);
        }
    }
}
