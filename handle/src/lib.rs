//! How things are referred to: object ids, counted references, the object table, handle tables.
