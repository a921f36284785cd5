//! The one locale: English of the United States (0x0409), as `GetLocaleInfo` tells it.
//!
//! The values are those of the National Language Support reference for this locale, and the constants those of
//! `winnls.h`.

/// The locale's identifier; the language's too.
pub const LCID: u32 = 0x0409;

const INVARIANT: u32 = 0x007F;
const USER_DEFAULT: u32 = 0x0400;
const SYSTEM_DEFAULT: u32 = 0x0800;

/// Whether an identifier stands for the locale: its own, a default, the neutral or the invariant one.
#[must_use]
pub fn is_known(lcid: u32) -> bool {
    matches!(lcid, 0 | LCID | INVARIANT | USER_DEFAULT | SYSTEM_DEFAULT)
}

/// A kind of information that is told as a number too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// A number, decimal in text.
    Number,
    /// A number, hexadecimal in text.
    Hexadecimal,
}

pub const DAY_NAMES: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
pub const ABBREVIATED_DAY_NAMES: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
pub const MONTH_NAMES: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
pub const ABBREVIATED_MONTH_NAMES: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

pub const SHORT_DATE: &str = "M/d/yyyy";
pub const LONG_DATE: &str = "dddd, MMMM dd, yyyy";
pub const YEAR_MONTH: &str = "MMMM, yyyy";
pub const TIME: &str = "h:mm:ss tt";
pub const MORNING: &str = "AM";
pub const AFTERNOON: &str = "PM";
pub const ERA: &str = "A.D.";

/// The formats that may be chosen from, the default first: what the `Enum…Formats` functions tell.
pub const SHORT_DATES: [&str; 7] =
    [SHORT_DATE, "M/d/yy", "MM/dd/yy", "MM/dd/yyyy", "yy/MM/dd", "yyyy-MM-dd", "dd-MMM-yy"];
pub const LONG_DATES: [&str; 4] = [LONG_DATE, "MMMM dd, yyyy", "dddd, dd MMMM, yyyy", "dd MMMM, yyyy"];
pub const TIMES: [&str; 4] = [TIME, "hh:mm:ss tt", "H:mm:ss", "HH:mm:ss"];

use Kind::{Hexadecimal, Number, Text};

/// `LCTYPE`, kind, value; sorted by `LCTYPE`. Names of days and months are in tables of their own.
const INFORMATION: &[(u32, Kind, &str)] = &[
    (0x0001, Hexadecimal, "0409"),             // ILANGUAGE
    (0x0002, Text, "English (United States)"), // SLANGUAGE
    (0x0003, Text, "ENU"),                     // SABBREVLANGNAME
    (0x0004, Text, "English"),                 // SNATIVELANGNAME
    (0x0005, Number, "1"),                     // ICOUNTRY
    (0x0006, Text, "United States"),           // SCOUNTRY
    (0x0007, Text, "USA"),                     // SABBREVCTRYNAME
    (0x0008, Text, "United States"),           // SNATIVECTRYNAME
    (0x0009, Hexadecimal, "0409"),             // IDEFAULTLANGUAGE
    (0x000A, Number, "1"),                     // IDEFAULTCOUNTRY
    (0x000B, Number, "437"),                   // IDEFAULTCODEPAGE
    (0x000C, Text, ","),                       // SLIST
    (0x000D, Number, "1"),                     // IMEASURE
    (0x000E, Text, "."),                       // SDECIMAL
    (0x000F, Text, ","),                       // STHOUSAND
    (0x0010, Text, "3;0"),                     // SGROUPING
    (0x0011, Number, "2"),                     // IDIGITS
    (0x0012, Number, "1"),                     // ILZERO
    (0x0013, Text, "0123456789"),              // SNATIVEDIGITS
    (0x0014, Text, "$"),                       // SCURRENCY
    (0x0015, Text, "USD"),                     // SINTLSYMBOL
    (0x0016, Text, "."),                       // SMONDECIMALSEP
    (0x0017, Text, ","),                       // SMONTHOUSANDSEP
    (0x0018, Text, "3;0"),                     // SMONGROUPING
    (0x0019, Number, "2"),                     // ICURRDIGITS
    (0x001A, Number, "2"),                     // IINTLCURRDIGITS
    (0x001B, Number, "0"),                     // ICURRENCY
    (0x001C, Number, "0"),                     // INEGCURR
    (0x001D, Text, "/"),                       // SDATE
    (0x001E, Text, ":"),                       // STIME
    (0x001F, Text, SHORT_DATE),                // SSHORTDATE
    (0x0020, Text, LONG_DATE),                 // SLONGDATE
    (0x0021, Number, "0"),                     // IDATE
    (0x0022, Number, "0"),                     // ILDATE
    (0x0023, Number, "0"),                     // ITIME
    (0x0024, Number, "1"),                     // ICENTURY
    (0x0025, Number, "0"),                     // ITLZERO
    (0x0026, Number, "0"),                     // IDAYLZERO
    (0x0027, Number, "0"),                     // IMONLZERO
    (0x0028, Text, MORNING),                   // S1159
    (0x0029, Text, AFTERNOON),                 // S2359
    (0x0050, Text, ""),                        // SPOSITIVESIGN
    (0x0051, Text, "-"),                       // SNEGATIVESIGN
    (0x0052, Number, "3"),                     // IPOSSIGNPOSN
    (0x0053, Number, "0"),                     // INEGSIGNPOSN
    (0x0054, Number, "1"),                     // IPOSSYMPRECEDES
    (0x0055, Number, "0"),                     // IPOSSEPBYSPACE
    (0x0056, Number, "1"),                     // INEGSYMPRECEDES
    (0x0057, Number, "0"),                     // INEGSEPBYSPACE
    (0x0059, Text, "en"),                      // SISO639LANGNAME
    (0x005A, Text, "US"),                      // SISO3166CTRYNAME
    (0x005C, Text, "en-US"),                   // SNAME
    (0x1001, Text, "English"),                 // SENGLANGUAGE
    (0x1002, Text, "United States"),           // SENGCOUNTRY
    (0x1003, Text, TIME),                      // STIMEFORMAT
    (0x1004, Number, "1252"),                  // IDEFAULTANSICODEPAGE
    (0x1005, Number, "0"),                     // ITIMEMARKPOSN
    (0x1006, Text, YEAR_MONTH),                // SYEARMONTH
    (0x1007, Text, "US Dollar"),               // SENGCURRNAME
    (0x1008, Text, "US Dollar"),               // SNATIVECURRNAME
    (0x1009, Number, "1"),                     // ICALENDARTYPE
    (0x100A, Number, "1"),                     // IPAPERSIZE
    (0x100B, Number, "0"),                     // IOPTIONALCALENDAR
    (0x100C, Number, "6"),                     // IFIRSTDAYOFWEEK
    (0x100D, Number, "0"),                     // IFIRSTWEEKOFYEAR
    (0x100E, Text, ""),                        // SMONTHNAME13
    (0x100F, Text, ""),                        // SABBREVMONTHNAME13
    (0x1010, Number, "1"),                     // INEGNUMBER
    (0x1011, Number, "10000"),                 // IDEFAULTMACCODEPAGE
    (0x1012, Number, "037"),                   // IDEFAULTEBCDICCODEPAGE
    (0x1013, Text, "Default"),                 // SSORTNAME
    (0x1014, Number, "1"),                     // IDIGITSUBSTITUTION
];

