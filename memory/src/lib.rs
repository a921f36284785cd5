//! Guest memory: address spaces with permissions, and sections that several processes see as one.
