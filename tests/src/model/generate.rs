//! Random programs from a seed. Each seed picks its own functions, sizes and habits.

use super::program::{Argument, Family, Gives, Kind, Program, ROWS, Row, Step, VARIABLES, parse_step};
use super::run::MISSING_IMAGE;

/// A stream of numbers that a seed decides (splitmix64).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The stream of a seed.
    pub fn new(seed: u64) -> Self {
        Random(seed)
    }

    /// The next number.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below this one.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.next_u64() % limit as u64) as usize
    }

    /// True so many times in a hundred.
    pub fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }

    fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }
}

const FAMILIES: &[Family] = &[
    Family::Event,
    Family::Mutex,
    Family::Semaphore,
    Family::Section,
    Family::Reader,
    Family::Writer,
    Family::Watchdog,
    Family::Map,
    Family::View,
    Family::Thread,
    Family::Process,
    Family::Tls,
];

/// What one seed is like.
struct Habits {
    random: Random,
    /// What each variable mostly holds.
    variables: Vec<Family>,
    /// The rows that are called, each as often as it is to be.
    rows: Vec<&'static Row>,
    functions: usize,
    /// Of a hundred time-outs so many are infinite.
    infinite: usize,
    /// Of a hundred arguments so many are anything at all.
    garbage: usize,
    levels: Vec<u32>,
    names: Vec<&'static str>,
}

impl Habits {
    fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let mut variables = Vec::new();
        if random.percent(50) {
            // Much of little: that is where threads meet.
            let focus = [Family::Event, Family::Mutex, Family::Mutex, Family::Section, Family::Reader];
            for family in [random.of(&focus), random.of(&focus), random.of(FAMILIES)] {
                let count = 1 + random.below(3);
                variables.extend(std::iter::repeat_n(family, count));
            }
        } else {
            let share = random.of(&[30, 50, 70, 90]);
            for family in FAMILIES {
                if random.percent(share) {
                    let count = 1 + random.below(3);
                    variables.extend(std::iter::repeat_n(*family, count));
                }
            }
        }
        // Programs need somebody who runs beside the first thread; a reader needs a writer.
        let count = 1 + random.below(4);
        variables.extend(std::iter::repeat_n(Family::Thread, count));
        if variables.contains(&Family::Reader) {
            variables.push(Family::Writer);
        }
        while variables.len() > VARIABLES {
            let place = random.below(variables.len());
            variables.remove(place);
        }
        let mut rows = Vec::new();
        for row in ROWS {
            let is_wanted = row.family == Family::None || variables.contains(&row.family);
            if !is_wanted || random.percent(12) {
                continue;
            }
            let weight = row.weight as usize * random.of(&[1, 2, 2, 2, 5]);
            rows.extend(std::iter::repeat_n(row, weight));
        }
        let levels =
            (0..1 + random.below(4)).map(|_| random.of(&[0, 1, 100, 248, 250, 251, 252, 255])).collect();
        Habits {
            variables,
            rows,
            functions: 1 + random.below(5),
            infinite: random.of(&[0, 10, 25, 50]),
            garbage: random.of(&[0, 1, 3, 10]),
            levels,
            names: vec!["a", "b", "A", ""][..1 + random.below(4)].to_vec(),
            random,
        }
    }

    /// A variable that mostly holds something of this family.
    fn variable(&mut self, wanted: impl Fn(Family) -> bool) -> u8 {
        let fitting: Vec<usize> =
            (0..self.variables.len()).filter(|place| wanted(self.variables[*place])).collect();
        if fitting.is_empty() || self.random.percent(6) {
            return self.random.below(self.variables.len()) as u8;
        }
        self.random.of(&fitting) as u8
    }

    fn handle(&mut self, wanted: impl Fn(Family) -> bool, pseudo: Option<u32>) -> Argument {
        if self.random.percent(self.garbage) {
            return Argument::Number(self.random.of(&[0, 1, 2, 4, 65, 66, 0x4_0002, 0x4_0006, u32::MAX]));
        }
        if let Some(pseudo) = pseudo
            && self.random.percent(25)
        {
            return Argument::Number(pseudo);
        }
        Argument::Variable(self.variable(wanted))
    }

    fn time(&mut self) -> u32 {
        if self.random.percent(self.infinite) {
            return u32::MAX;
        }
        if self.random.percent(1) {
            return self.random.of(&[0x7fff_fffe, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe]);
        }
        self.random.of(&[0, 0, 0, 1, 1, 2, 2, 3, 4, 7, 20])
    }

    fn name(&mut self) -> Argument {
        if self.random.percent(1) {
            return Argument::Long(self.random.of(&[257, 258, 259, 260]));
        }
        if self.random.percent(50) {
            return Argument::Name(None);
        }
        let names = self.names.clone();
        Argument::Name(Some(self.random.of(&names).to_owned()))
    }

    fn of_family(&mut self, family: Family) -> Argument {
        let pseudo = match family {
            Family::Thread => Some(65),
            Family::Process => Some(66),
            _ => None,
        };
        self.handle(|other| other == family, pseudo)
    }

    fn argument(&mut self, kind: Kind) -> Argument {
        let is_waitable = |family| {
            !matches!(family, Family::Section | Family::Map | Family::View | Family::Tls | Family::None)
        };
        let random = &mut self.random;
        Argument::Number(match kind {
            Kind::Name => return self.name(),
            Kind::Of(family) => return self.of_family(family),
            Kind::Any => return self.handle(|family| !matches!(family, Family::View | Family::Tls), None),
            Kind::Waitable => return self.handle(is_waitable, None),
            Kind::Waitables => {
                let count = if self.random.percent(3) { 0 } else { 1 + self.random.below(5) };
                return Argument::List((0..count).map(|_| self.handle(is_waitable, None)).collect());
            }
            Kind::Image if random.percent(5) => return Argument::Name(Some(MISSING_IMAGE.to_owned())),
            Kind::Image => return Argument::Name(Some(random.below(self.functions).to_string())),
            Kind::Id if random.percent(95) => return Argument::Id(random.below(16) as u8),
            Kind::Id => random.of(&[0, 1, 65, 4000]),
            Kind::Time => self.time(),
            Kind::Flag => random.below(2) as u32,
            Kind::Small if random.percent(3) => random.of(&[u32::MAX, i32::MAX as u32, 0x8000_0000]),
            Kind::Small => random.of(&[0, 1, 1, 1, 2, 2, 3, 5]),
            Kind::Code => random.of(&[0, 1, 7, 259, 3, 4, 5, 6, 8]),
            Kind::Level if random.percent(3) => random.of(&[256, u32::MAX, 1000]),
            Kind::Level => self.random.of(&self.levels),
            Kind::Old => random.of(&[0, 1, 2, 3, 3, 4, 7, 8, u32::MAX]),
            Kind::Quantum => random.of(&[0, 1, 2, 5, 100]),
            Kind::Access if random.percent(90) => 0x001f_0003,
            Kind::Access => random.of(&[0, 2]),
            Kind::Function if random.percent(2) => 0,
            Kind::Function => 1 + random.below(self.functions) as u32,
            Kind::Creation => random.of(&[0, 0, 0, 4, 4, 0x2_0000, 0x2_0004]),
            Kind::Options => random.of(&[0, 1, 2, 2, 3, 3, 4]),
            Kind::Index => random.of(&[0, 3, 4, 4, 5, 5, 6, 63, 64]),
            Kind::Nanoseconds => random.of(&[0, 0, 0, 500, 300_000, 1_000_000, 2_500_000, 30_000_000]),
            Kind::Protection => random.of(&[4, 4, 4, 2, 0x0800_0004, 1]),
            Kind::One(limit) => random.below(limit as usize) as u32,
        })
    }

    fn step(&mut self) -> Step {
        let row = self.rows[self.random.below(self.rows.len())];
        let arguments: Vec<Argument> = row.kinds.iter().map(|kind| self.argument(*kind)).collect();
        let into = match (row.gives, arguments.as_slice()) {
            (Gives::Nothing, _) => None,
            // A section lives in the variable that it was called with.
            (Gives::Section, [Argument::Variable(variable)]) => Some(*variable),
            (Gives::Duplicate, [_, Argument::Variable(variable), ..]) => Some(*variable),
            _ => Some(self.variable(|family| family == row.family)),
        };
        Step { into, row, arguments }
    }
}

