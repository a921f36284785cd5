//! Makes a process of an executable: maps it, binds imports, runs its threads on a CPU.
