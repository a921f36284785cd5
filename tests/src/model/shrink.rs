//! Makes a failing program shorter while it still fails.

use super::program::{Argument, Program};
use super::run::{Difference, run};

/// How many runs the search may take.
const MAXIMUM_RUNS: usize = 20_000;

/// The smallest program that was found which still differs, and how.
pub fn shrink(program: &Program) -> (Program, Difference) {
    let hook = std::panic::take_hook();
    // Each attempt may fail an assertion; they are told once, at the end.
    std::panic::set_hook(Box::new(|_| {}));
    let found = search(program);
    std::panic::set_hook(hook);
    found
}

fn search(program: &Program) -> (Program, Difference) {
    let difference = run(program).expect_err("only a program that fails is shrunk");
    let mut best = (program.clone(), difference);
    let mut runs = 0;
    loop {
        let before = best.0.clone();
        for candidate in simpler_shapes(&best.0) {
            runs += 1;
            if let Err(difference) = run(&candidate) {
                best = (candidate, difference);
                break;
            }
        }
        drop_steps(&mut best, &mut runs);
        simplify_arguments(&mut best, &mut runs);
        if best.0 == before || runs > MAXIMUM_RUNS {
            return best;
        }
    }
}

/// Without a process, without choices, with a plain quantum.
fn simpler_shapes(program: &Program) -> Vec<Program> {
    let mut shapes = Vec::new();
    for place in 0..program.processes.len() {
        let mut shape = program.clone();
        shape.processes.remove(place);
        shapes.push(shape);
    }
    if program.choices.is_some() {
        shapes.push(Program { choices: None, ..program.clone() });
    }
    if program.quantum != 100_000_000 {
        shapes.push(Program { quantum: 100_000_000, ..program.clone() });
    }
    shapes
}

/// Drops runs of steps, long ones first.
fn drop_steps(best: &mut (Program, Difference), runs: &mut usize) {
    for function in 0..best.0.functions.len() {
        let mut length = best.0.functions[function].len();
        while length > 0 {
            let mut start = 0;
            while start < best.0.functions[function].len() {
                let mut candidate = best.0.clone();
                let steps = &mut candidate.functions[function];
                let end = (start + length).min(steps.len());
                steps.drain(start..end);
                *runs += 1;
                match run(&candidate) {
                    Err(difference) => *best = (candidate, difference),
                    Ok(_) => start += length,
                }
                if *runs > MAXIMUM_RUNS {
                    return;
                }
            }
            length /= 2;
        }
    }
}

/// Makes numbers 0 and lists short.
fn simplify_arguments(best: &mut (Program, Difference), runs: &mut usize) {
    for function in 0..best.0.functions.len() {
        for step in 0..best.0.functions[function].len() {
            for place in 0..best.0.functions[function][step].arguments.len() {
                let simpler = match &best.0.functions[function][step].arguments[place] {
                    Argument::Number(number) if *number != 0 => Argument::Number(0),
                    Argument::Name(Some(_)) | Argument::Long(_) => Argument::Name(None),
                    Argument::List(list) if list.len() > 1 => Argument::List(list[1..].to_vec()),
                    _ => continue,
                };
                let mut candidate = best.0.clone();
                candidate.functions[function][step].arguments[place] = simpler;
                *runs += 1;
                if let Err(difference) = run(&candidate) {
                    *best = (candidate, difference);
                }
            }
        }
    }
}
