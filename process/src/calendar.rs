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
mod tests {
    use super::*;

    fn date(year: u16, month: u16, day: u16, hour: u16) -> Date {
        Date { year, month, day, hour, ..Date::default() }
    }

    #[test]
    fn dates_and_points_in_time_are_each_others_inverse() {
        // What is known: the beginnings of 1601, of 1970, and of November 2006.
        assert_eq!(date(1601, 1, 1, 0).file_time(), Some(FileTime(0)));
        assert_eq!(date(1970, 1, 1, 0).file_time(), Some(FileTime(116_444_736_000_000_000)));
        assert_eq!(FileTime(128_068_128_000_000_000).date(), Date { day_of_week: 3, ..date(2006, 11, 1, 0) });
        let mut day = FileTime(0);
        let mut weekday = 1;
        for _ in 0..400 * 366 {
            let date = day.date();
            assert_eq!(date.file_time(), Some(day), "{date:?}");
            assert_eq!(date.day_of_week, weekday);
            weekday = (weekday + 1) % 7;
            day.0 += DAY;
        }
        let last = FileTime(i64::MAX as u64).date();
        assert_eq!((last.year, last.month, last.day, last.hour), (30_828, 9, 14, 2));
        assert_eq!(FileTime(u64::MAX).date().year, 60_056);
    }

    #[test]
    fn times_of_day_and_points_in_time_are_each_others_inverse() {
        let day = date(2006, 11, 1, 0).file_time().unwrap().0;
        let noon = Date { minute: 34, second: 56, milliseconds: 789, ..date(2006, 11, 1, 12) };
        let time = noon.file_time().unwrap();
        assert_eq!(time.0 - day, (((12 * 60 + 34) * 60 + 56) * 1000 + 789) * 10_000);
        assert_eq!(time.date(), Date { day_of_week: 3, ..noon });
        // What is less than a millisecond is in no date.
        assert_eq!(FileTime(time.0 + 9_999).date(), time.date());
        let last = Date { minute: 59, second: 59, milliseconds: 999, ..date(2006, 11, 1, 23) };
        assert_eq!(last.file_time().unwrap().0 - day, DAY - 10_000);
    }

    #[test]
    fn dates_that_there_are_not_have_no_point_in_time() {
        for wrong in [
            date(1600, 12, 31, 0),
            date(30_828, 1, 1, 0),
            date(2006, 0, 1, 0),
            date(2006, 13, 1, 0),
            date(2006, 2, 29, 0),
            date(2100, 2, 29, 0),
            date(2006, 4, 31, 0),
            date(2006, 1, 0, 0),
            date(2006, 1, 1, 24),
            Date { minute: 60, ..date(2006, 1, 1, 0) },
            Date { second: 60, ..date(2006, 1, 1, 0) },
            Date { milliseconds: 1000, ..date(2006, 1, 1, 0) },
        ] {
            assert_eq!(wrong.file_time(), None, "{wrong:?}");
        }
        assert!(date(2004, 2, 29, 23).file_time().is_some());
        assert!(date(30_827, 12, 31, 23).file_time().is_some());
    }

