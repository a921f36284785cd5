//! The date, local time, and their forms. Pages of the date functions say nothing of bad pointers: as elsewhere
//! they are bad parameters.

use cerium_kernel::{Kernel, Win32Error};
use cerium_process::{FileTime, Season, TimeZone};

use super::check;
use crate::{Bool, Cx, Dword, In, Out, Outcome, SystemTime, TimeZoneId, TimeZoneInformation};

pub(crate) fn system(cx: &mut Cx<'_>, date: Out<SystemTime>) -> Outcome<((), SystemTime)> {
    check!(date.check_required());
    Outcome::Return(((), cx.kernel.system_time().date().into()))
}

pub(crate) fn local(cx: &mut Cx<'_>, date: Out<SystemTime>) -> Outcome<((), SystemTime)> {
    check!(date.check_required());
    let local = cx.kernel.to_local(cx.kernel.system_time());
    Outcome::Return(((), local.date().into()))
}

pub(crate) fn system_as_file_time(cx: &mut Cx<'_>, time: Out<FileTime>) -> Outcome<((), FileTime)> {
    check!(time.check_required());
    Outcome::Return(((), cx.kernel.system_time()))
}

pub(crate) fn set_system(cx: &mut Cx<'_>, date: In<SystemTime>) -> Outcome<Bool> {
    let date = check!(date.required());
    let time = check!(Kernel::file_time_of(date.date()));

    cx.kernel.set_system_time(time);
    Outcome::Return(Bool(true))
}

pub(crate) fn set_local(cx: &mut Cx<'_>, date: In<SystemTime>) -> Outcome<Bool> {
    let date = check!(date.required());
    let local = check!(Kernel::file_time_of(date.date()));

    cx.kernel.set_system_time(cx.kernel.to_utc(local));
    Outcome::Return(Bool(true))
}

pub(crate) fn to_file_time(
    _: &mut Cx<'_>,
    date: In<SystemTime>,
    time: Out<FileTime>,
) -> Outcome<(Bool, FileTime)> {
    let date = check!(date.required());
    check!(time.check_required());
    let time = check!(Kernel::file_time_of(date.date()));
    Outcome::Return((Bool(true), time))
}

pub(crate) fn to_system_time(
    _: &mut Cx<'_>,
    time: In<FileTime>,
    date: Out<SystemTime>,
) -> Outcome<(Bool, SystemTime)> {
    let time = check!(time.required());
    check!(date.check_required());
    // The documentation of FileTimeToSystemTime: the number must be below 0x8000000000000000.
    if time.0 > i64::MAX as u64 {
        return Outcome::Fail(Win32Error::INVALID_PARAMETER);
    }
    Outcome::Return((Bool(true), time.date().into()))
}

pub(crate) fn to_local_file_time(
    cx: &mut Cx<'_>,
    time: In<FileTime>,
    local: Out<FileTime>,
) -> Outcome<(Bool, FileTime)> {
    let time = check!(time.required());
    check!(local.check_required());
    Outcome::Return((Bool(true), cx.kernel.to_local(time)))
}

pub(crate) fn to_utc_file_time(
    cx: &mut Cx<'_>,
    local: In<FileTime>,
    time: Out<FileTime>,
) -> Outcome<(Bool, FileTime)> {
    let local = check!(local.required());
    check!(time.check_required());
    Outcome::Return((Bool(true), cx.kernel.to_utc(local)))
}

pub(crate) fn compare(_: &mut Cx<'_>, first: In<FileTime>, second: In<FileTime>) -> Outcome<i32> {
    let (first, second) = (check!(first.required()), check!(second.required()));
    Outcome::Return(first.cmp(&second) as i32)
}

pub(crate) fn time_zone(
    cx: &mut Cx<'_>,
    information: Out<TimeZoneInformation>,
) -> Outcome<(TimeZoneId, TimeZoneInformation)> {
    check!(information.check_required());
    let season = cx.kernel.season();
    let TimeZone {
        bias,
        standard_name,
        standard_date,
        standard_bias,
        daylight_name,
        daylight_date,
        daylight_bias,
    } = cx.kernel.time_zone().clone();
    let information = TimeZoneInformation {
        Bias: bias,
        StandardName: standard_name,
        StandardDate: standard_date.into(),
        StandardBias: standard_bias,
        DaylightName: daylight_name,
        DaylightDate: daylight_date.into(),
        DaylightBias: daylight_bias,
    };
    Outcome::Return((Dword(season as u32), information))
}

pub(crate) fn set_time_zone(cx: &mut Cx<'_>, information: In<TimeZoneInformation>) -> Outcome<Bool> {
    let information = check!(information.required());

    cx.kernel.set_time_zone(TimeZone {
        bias: information.Bias,
        standard_name: information.StandardName,
        standard_date: information.StandardDate.date(),
        standard_bias: information.StandardBias,
        daylight_name: information.DaylightName,
        daylight_date: information.DaylightDate.date(),
        daylight_bias: information.DaylightBias,
    });
    Outcome::Return(Bool(true))
}

pub(crate) fn set_daylight(cx: &mut Cx<'_>, daylight: Bool) -> Outcome<()> {
    cx.kernel.set_season(if daylight.0 { Season::Daylight } else { Season::Standard });
    Outcome::Return(())
}
