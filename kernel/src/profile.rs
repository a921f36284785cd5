//! What other versions of CE do differently, in one place. The rules are CE 6.0's unless somebody asks for
//! another version (`--ce`); what its documentation says of the others stands here, with its page.

/// A version of CE.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Version {
    /// Windows CE 5.0.
    Ce5,
    /// Windows Embedded CE 6.0.
    #[default]
    Ce6,
    /// Windows Embedded Compact 7.
    Compact7,
    /// Windows Embedded Compact 2013.
    Compact2013,
}

/// Every version with the name that users give it.
pub const VERSIONS: &[(&str, Version)] =
    &[("5", Version::Ce5), ("6", Version::Ce6), ("7", Version::Compact7), ("2013", Version::Compact2013)];

impl Version {
    /// The version of that name.
    pub fn named(name: &str) -> Option<Version> {
        VERSIONS.iter().find(|(known, _)| *known == name).map(|(_, version)| *version)
    }

    /// What it does differently.
    pub fn profile(self) -> Profile {
        Profile { version: self }
    }
}

/// What a version does where versions differ.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Profile {
    version: Version,
}

/// What GetVersionEx tells.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct VersionNumber {
    /// dwMajorVersion.
    pub major: u32,
    /// dwMinorVersion.
    pub minor: u32,
    /// dwBuildNumber.
    pub build: u32,
}

impl Profile {
    /// Which version it is of.
    pub fn version(self) -> Version {
        self.version
    }

    /// What GetVersionEx tells. The builds are those in which the versions were first sold; our choice.
    pub fn version_number(self) -> VersionNumber {
        let (major, build) = match self.version {
            Version::Ce5 => (5, 1400),
            Version::Ce6 => (6, 1937),
            Version::Compact7 => (7, 2815),
            Version::Compact2013 => (8, 6246),
        };
        VersionNumber { major, minor: 0, build }
    }

    /// Whether handles belong to the device: one object has one value, the same in every process, and who
    /// opens it twice must close it twice (Handle Tables ee482861, ms885180).
    pub fn has_one_handle_table(self) -> bool {
        self.version == Version::Ce5
    }

    /// How many processes may live at once: 32 up to CE 5.0 (ee482776), then 32,768 (ee482826).
    pub fn maximum_processes(self) -> usize {
        match self.version {
            Version::Ce5 => 32,
            Version::Ce6 | Version::Compact7 | Version::Compact2013 => 32_768,
        }
    }

    /// How many units a message queue's name may have: from CE 6.0 on each end has a name of its own, two
    /// units longer (naming.md N7).
    pub fn maximum_queue_name(self) -> usize {
        match self.version {
            Version::Ce5 => 259,
            Version::Ce6 | Version::Compact7 | Version::Compact2013 => 257,
        }
    }

    /// Whether CreateMsgQueue refuses flags that it does not know (ee482776).
    pub fn checks_queue_flags(self) -> bool {
        self.version > Version::Ce5
    }

    /// Whether a queue that may not be broken goes with the last handle to one of its ends (ms886759).
    pub fn broken_queues_go(self) -> bool {
        self.version == Version::Ce5
    }

    /// Whether DuplicateHandle takes handles of any kind, and not those of events, mutexes and semaphores alone
    /// (ms885208, ee488902).
    pub fn duplicates_any_handle(self) -> bool {
        self.version > Version::Ce5
    }

    /// Whether SuspendThread returns 0 for a thread that is in a call, which stops when that is over, and
    /// 0xFFFFFFFE for a bad handle or a thread that ends (ee488373 of Compact 2013).
    pub fn suspends_late(self) -> bool {
        self.version == Version::Compact2013
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_known_by_the_names_that_users_give_them() {
        for (name, version) in VERSIONS {
            assert_eq!(Version::named(name), Some(*version));
            assert_eq!(version.profile().version(), *version);
        }
        assert_eq!(Version::named("4"), None);
        assert_eq!(Profile::default(), Version::Ce6.profile());
    }
}
