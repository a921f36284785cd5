//! `MessageBoxW` without a screen: the box is printed, and answered as the user of cerium wishes.

use crate::bodies::print::decoded;
use crate::call::{Button, Cx, Stream};
use crate::memory::Fault;
use crate::string;

const ERROR_INVALID_PARAMETER: u32 = 87;

/// The longest text that is printed.
const LIMIT: u32 = 1 << 16;

/// The buttons of each kind of box, by the lowest four bits of `uType`.
const BOXES: [&[Button]; 6] = [
    &[Button::Ok],
    &[Button::Ok, Button::Cancel],
    &[Button::Abort, Button::Retry, Button::Ignore],
    &[Button::Yes, Button::No, Button::Cancel],
    &[Button::Yes, Button::No],
    &[Button::Retry, Button::Cancel],
];

/// Prints the box, the answer in brackets, and returns the answer: the one that was asked for if there is such
/// a button, else the default one. 0 for a kind that is none.
pub(crate) fn show(cx: &mut Cx<'_>, text: u32, caption: u32, kind: u32) -> Result<u32, Fault> {
    let Some(buttons) = BOXES.get(kind as usize & 0xF) else {
        cx.last_error = Some(ERROR_INVALID_PARAMETER);
        return Ok(0);
    };
    let read = |address: u32, default: &str| match address {
        0 => Ok(default.to_owned()),
        _ => string::read::<u16>(cx.memory, address, LIMIT).map(|units| decoded(&units)),
    };
    // Without a caption it is "Error", as documented.
    let (text, caption) = (read(text, "")?, read(caption, "Error")?);
    let default = buttons.get((kind >> 8 & 0xF) as usize).copied().unwrap_or(buttons[0]);
    let answer = cx.process.answer.filter(|answer| buttons.contains(answer)).unwrap_or(default);
    let mut shown = format!("{caption}: {text}");
    for button in *buttons {
        let name = button.name();
        shown += &if *button == answer { format!(" [{name}]") } else { format!(" {name}") };
    }
    cx.output.print(Stream::Output, &(shown + "\n"));
    Ok(answer as u32)
}
