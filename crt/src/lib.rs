//! COREDLL's functions that only touch guest memory: C library, strings, heaps, helpers.
