//! The door of the scripts: cases written in Lua, through the room of the scenarios.
//!
//! `lua` has them, a file a family. A case is a line `-- id page`, or `-- id page rule=answer`, and what follows
//! up to the next one: the body of the process, or `process`, `image` and `at` where it needs more than one.
//! `lua/stage.lua` has what they share and stands before each.

use cerium_guest::NoImages;
use cerium_kernel::{Rules, Strict};
use cerium_script::{DEFAULT_MEMORY, NoExecutables, Scenario};

use super::runner::{TIME, expect_end};
use super::{Body, Case, Door};

/// A file of cases.
struct Family {
    name: &'static str,
    text: &'static str,
}

macro_rules! families {
    ($($name:literal),* $(,)?) => {
        &[$(Family { name: concat!($name, ".lua"), text: include_str!(concat!("lua/", $name, ".lua")) }),*]
    };
}

static FAMILIES: &[Family] = families![
    "events",
    "mutexes",
    "semaphores",
    "names",
    "waits",
    "messages",
    "time",
    "sections",
    "interlocked",
    "handles",
    "processes",
    "threads",
    "scheduling",
    "queues",
    "maps",
    "watchdogs",
];

/// What stands before each case.
const STAGE: &str = include_str!("lua/stage.lua");

/// A case of a file.
#[derive(Copy, Clone)]
pub struct Script {
    /// The page, or the open question, that it follows.
    pub page: &'static str,
    rule: Option<&'static str>,
    /// The file's name.
    file: &'static str,
    /// On which line its first line of code stands.
    line: usize,
    text: &'static str,
}

/// All cases, as the files have them.
pub(super) fn cases() -> Vec<Case> {
    FAMILIES.iter().flat_map(cases_of).collect()
}

fn cases_of(family: &Family) -> Vec<Case> {
    let mut cases = Vec::new();
    // Each piece but the first is a case: its heading's line, then its code.
    let mut line = 1;
    for (place, piece) in family.text.split("\n-- ").enumerate() {
        let heading_at = line;
        line += piece.matches('\n').count() + 1;
        let Some((heading, text)) = piece.split_once('\n').filter(|_| place > 0) else { continue };
        let mut words = heading.split(' ');
        let (id, rest) = (words.next().unwrap_or_default(), words.collect::<Vec<_>>());
        assert!(id.contains('/'), "{}:{heading_at}: a heading or an indented comment", family.name);
        let rule = rest.last().copied().filter(|word| word.contains('='));
        let page = heading[id.len()..].trim_end_matches(rule.unwrap_or_default()).trim();
        let script = Script { page, rule, file: family.name, line: heading_at + 1, text };
        cases.push(Case { id, door: Door::Lua, body: Body::Script(script) });
    }
    cases
}

impl Script {
    /// The scenario: every line where it stands in its file, so that messages name its place.
    fn scenario(&self) -> String {
        let declares = self.text.lines().any(|line| line.starts_with("process("));
        let (open, close) =
            if declares { ("", "") } else { ("process(\"P1\", function() ", "checked() end)") };
        let before = "\n".repeat(self.line - 2);
        // On one line, so that it moves no other: no line of it ends in a comment.
        let stage: Vec<&str> = STAGE.lines().filter(|line| !line.starts_with("--")).collect();
        format!("{before}{} {open}\n{}{close}\n", stage.join(" "), self.text)
    }
}

/// Runs a case.
pub(super) fn perform(script: &Script) {
    let text = script.scenario();
    let scenario = Scenario::new(script.file, text.as_bytes(), None, DEFAULT_MEMORY);
    let scenario = scenario.unwrap_or_else(|error| panic!("{error}"));
    let mut rules = Rules::default();
    if let Some(rule) = script.rule {
        rules.set(rule).unwrap_or_else(|error| panic!("{error}"));
    }
    let started = scenario.start(Box::new(NoExecutables), Box::new(NoImages), |machine| {
        machine.set_rules(rules);
        machine.set_audit(true);
    });
    let (mut machine, first) = started.unwrap_or_else(|error| panic!("{error}"));
    let limits = scenario.limits(cerium_guest::Limits { time: Some(TIME), ..Default::default() });
    let verdict = machine.run(&mut Strict, &limits);
    if let Err(failure) = scenario.judge(&machine, &verdict, first) {
        panic!("{}", failure.message);
    }
    expect_end(&verdict, &|end| end.to_owned());
    assert_eq!(machine.kernel().object_count(), 0, "a run that ends leaves an empty object table");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_that_checks_nothing_fails() {
        let script = Script { page: "", rule: None, file: "x.lua", line: 2, text: "Sleep(1)\n" };
        let case = Case { id: "sync/EV-001", door: Door::Lua, body: Body::Script(script) };
        let verdict = super::super::run(&case);
        let super::super::Verdict::Failed(message) = verdict else { panic!("it fails") };
        assert!(message.contains("checks nothing"), "{message}");
    }

    #[test]
    fn a_script_that_fails_names_its_file_and_line() {
        let mut found = 0;
        for case in cases() {
            let Body::Script(script) = case.body else { continue };
            let text = Box::leak(format!("check(false, 'no')\n{}", script.text).into_boxed_str());
            let is_bare = !script.text.lines().any(|line| line.starts_with("process("));
            if is_bare {
                let broken = Case { body: Body::Script(Script { text, ..script }), ..case };
                let verdict = super::super::run(&broken);
                let place = format!("{}:{}:", script.file, script.line);
                let super::super::Verdict::Failed(message) = verdict else { panic!("{} fails", case.id) };
                assert!(message.contains(&place), "{message} should name {place}");
                found += 1;
            }
        }
        assert!(found > 0);
    }
}
