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
    for wrong in ["", "2006", "2006-11", "2006-11-31", "2006-11-01T24:00", "2006-11-01T8", "+2006-11-01"] {
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
    assert_eq!(found(2006, 11, u16::MAX, 1), 6, "65535 is a Monday");
    assert_eq!(transition(Date { month: 13, day: 1, ..Date::default() }, 2006), None);
}

#[test]
fn a_transition_with_a_year_is_a_date_of_that_year_alone() {
    let once = date(2006, 3, 26, 2);
    assert_eq!(transition(once, 2006), once.file_time());
    assert_eq!(transition(once, 2007), None);
}
