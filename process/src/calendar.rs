//! Dates: points in time as CE's file times and system times, and the time zone between UTC and local time.

/// A point in time: units of 100 ns since the beginning of 1601, UTC. FILETIME as one number.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct FileTime(pub u64);

/// A date and a time of day: SYSTEMTIME.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Date {
    /// The year, from 1601.
    pub year: u16,
    /// The month, from 1.
    pub month: u16,
    /// The day of the week; 0 is Sunday.
    pub day_of_week: u16,
    /// The day of the month, from 1.
    pub day: u16,
    /// The hour.
    pub hour: u16,
    /// The minute.
    pub minute: u16,
    /// The second.
    pub second: u16,
    /// The millisecond.
    pub milliseconds: u16,
}

/// Units of [`FileTime`] in a millisecond.
const MILLISECOND: u64 = 10_000;
const MINUTE: u64 = 60_000 * MILLISECOND;
const DAY: u64 = 24 * 60 * MINUTE;
/// Nanoseconds in a unit of [`FileTime`].
const UNIT: u64 = 100;

/// The calendar repeats itself after 400 years, and 1601 is the first of such a time.
const DAYS_OF_400_YEARS: u64 = 146_097;
/// The last year that a SYSTEMTIME may have.
const LAST_YEAR: u16 = 30_827;

fn is_leap_year(year: u64) -> bool {
    year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400)
}

