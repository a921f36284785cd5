//! Turns and medians: what makes times of a shared machine comparable.

use rustix::time::{ClockId, clock_gettime};

/// How much processor time one turn takes, about, in nanoseconds.
const TURN: u64 = 40_000_000;
/// The first guess at how many iterations that is.
const FIRST_GUESS: u64 = 1_000;

/// Something that can be done so many times.
pub struct Contender<'a> {
    /// What people know it by.
    pub name: &'a str,
    /// Does it.
    pub run: &'a dyn Fn(u64),
}

/// Lets all take turns, and returns how many nanoseconds of processor time an iteration of each takes: the
/// median of the rounds.
pub fn medians(contenders: &[Contender<'_>], rounds: u32) -> Vec<f64> {
    let iterations: Vec<u64> = contenders.iter().map(calibrate).collect();
    let mut times = vec![Vec::new(); contenders.len()];
    for round in 1..=rounds {
        crate::progress(&format!("round {round} of {rounds}"));
        for (place, contender) in contenders.iter().enumerate() {
            let ns = time(contender, iterations[place]);
            times[place].push(ns as f64 / iterations[place] as f64);
        }
    }
    times.iter_mut().map(|times| median(times)).collect()
}

/// How many iterations a turn has.
fn calibrate(contender: &Contender<'_>) -> u64 {
    crate::progress(&format!("warming up {}", contender.name));
    let mut iterations = FIRST_GUESS;
    loop {
        let ns = time(contender, iterations).max(1);
        if ns >= TURN / 4 {
            return (iterations as u128 * u128::from(TURN) / u128::from(ns)).max(1) as u64;
        }
        iterations *= 4;
    }
}

fn time(contender: &Contender<'_>, iterations: u64) -> u64 {
    let before = processor_time();
    (contender.run)(iterations);
    processor_time() - before
}

/// What all threads of this process have used, in nanoseconds. Children are not in it.
pub fn processor_time() -> u64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

/// What the children that have ended have used, in nanoseconds; the system counts it in ticks.
pub fn children_time() -> Result<u64, String> {
    let status = std::fs::read_to_string("/proc/self/stat").map_err(|error| format!("/proc: {error}"))?;
    // Behind the name, which may have blanks: the 14th and 15th field are cutime and cstime.
    let fields = status.rsplit_once(')').map_or("", |parts| parts.1).split_whitespace();
    let ticks: u64 = fields.skip(13).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Ok(ticks * 1_000_000_000 / rustix::param::clock_ticks_per_second())
}

/// The middle one.
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
