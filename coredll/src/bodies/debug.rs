//! Text for whoever debugs the device.

use super::check;
use crate::{Cx, Outcome, Text};

pub(crate) fn output(cx: &mut Cx<'_>, text: Text) -> Outcome<()> {
    let text = check!(text.required());
    cx.host.output(&String::from_utf16_lossy(&text));
    Outcome::Return(())
}