fn days_of_month(year: u64, month: u16) -> u64 {
    match month {
        2 if is_leap_year(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The days from the beginning of 1601 to that of a year.
fn days_before_year(year: u64) -> u64 {
    let years = year - 1601;
    years * 365 + years / 4 - years / 100 + years / 400
}

impl FileTime {
    /// So many nanoseconds later.
    pub fn after(self, ns: u64) -> FileTime {
        FileTime(self.0.saturating_add(ns / UNIT))
    }

    /// So many minutes later, or earlier; at the ends of what can be said it stays there.
    pub fn after_minutes(self, minutes: i64) -> FileTime {
        FileTime(self.0.saturating_add_signed(minutes.saturating_mul(MINUTE as i64)))
    }

    /// The date.
    pub fn date(self) -> Date {
        let (days, time) = (self.0 / DAY, self.0 % DAY / MILLISECOND);
        let mut year = 1601 + days / DAYS_OF_400_YEARS * 400;
        let mut left = days % DAYS_OF_400_YEARS;
        // At most 400 rounds.
        loop {
            let length = if is_leap_year(year) { 366 } else { 365 };
            if left < length {
                break;
            }
            left -= length;
            year += 1;
        }
        let mut month = 1;
        while left >= days_of_month(year, month) {
            left -= days_of_month(year, month);
            month += 1;
        }
        Date {
            year: year as u16,
            month,
            // The first of January 1601 was a Monday.
            day_of_week: ((days + 1) % 7) as u16,
            day: left as u16 + 1,
            hour: (time / 3_600_000) as u16,
            minute: (time / 60_000 % 60) as u16,
            second: (time / 1000 % 60) as u16,
            milliseconds: (time % 1000) as u16,
        }
    }
}

impl Date {
    /// Reads a date as people write it: `2006-11-01`, `2006-11-01 08:30`, `2006-11-01T08:30:15`.
    pub fn parse(text: &str) -> Option<Date> {
        let (date, time) = text.split_once(['T', ' ']).unwrap_or((text, "0:0"));
        let numbers = |text: &str, separator| -> Option<Vec<u16>> {
            // What is no digit is no part of a number: `+1` is not.
            let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            text.split(separator).map(|part| part.parse().ok().filter(|_| is_number(part))).collect()
        };
        let (date, time) = (numbers(date, '-')?, numbers(time, ':')?);
        let [year, month, day] = date[..] else { return None };
        let (hour, minute, second) = match time[..] {
            [hour, minute] => (hour, minute, 0),
            [hour, minute, second] => (hour, minute, second),
            _ => return None,
        };
        let date = Date { year, month, day, hour, minute, second, ..Date::default() };
        date.file_time().map(FileTime::date)
    }

    /// The point in time; none for a date that there is not. The day of the week is not looked at.
    pub fn file_time(self) -> Option<FileTime> {
        let Date { year, month, day_of_week: _, day, hour, minute, second, milliseconds } = self;
        let is_date = (1601..=LAST_YEAR).contains(&year) && (1..=12).contains(&month) && day > 0;
        if !is_date || u64::from(day) > days_of_month(u64::from(year), month) {
            return None;
        }
        if hour > 23 || minute > 59 || second > 59 || milliseconds > 999 {
            return None;
        }
        let months: u64 = (1..month).map(|month| days_of_month(u64::from(year), month)).sum();
        let days = days_before_year(u64::from(year)) + months + u64::from(day) - 1;
        let minutes = u64::from(hour) * 60 + u64::from(minute);
        let milliseconds = u64::from(second) * 1000 + u64::from(milliseconds);
        Some(FileTime(days * DAY + minutes * MINUTE + milliseconds * MILLISECOND))
    }
}

/// What lies between UTC and local time: TIME_ZONE_INFORMATION. UTC is local time and the bias, in minutes.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct TimeZone {
    /// Added to local time for UTC.
    pub bias: i32,
    /// The zone's name.
    pub standard_name: [u16; 32],
    /// When standard time begins; without a month the zone has no daylight saving time.
    pub standard_date: Date,
    /// Added as well in standard time.
    pub standard_bias: i32,
    /// The zone's name in daylight saving time.
    pub daylight_name: [u16; 32],
    /// When daylight saving time begins.
    pub daylight_date: Date,
    /// Added as well in daylight saving time.
    pub daylight_bias: i32,
}

/// Which time a zone has: what GetTimeZoneInformation returns.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Season {
    /// It has but one.
    Unknown = 0,
    /// Standard time.
    Standard = 1,
    /// Daylight saving time.
    Daylight = 2,
}

/// When in a year a transition comes, in the local time before it. Without a year of its own it is the
/// day-th such day of the week in its month, 5 for the last.
fn transition(date: Date, year: u16) -> Option<FileTime> {
    if date.year != 0 {
        return if date.year == year { date.file_time() } else { None };
    }
    let first = Date { year, day: 1, ..date }.file_time()?;
    let to_weekday = (7 + date.day_of_week % 7 - first.date().day_of_week) % 7;
    let mut day = 1 + to_weekday + 7 * (date.day.clamp(1, 5) - 1);
    if u64::from(day) > days_of_month(u64::from(year), date.month) {
        day -= 7;
    }
    Date { year, day, ..date }.file_time()
}

impl TimeZone {
    /// Which time it is at a point in time.
    pub fn season(&self, utc: FileTime) -> Season {
        if self.standard_date.month == 0 || self.daylight_date.month == 0 {
            return Season::Unknown;
        }
        let local = |bias: i32| utc.after_minutes(-i64::from(self.bias) - i64::from(bias));
        let (standard, daylight) = (local(self.standard_bias), local(self.daylight_bias));
        let year = standard.date().year;
        let begin = transition(self.daylight_date, year);
        let end = transition(self.standard_date, year);
        let (Some(begin), Some(end)) = (begin, end) else { return Season::Standard };
        let is_daylight = if begin < end {
            standard >= begin && daylight < end
        } else {
            standard >= begin || daylight < end
        };
        if is_daylight { Season::Daylight } else { Season::Standard }
    }

    /// How many minutes local time is behind UTC in a season.
    pub fn minutes_behind(&self, season: Season) -> i64 {
        let more = match season {
            Season::Unknown => 0,
            Season::Standard => self.standard_bias,
            Season::Daylight => self.daylight_bias,
        };
        i64::from(self.bias) + i64::from(more)
    }
}

#[cfg(test)]
mod tests;
