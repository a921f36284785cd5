//! What things are called: a valid name, and a table of names for each type of object.
