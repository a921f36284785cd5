//! What runs: processes, threads, priorities, the ready queue, the timer queue, the clock.
