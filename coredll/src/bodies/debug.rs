//! Text for whoever debugs the device.

use super::check;
use crate::{HostCx, Outcome, Text};

pub(crate) fn output(cx: &mut HostCx<'_>, text: Text) -> Outcome<()> {
    let text = check!(text.required());
    cx.host.output(&String::from_utf16_lossy(&text));
    Outcome::Return(())
}
