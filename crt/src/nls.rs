//! National language support: one locale, English of the United States, with what depends on it.
//!
//! - [`locale`]: what the locale is, in a table; [`dates`], [`numbers`]: what is written by it.
//! - [`order`]: how text is compared; [`mapping`]: how it is mapped; [`types`]: what its characters are.
//! - [`pages`]: code pages; [`system_messages`]: what error codes say.
//!
//! What is known of characters is Unicode's, from the standard library and the crates of the field; so it is
//! the same on every host.

#![allow(missing_docs, reason = "the names of the fields and constants are the reference's own")]

pub mod dates;
pub mod locale;
pub mod mapping;
pub mod numbers;
pub mod order;
pub mod pages;
pub mod system_messages;
pub mod types;
