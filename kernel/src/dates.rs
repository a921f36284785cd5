//! The date: a clock that guests may set, on top of virtual time. Nothing else depends on it.

use cerium_process::{Date, FileTime, Season, TimeZone};

use crate::{CeResult, Kernel, Win32Error};

/// When every device is started that is not told otherwise: the first of November 2006, 0 o'clock, the day of
/// CE 6.0. Our choice.
pub const START_DATE: FileTime = FileTime(128_068_128_000_000_000);

impl Kernel {
    /// The date, in UTC.
    pub fn system_time(&self) -> FileTime {
        let passed = FileTime(0).after(self.now.0);
        FileTime(u64::try_from(self.epoch.saturating_add_unsigned(passed.0)).unwrap_or(0))
    }

    /// Sets the clock; waits and time-outs know nothing of it (ee488163 and others: they count ticks).
    pub fn set_system_time(&mut self, date: FileTime) {
        let passed = FileTime(0).after(self.now.0);
        self.epoch = date.0 as i64 - passed.0 as i64;
    }

    /// What local time is.
    pub fn time_zone(&self) -> &TimeZone {
        &self.time_zone
    }

    /// Changes what local time is. Its season follows from its dates.
    pub fn set_time_zone(&mut self, zone: TimeZone) {
        self.time_zone = zone;
        self.set_season = None;
    }

    /// Which time the zone has now: what somebody has set, or else what its dates say.
    pub fn season(&self) -> Season {
        self.set_season.unwrap_or_else(|| self.time_zone.season(self.system_time()))
    }

    /// Sets which time the zone has. Our choice: whatever its dates say, also in a zone that has but one time,
    /// until a zone is set anew.
    pub fn set_season(&mut self, season: Season) {
        self.set_season = Some(season);
    }

    /// Local time, by what the zone's clocks show now.
    pub fn to_local(&self, utc: FileTime) -> FileTime {
        utc.after_minutes(-self.time_zone.minutes_behind(self.season()))
    }

    /// Undoes [`Kernel::to_local`].
    pub fn to_utc(&self, local: FileTime) -> FileTime {
        local.after_minutes(self.time_zone.minutes_behind(self.season()))
    }

    /// A date as a point in time.
    pub fn file_time_of(date: Date) -> CeResult<FileTime> {
        date.file_time().ok_or(Win32Error::INVALID_PARAMETER)
    }
}
