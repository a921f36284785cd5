//! Runs instructions over an address space.