    #[test]
    fn dates_are_read_as_people_write_them() {
        let read = |text| Date::parse(text).map(|date| (date.day, date.hour, date.minute, date.second));
        assert_eq!(read("2006-11-01"), Some((1, 0, 0, 0)));
        assert_eq!(read("2006-11-02 08:30"), Some((2, 8, 30, 0)));
        assert_eq!(read("2006-11-30T23:59:58"), Some((30, 23, 59, 58)));
        for wrong in ["", "2006", "2006-11", "2006-11-31", "2006-11-01T24:00", "2006-11-01T8", "+2006-11-01"]
        {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn daylight_saving_time_begins_and_ends_at_the_days_that_the_zone_says() {
        let zone = TimeZone {
            bias: -60,
            standard_date: Date { month: 10, day: 5, hour: 3, ..Date::default() },
            daylight_date: Date { month: 3, day: 5, hour: 2, ..Date::default() },
            daylight_bias: -60,
            ..TimeZone::default()
        };
        let at = |month, day, hour| date(2006, month, day, hour).file_time().unwrap();
        // Central Europe in 2006: the 26th of March and the 29th of October, at 1 o'clock UTC.
        assert_eq!(zone.season(at(3, 26, 0)), Season::Standard);
        assert_eq!(zone.season(at(3, 26, 1)), Season::Daylight);
        assert_eq!(zone.season(at(10, 29, 0)), Season::Daylight);
        assert_eq!(zone.season(at(10, 29, 1)), Season::Standard);
    }

    #[test]
    fn each_season_adds_its_own_minutes() {
        let zone = TimeZone { bias: -60, standard_bias: 5, daylight_bias: -70, ..TimeZone::default() };
        assert_eq!(zone.minutes_behind(Season::Unknown), -60);
        assert_eq!(zone.minutes_behind(Season::Standard), -55);
        assert_eq!(zone.minutes_behind(Season::Daylight), -130);
    }

    #[test]
    fn south_of_the_equator_the_year_begins_and_ends_in_summer() {
        // Sydney in 2006: the 2nd of April at 3 o'clock of summer, the 29th of October at 2 o'clock of winter.
        let zone = TimeZone {
            bias: -600,
            standard_date: Date { month: 4, day: 1, hour: 3, ..Date::default() },
            daylight_date: Date { month: 10, day: 5, hour: 2, ..Date::default() },
            daylight_bias: -60,
            ..TimeZone::default()
        };
        let season = |month, day, hour, minute| {
            zone.season(Date { minute, ..date(2006, month, day, hour) }.file_time().unwrap())
        };
        assert_eq!(season(1, 1, 0, 0), Season::Daylight);
        assert_eq!(season(4, 1, 15, 59), Season::Daylight);
        assert_eq!(season(4, 1, 16, 0), Season::Standard);
        assert_eq!(season(10, 28, 15, 59), Season::Standard);
        assert_eq!(season(10, 28, 16, 0), Season::Daylight);
        assert_eq!(season(12, 31, 13, 0), Season::Daylight);
    }

    #[test]
    fn standard_time_has_a_bias_of_its_own_up_to_the_transition() {
        // Standard time is an hour behind what the bias says, so that clocks are put forward at 3 o'clock UTC.
        let zone = TimeZone {
            standard_bias: 60,
            standard_date: Date { month: 10, day: 1, hour: 2, ..Date::default() },
            daylight_date: Date { month: 4, day: 1, hour: 2, ..Date::default() },
            ..TimeZone::default()
        };
        let season = |month, day, hour| zone.season(date(2006, month, day, hour).file_time().unwrap());
        assert_eq!((season(4, 2, 2), season(4, 2, 3)), (Season::Standard, Season::Daylight));
        assert_eq!((season(10, 1, 1), season(10, 1, 2)), (Season::Daylight, Season::Standard));
    }

    #[test]
    fn a_zone_without_both_transitions_has_but_one_time() {
        let day = |month| Date { month, day: 1, ..Date::default() };
        let at = date(2006, 7, 1, 0).file_time().unwrap();
        for (standard_date, daylight_date) in [(day(0), day(0)), (day(0), day(4)), (day(10), day(0))] {
            let zone = TimeZone { standard_date, daylight_date, ..TimeZone::default() };
            assert_eq!(zone.season(at), Season::Unknown);
        }
        // Where both come at once, standard time has no room.
        let zone = TimeZone { standard_date: day(4), daylight_date: day(4), ..TimeZone::default() };
        assert_eq!(zone.season(at), Season::Daylight);
        // A transition that there is not leaves it at standard time.
        let zone = TimeZone { standard_date: day(13), daylight_date: day(4), ..TimeZone::default() };
        assert_eq!(zone.season(at), Season::Standard);
    }

    #[test]
    fn a_transition_without_a_year_is_the_day_th_such_day_of_the_week() {
        let found = |year, month, day_of_week, day| {
            let rule = Date { month, day_of_week, day, hour: 2, minute: 30, ..Date::default() };
            let found = transition(rule, year).unwrap().date();
            assert_eq!((found.year, found.month, found.hour, found.minute), (year, month, 2, 30));
            found.day
        };
        // November 2006 began on a Wednesday, and has five Wednesdays and Thursdays, four of the others.
        for (day_of_week, days) in [
            (3, [1, 8, 15, 22, 29]),
            (4, [2, 9, 16, 23, 30]),
            (5, [3, 10, 17, 24, 24]),
            (2, [7, 14, 21, 28, 28]),
            (0, [5, 12, 19, 26, 26]),
        ] {
            let rules = [1, 2, 3, 4, 5].map(|day| found(2006, 11, day_of_week, day));
            assert_eq!(rules, days, "day {day_of_week} of the week");
        }
        // A month of 31 days, and two of February.
        assert_eq!((found(2006, 10, 2, 5), found(2006, 12, 0, 5), found(2006, 12, 1, 5)), (31, 31, 25));
        assert_eq!((found(2004, 2, 0, 5), found(2006, 2, 0, 5)), (29, 26));
        // What is no day-th and no day of the week is taken for the next that is.
        assert_eq!((found(2006, 11, 3, 0), found(2006, 11, 3, 9), found(2006, 11, 10, 1)), (1, 29, 1));
        assert_eq!(transition(Date { month: 13, day: 1, ..Date::default() }, 2006), None);
    }

    #[test]
    fn a_transition_with_a_year_is_a_date_of_that_year_alone() {
        let once = date(2006, 3, 26, 2);
        assert_eq!(transition(once, 2006), once.file_time());
        assert_eq!(transition(once, 2007), None);
    }
}
