//! What can be waited on: events, mutexes, semaphores and their kin as plain state machines.