/// What an `LCTYPE` without its flags asks for; `None` if it is none.
#[must_use]
pub fn information(kind: u32) -> Option<(Kind, &'static str)> {
    let name = match kind {
        0x2A..=0x30 => Some(DAY_NAMES[kind as usize - 0x2A]),
        0x31..=0x37 => Some(ABBREVIATED_DAY_NAMES[kind as usize - 0x31]),
        0x38..=0x43 => Some(MONTH_NAMES[kind as usize - 0x38]),
        0x44..=0x4F => Some(ABBREVIATED_MONTH_NAMES[kind as usize - 0x44]),
        _ => None,
    };
    if let Some(name) = name {
        return Some((Text, name));
    }
    let place = INFORMATION.binary_search_by_key(&kind, |(kind, ..)| *kind).ok()?;
    let (_, kind, value) = INFORMATION[place];
    Some((kind, value))
}

/// What `GetCalendarInfo` and `EnumCalendarInfo` tell of the Gregorian calendar; `None` for what it has not.
#[must_use]
pub fn calendar(kind: u32) -> Option<&'static [&'static str]> {
    Some(match kind {
        0x01 => &["1"],
        0x02 => &["Gregorian Calendar"],
        0x04 => &[ERA],
        0x05 => &SHORT_DATES,
        0x06 => &LONG_DATES,
        0x07..=0x0D => &DAY_NAMES[kind as usize - 0x07..=kind as usize - 0x07],
        0x0E..=0x14 => &ABBREVIATED_DAY_NAMES[kind as usize - 0x0E..=kind as usize - 0x0E],
        0x15..=0x20 => &MONTH_NAMES[kind as usize - 0x15..=kind as usize - 0x15],
        0x22..=0x2D => &ABBREVIATED_MONTH_NAMES[kind as usize - 0x22..=kind as usize - 0x22],
        0x21 | 0x2E => &[""],
        0x2F => &[YEAR_MONTH],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn information_is_sorted_and_found() {
        assert!(INFORMATION.is_sorted_by_key(|(kind, ..)| *kind));
        for (kind, _, value) in INFORMATION {
            assert_eq!(information(*kind).unwrap().1, *value);
        }
        assert_eq!(information(0x2A), Some((Text, "Monday")));
        assert_eq!(information(0x4F), Some((Text, "Dec")));
        assert_eq!(information(0x58), None);
        assert_eq!(calendar(0x15), Some(&["January"][..]));
    }

    #[test]
    fn numbers_are_numbers() {
        for (kind, form, value) in INFORMATION {
            match form {
                Text => {}
                Number => assert!(value.parse::<u32>().is_ok(), "{kind:#x}"),
                Hexadecimal => assert!(u32::from_str_radix(value, 16).is_ok(), "{kind:#x}"),
            }
        }
    }
}
