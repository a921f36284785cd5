//! Dates and times by pictures: `GetDateFormat`, `GetTimeFormat`.

use super::locale;

/// A `SYSTEMTIME`, of which nothing is believed before it was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SystemTime {
    pub year: u16,
    pub month: u16,
    pub day: u16,
    pub hour: u16,
    pub minute: u16,
    pub second: u16,
    pub milliseconds: u16,
}

/// Bytes of a `SYSTEMTIME`.
pub const SYSTEMTIME_SIZE: usize = 16;

impl SystemTime {
    /// Reads the structure; the day of the week is not looked at, as it follows from the others.
    #[must_use]
    pub fn from_bytes(bytes: [u8; SYSTEMTIME_SIZE]) -> Self {
        let word = |place: usize| u16::from_le_bytes([bytes[2 * place], bytes[2 * place + 1]]);
        let (year, month, day) = (word(0), word(1), word(3));
        let (hour, minute, second, milliseconds) = (word(4), word(5), word(6), word(7));
        Self { year, month, day, hour, minute, second, milliseconds }
    }

    /// Whether there is such a day in the time that a `FILETIME` covers.
    #[must_use]
    pub fn is_date(&self) -> bool {
        (1601..=30827).contains(&self.year)
            && (1..=12).contains(&self.month)
            && (1..=days_in(self.year, self.month)).contains(&self.day)
    }

    /// Whether there is such a time of day.
    #[must_use]
    pub fn is_time(&self) -> bool {
        self.hour < 24 && self.minute < 60 && self.second < 60 && self.milliseconds < 1000
    }

    /// The day of the week, 0 for Monday; of a day that is one.
    fn weekday(&self) -> usize {
        // Sakamoto's method: 0 for Sunday.
        const MONTHS: [u32; 12] = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4];
        let year = u32::from(self.year) - u32::from(self.month < 3);
        let sum = year + year / 4 - year / 100 + year / 400;
        let sunday_first = (sum + MONTHS[usize::from(self.month) - 1] + u32::from(self.day)) % 7;
        (sunday_first as usize + 6) % 7
    }
}

fn days_in(year: u16, month: u16) -> u16 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Parts of a time that are left out: the flags of `GetTimeFormat`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LeftOut {
    pub minutes: bool,
    pub seconds: bool,
    pub marker: bool,
    /// Hours go to 24 whatever the picture says.
    pub halves: bool,
}

/// A piece of a picture: so many of a letter, or text.
enum Piece {
    Letters(u8, usize),
    Text(Vec<u16>),
}

/// Takes a picture apart. `letters` have a meaning; all else is text, and quotes make text of letters.
fn pieces(picture: &[u16], letters: &[u8]) -> Vec<Piece> {
    const QUOTE: u16 = b'\'' as u16;
    let mut pieces = Vec::new();
    let mut rest = picture;
    while let Some((&first, after)) = rest.split_first() {
        let letter = u8::try_from(first).ok().filter(|letter| letters.contains(letter));
        if let Some(letter) = letter {
            let count = rest.iter().take_while(|unit| **unit == first).count();
            pieces.push(Piece::Letters(letter, count));
            rest = &rest[count..];
        } else if first == QUOTE {
            let mut text = Vec::new();
            rest = after;
            // Two quotes in quoted text are one.
            while let Some((&unit, after)) = rest.split_first() {
                rest = after;
                if unit != QUOTE {
                    text.push(unit);
                } else if rest.first() == Some(&QUOTE) {
                    text.push(QUOTE);
                    rest = &rest[1..];
                } else {
                    break;
                }
            }
            pieces.push(Piece::Text(text));
        } else {
            pieces.push(Piece::Text(vec![first]));
            rest = after;
        }
    }
    pieces
}

fn push(made: &mut Vec<u16>, text: &str) {
    made.extend(text.encode_utf16());
}

/// A date by a picture of d, M, y and g.
#[must_use]
pub fn date(picture: &[u16], date: SystemTime) -> Vec<u16> {
    let mut made = Vec::new();
    let month = usize::from(date.month) - 1;
    for piece in pieces(picture, b"dMyg") {
        let text = match piece {
            Piece::Text(text) => {
                made.extend(text);
                continue;
            }
            Piece::Letters(b'd', 1) => date.day.to_string(),
            Piece::Letters(b'd', 2) => format!("{:02}", date.day),
            Piece::Letters(b'd', 3) => locale::ABBREVIATED_DAY_NAMES[date.weekday()].to_owned(),
            Piece::Letters(b'd', _) => locale::DAY_NAMES[date.weekday()].to_owned(),
            Piece::Letters(b'M', 1) => date.month.to_string(),
            Piece::Letters(b'M', 2) => format!("{:02}", date.month),
            Piece::Letters(b'M', 3) => locale::ABBREVIATED_MONTH_NAMES[month].to_owned(),
            Piece::Letters(b'M', _) => locale::MONTH_NAMES[month].to_owned(),
            Piece::Letters(b'y', 1) => (date.year % 100).to_string(),
            Piece::Letters(b'y', 2) => format!("{:02}", date.year % 100),
            Piece::Letters(b'y', _) => format!("{:04}", date.year),
            Piece::Letters(..) => locale::ERA.to_owned(),
        };
        push(&mut made, &text);
    }
    made
}

