//! What integer instructions do. A handler checks first and performs after, so that one that fails has done
//! nothing.

pub mod arithmetic;
pub mod bits;
pub mod branch;
pub mod decimal;
pub mod multiply;
pub mod segment;
pub mod shift;
pub mod stack;
pub mod string;
pub mod system;
pub mod transfer;