impl Habits {
    /// What a process begins with: mostly it makes what its variables are for.
    fn prologue(&mut self) -> Vec<Step> {
        let mut steps = Vec::new();
        for place in 0..self.variables.len() {
            let family = self.variables[place];
            let makers: Vec<&Row> =
                ROWS.iter().filter(|row| row.family == family && row.gives != Gives::Nothing).collect();
            if makers.is_empty() || self.random.percent(20) {
                continue;
            }
            let row = if self.random.percent(80) { makers[0] } else { self.random.of(&makers) };
            let arguments = row.kinds.iter().map(|kind| self.argument(*kind)).collect();
            steps.push(Step { into: Some(place as u8), row, arguments });
        }
        // Threads need what was made for them.
        let (threads, mut others): (Vec<Step>, Vec<Step>) =
            steps.into_iter().partition(|step| step.row.family == Family::Thread);
        others.extend(threads);
        others
    }
}

/// The program of a seed.
pub fn generate(seed: u64) -> Program {
    let mut habits = Habits::new(seed);
    let longest = habits.random.of(&[10, 30, 60]);
    let functions = (0..habits.functions)
        .map(|_| {
            let mut steps = if habits.random.percent(60) { habits.prologue() } else { Vec::new() };
            let length = 1 + habits.random.below(longest);
            for _ in 0..length {
                steps.push(habits.step());
                // A turn is given up at the very tick at which others become ready.
                let at_tick = steps.last().is_some_and(|step| step.arguments == [Argument::Number(0)]);
                if at_tick && habits.random.percent(20) {
                    steps.extend(parse_step(&["Compute", "0"]));
                    steps.extend(parse_step(&["Sleep", "0"]));
                }
            }
            // Whoever began it all had better not end first.
            if steps.len() > length && habits.random.percent(70) {
                steps.extend((0..3).filter_map(|_| parse_step(&["Sleep", "20"])));
            }
            steps
        })
        .collect();
    let processes = (0..1 + habits.random.below(3)).map(|_| habits.random.below(habits.functions)).collect();
    let quantum = habits.random.of(&[1_000_000, 3_000_000, 100_000_000]);
    let choices = habits.random.percent(40).then(|| habits.random.next_u64() >> 32);
    Program { quantum, choices, processes, functions }
}
