//! Bodies of rows that are more than a line: what a function does with the engines' results, its failure
//! value and its last error.

pub(crate) mod digest;
pub(crate) mod digits;
pub(crate) mod enumeration;
pub(crate) mod float;
pub(crate) mod heap;
pub(crate) mod locale;
pub(crate) mod message;
pub(crate) mod message_box;
pub(crate) mod nls;
pub(crate) mod number;
pub(crate) mod objects;
pub(crate) mod print;
pub(crate) mod probe;
pub(crate) mod random;
pub(crate) mod request;
pub(crate) mod safe;
pub(crate) mod stack;
pub(crate) mod stdio;
pub(crate) mod virtual_memory;
