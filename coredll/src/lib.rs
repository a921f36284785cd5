//! The CE API: one row per function, its parameters, result, failure value, page, and body.
