//! Other answers to questions that CE's documentation leaves open. The defaults are what the notes on those
//! questions argue for; a user who knows better says so (`--rule NAME=VALUE`).

/// The answers in force.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Rules {
    /// A wait that takes over an abandoned mutex says so (SQ-01).
    pub report_abandoned: bool,
    /// A backslash in an object's name is refused (SQ-11).
    pub refuse_backslash: bool,
    /// OpenEvent takes any access mask and bInheritHandle (SQ-09).
    pub any_event_access: bool,
    /// ReadMsgQueue succeeds though the message was cut to the buffer (OQ-40).
    pub short_read_succeeds: bool,
    /// SetEventData is refused to applications (SQ-16).
    pub privileged_event_data: bool,
    /// SuspendThread fails for a thread that waits (OQ-17).
    pub refuse_blocked_suspend: bool,
    /// A thread that is preempted goes behind its equals, with a fresh quantum (OQ-22).
    pub preempted_to_back: bool,
    /// CloseHandle of a pseudo-handle says that it succeeded (OQ-3).
    pub accept_pseudo_close: bool,
    /// CreateProcess refuses flags that CE does not support (OQ-6).
    pub refuse_creation_flags: bool,
}

/// A rule as users know it.
#[derive(Copy, Clone, Debug)]
pub struct Rule {
    /// Its name.
    pub name: &'static str,
    /// Its values; the first is the default.
    pub values: [&'static str; 2],
    /// The open question that it answers.
    pub question: &'static str,
    /// What it is about, in a sentence.
    pub summary: &'static str,
    set: fn(&mut Rules, bool),
}

/// Every rule.
pub const RULES: &[Rule] = &[
    Rule {
        name: "abandoned",
        values: ["silent", "report"],
        question: "SQ-01",
        summary: "what a wait returns that takes over an abandoned mutex: WAIT_OBJECT_0 or WAIT_ABANDONED_0",
        set: |rules, value| rules.report_abandoned = value,
    },
    Rule {
        name: "backslash",
        values: ["accept", "refuse"],
        question: "SQ-11",
        summary: "whether an object's name may have a backslash",
        set: |rules, value| rules.refuse_backslash = value,
    },
    Rule {
        name: "event-access",
        values: ["all", "any"],
        question: "SQ-09",
        summary: "which access masks OpenEvent takes: EVENT_ALL_ACCESS alone, or any",
        set: |rules, value| rules.any_event_access = value,
    },
    Rule {
        name: "short-read",
        values: ["fail", "succeed"],
        question: "OQ-40",
        summary: "what ReadMsgQueue returns when the buffer is too short for the message",
        set: |rules, value| rules.short_read_succeeds = value,
    },
    Rule {
        name: "event-data",
        values: ["all", "privileged"],
        question: "SQ-16",
        summary: "who may call SetEventData",
        set: |rules, value| rules.privileged_event_data = value,
    },
    Rule {
        name: "suspend-blocked",
        values: ["late", "refuse"],
        question: "OQ-17",
        summary: "what SuspendThread does with a thread that waits: it stops when its wait is over, or the call fails",
        set: |rules, value| rules.refuse_blocked_suspend = value,
    },
    Rule {
        name: "preempted",
        values: ["front", "back"],
        question: "OQ-22",
        summary: "where a preempted thread goes on: before its equals with the rest of its quantum, or behind them",
        set: |rules, value| rules.preempted_to_back = value,
    },
    Rule {
        name: "close-pseudo",
        values: ["refuse", "accept"],
        question: "OQ-3",
        summary: "what CloseHandle of a pseudo-handle returns; nothing else happens",
        set: |rules, value| rules.accept_pseudo_close = value,
    },
    Rule {
        name: "creation-flags",
        values: ["ignore", "refuse"],
        question: "OQ-6",
        summary: "what CreateProcess does with flags that CE does not support",
        set: |rules, value| rules.refuse_creation_flags = value,
    },
];

impl Rules {
    /// Takes another answer, `NAME=VALUE`.
    ///
    /// # Errors
    ///
    /// What is wrong with it, with what could be said instead.
    pub fn set(&mut self, text: &str) -> Result<(), String> {
        let names = || RULES.iter().map(|rule| rule.name).collect::<Vec<_>>().join(", ");
        let Some((name, value)) = text.split_once('=') else {
            return Err(format!("{text:?} is no NAME=VALUE; the rules are {}", names()));
        };
        let Some(rule) = RULES.iter().find(|rule| rule.name == name) else {
            return Err(format!("there is no rule {name:?}; the rules are {}", names()));
        };
        let Some(place) = rule.values.iter().position(|known| *known == value) else {
            return Err(format!("{name} is {} or {}, not {value:?}", rule.values[0], rule.values[1]));
        };
        (rule.set)(self, place == 1);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_set_by_name_and_wrong_ones_say_what_there_is() {
        let mut rules = Rules::default();
        rules.set("abandoned=report").unwrap();
        assert!(rules.report_abandoned);
        rules.set("abandoned=silent").unwrap();
        assert_eq!(rules, Rules::default());
        assert!(rules.set("abandoned").unwrap_err().contains("backslash"));
        assert!(rules.set("forsaken=1").unwrap_err().contains("abandoned"));
        assert!(rules.set("backslash=maybe").unwrap_err().contains("accept or refuse"));
    }
}