/// A time by a picture of h, H, m, s and t. What is left out takes the text in front of it along.
#[must_use]
pub fn time(picture: &[u16], time: SystemTime, left_out: LeftOut) -> Vec<u16> {
    let mut made = Vec::new();
    // Where the text after the last part begins.
    let mut part_end = 0;
    let mut dropped = false;
    for piece in pieces(picture, b"hHmst") {
        let (letter, count) = match piece {
            Piece::Text(text) => {
                if !dropped {
                    made.extend(text);
                }
                continue;
            }
            Piece::Letters(letter, count) => (letter, count),
        };
        dropped = match letter {
            b'm' => left_out.minutes,
            b's' => left_out.minutes || left_out.seconds,
            b't' => left_out.marker,
            _ => false,
        };
        if dropped {
            made.truncate(part_end);
            // The text behind it stays where there is a part behind that.
            dropped = letter == b't' && part_end == 0;
            continue;
        }
        push(&mut made, &part(letter, count, time, left_out.halves));
        part_end = made.len();
    }
    made
}

fn part(letter: u8, count: usize, time: SystemTime, to_24: bool) -> String {
    let number = match letter {
        b'h' if !to_24 => (time.hour + 11) % 12 + 1,
        b'h' | b'H' => time.hour,
        b'm' => time.minute,
        b's' => time.second,
        _ => {
            let marker = if time.hour < 12 { locale::MORNING } else { locale::AFTERNOON };
            return if count == 1 { marker[..1].to_owned() } else { marker.to_owned() };
        }
    };
    if count == 1 { number.to_string() } else { format!("{number:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOMENT: SystemTime =
        SystemTime { year: 2004, month: 2, day: 29, hour: 13, minute: 5, second: 9, milliseconds: 0 };

    fn dated(picture: &str, moment: SystemTime) -> String {
        let picture: Vec<u16> = picture.encode_utf16().collect();
        String::from_utf16(&date(&picture, moment)).unwrap()
    }

    fn timed(picture: &str, left_out: LeftOut) -> String {
        let picture: Vec<u16> = picture.encode_utf16().collect();
        String::from_utf16(&time(&picture, MOMENT, left_out)).unwrap()
    }

    #[test]
    fn dates_by_their_pictures() {
        assert_eq!(dated("M/d/yyyy", MOMENT), "2/29/2004");
        assert_eq!(dated("dddd, MMMM dd, yyyy", MOMENT), "Sunday, February 29, 2004");
        assert_eq!(dated("ddd dd MMM MM yy y gg", MOMENT), "Sun 29 Feb 02 04 4 A.D.");
        assert_eq!(dated("'day' d 'o''clock'", MOMENT), "day 29 o'clock");
        let days = (1..=7).map(|day| dated("ddd", SystemTime { month: 1, day, year: 2024, ..MOMENT }));
        assert_eq!(days.collect::<Vec<_>>(), locale::ABBREVIATED_DAY_NAMES);
    }

    #[test]
    fn times_by_their_pictures() {
        let all = LeftOut::default();
        assert_eq!(timed("h:mm:ss tt", all), "1:05:09 PM");
        assert_eq!(timed("HH:m:s t", all), "13:5:9 P");
        assert_eq!(timed("h:mm:ss tt", LeftOut { seconds: true, ..all }), "1:05 PM");
        assert_eq!(timed("h:mm:ss tt", LeftOut { minutes: true, ..all }), "1 PM");
        assert_eq!(timed("h:mm:ss tt", LeftOut { marker: true, halves: true, ..all }), "13:05:09");
        assert_eq!(timed("tt h:mm", LeftOut { marker: true, ..all }), "1:05");
    }

    #[test]
    fn days_that_are_none() {
        assert!(MOMENT.is_date());
        assert!(!SystemTime { year: 2003, ..MOMENT }.is_date());
        assert!(!SystemTime { year: 1600, day: 1, ..MOMENT }.is_date());
        assert!(!SystemTime { month: 13, ..MOMENT }.is_date());
        assert!(!SystemTime { day: 0, ..MOMENT }.is_date());
        assert!(MOMENT.is_time() && !SystemTime { hour: 24, ..MOMENT }.is_time());
    }
}
