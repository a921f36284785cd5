//! The conformance cases, the reference model, the generators, and the suites that use them.
