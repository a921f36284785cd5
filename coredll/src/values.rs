//! Values as a script has them: what a parameter type takes from them, and what a reply becomes.
//!
//! A script language implements [`Values`] and [`Results`] once; the rows do the rest. Documented parameters
//! stand in documented order. An array is one list without its count, a buffer handed in is one text without
//! its size, a buffer to be filled is its size alone; out-parameters are not passed, and what they receive
//! comes after the result.

/// A script's value, looked at.
#[derive(Copy, Clone, PartialEq, Debug)]
pub enum Value<'a> {
    /// Nothing: NULL.
    Nil,
    /// A truth value.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A text, or bytes.
    Text(&'a [u8]),
    /// A list of so many, or a record.
    Table(u32),
    /// Anything else.
    Other,
}

/// The arguments of a script's call, from left to right.
pub trait Values {
    /// Takes the next argument; one that was left out is nil.
    fn next(&mut self) -> Value<'_>;

    /// The item of the table that was taken last, counted from 1.
    fn item(&mut self, place: u32) -> Value<'_>;

    /// The member of the table that was taken last.
    fn member(&mut self, name: &'static str) -> Value<'_>;

    /// The member of a table that is itself a member of the table that was taken last.
    fn inner(&mut self, name: &'static str, inner: &'static str) -> Value<'_>;

    /// An address that stands for the value that was taken last, in the process that made it.
    fn keep(&mut self) -> u32;
}

/// Takes what a call gives back, from left to right.
pub trait Results {
    /// Nothing: NULL, or an out-parameter that received nothing.
    fn nil(&mut self);
    /// A truth value.
    fn boolean(&mut self, value: bool);
    /// A whole number.
    fn integer(&mut self, value: i64);
    /// A text, or bytes.
    fn bytes(&mut self, value: &[u8]);
    /// A structure by its documented members.
    fn record(&mut self, members: &[(&'static str, Field)]);
}

/// A structure's member, on its way to a script.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Field {
    /// A number.
    Number(i64),
    /// Text.
    Text(String),
    /// A structure within.
    Record(Vec<(&'static str, Field)>),
}

/// What a parameter wants to be given.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Wants(pub &'static str);

/// An argument of a script's call that is not what the parameter wants.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct BadArgument {
    /// The parameter's name.
    pub parameter: &'static str,
    /// What it wants.
    pub wants: &'static str,
}

/// A DWORD: taken modulo 2^32; nil is 0.
#[inline]
pub(crate) fn word(value: Value<'_>) -> Result<u32, Wants> {
    match value {
        Value::Integer(number) => Ok(number as u32),
        Value::Nil => Ok(0),
        Value::Boolean(_) | Value::Text(_) | Value::Table(_) | Value::Other => Err(Wants("an integer")),
    }
}

/// A structure's member, which may also be a truth value.
pub(crate) fn member(values: &mut impl Values, name: &'static str) -> Result<u32, Wants> {
    match values.member(name) {
        Value::Boolean(value) => Ok(u32::from(value)),
        value => word(value).map_err(|_| Wants("a table whose members are integers or booleans")),
    }
}

/// Text in UTF-8 as UTF-16 units, up to its NUL.
pub(crate) fn units(text: &[u8]) -> Result<Vec<u16>, Wants> {
    let text = text.split(|byte| *byte == 0).next().unwrap_or_default();
    let text = str::from_utf8(text).map_err(|_| Wants("a string in UTF-8"))?;
    Ok(text.encode_utf16().collect())
}
