//! The list of assertions.

use std::fmt;
use std::sync::OnceLock;

/// One line of the list.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Assertion {
    /// Its id, with its list: `sync/EV-001`.
    pub id: &'static str,
    /// What it rests on.
    pub authority: Authority,
    /// Pages, headers, open questions.
    pub source: &'static str,
    /// What it says.
    pub says: &'static str,
}

/// What an assertion rests on.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Authority {
    /// A page or a header.
    Documented,
    /// An open question and nothing else: what we chose, until a device says otherwise.
    Default,
}

impl fmt::Display for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Authority::Documented => "documented",
            Authority::Default => "default",
        })
    }
}

impl Assertion {
    fn parse(line: &'static str) -> Option<Assertion> {
        let mut columns = line.split('\t');
        let id = columns.next().filter(|id| !id.starts_with('#'))?;
        let authority = match columns.next()? {
            "documented" => Authority::Documented,
            "default" => Authority::Default,
            other => panic!("{id} has an authority {other:?}"),
        };
        Some(Assertion { id, authority, source: columns.next()?, says: columns.next()? })
    }

    /// What its id begins with: `sync/EV`.
    pub fn family(&self) -> &'static str {
        self.id.rsplit_once('-').map_or(self.id, |(family, _)| family)
    }

    /// The line with this id.
    pub fn find(id: &str) -> Option<&'static Assertion> {
        assertions().iter().find(|assertion| assertion.id == id)
    }
}

/// The whole list, in its order.
pub fn assertions() -> &'static [Assertion] {
    static LIST: OnceLock<Vec<Assertion>> = OnceLock::new();
    LIST.get_or_init(|| {
        include_str!("../../data/assertions.tsv").lines().filter_map(Assertion::parse).collect()
    })
}
