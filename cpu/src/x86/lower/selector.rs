//! Instructions that read or load a segment register.

use iced_x86::{Code, Mnemonic};

use super::{Form, Kind, Size, wide};
use crate::x86::execute::segment;
use crate::x86::op::{Far, Half, Handler, RegisterA, RegisterB, Word};
use crate::x86::segment::{CS, DS, ES, FS, GS, SS, number};

impl Form<'_> {
    /// The handler of an instruction that names a segment register.
    pub(super) fn segment(&mut self) -> Option<Handler> {
        match self.mnemonic() {
            Mnemonic::Mov if self.is_segment(1) => self.store_segment(),
            Mnemonic::Mov if self.is_segment(0) => self.load_segment(),
            Mnemonic::Push if self.is_segment(0) => Some(wide!(self.stack_size(), segment::push::<W>)),
            Mnemonic::Pop if self.is_segment(0) => {
                let handler = wide!(self.stack_size(), segment::pop::<W>);
                self.ends(handler)
            }
            Mnemonic::Les => self.load_far(ES),
            Mnemonic::Lss => self.load_far(SS),
            Mnemonic::Lds => self.load_far(DS),
            Mnemonic::Lfs => self.load_far(FS),
            Mnemonic::Lgs => self.load_far(GS),
            _ => None,
        }
    }

    fn is_segment(&self, operand: u32) -> bool {
        operand < self.instruction.op_count()
            && self.kind(operand) == Kind::Register
            && number(self.instruction.op_register(operand)).is_some()
    }

    fn stack_size(&self) -> Size {
        use Code::*;
        let half = matches!(
            self.instruction.code(),
            Pushw_ES
                | Pushw_CS
                | Pushw_SS
                | Pushw_DS
                | Pushw_FS
                | Pushw_GS
                | Popw_ES
                | Popw_SS
                | Popw_DS
                | Popw_FS
                | Popw_GS
        );
        if half { Size::Half } else { Size::Word }
    }

    /// A register takes the selector in its size; in memory it has 16 bits whatever the operand size.
    fn store_segment(&mut self) -> Option<Handler> {
        Some(match self.kind(0) {
            Kind::Register => wide!(self.size(0)?, segment::store::<W, RegisterA>),
            _ => segment::store::<Half, Far>,
        })
    }

    fn load_segment(&mut self) -> Option<Handler> {
        // CS is loaded by a far transfer only.
        if usize::from(self.op.a) == CS {
            return None;
        }
        let handler = match self.kind(1) {
            Kind::Register => segment::load::<RegisterB>,
            _ => segment::load::<Far>,
        };
        self.ends(handler)
    }

    fn load_far(&mut self, register: usize) -> Option<Handler> {
        let size = self.size(0)?;
        self.op.b = register as u8;
        let handler = wide!(size, segment::load_far::<W>);
        self.ends(handler)
    }
}
