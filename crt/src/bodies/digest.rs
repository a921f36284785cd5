//! Where digests go.

use crate::call::Cx;
use crate::hash;
use crate::memory::Fault;

/// `MD5Final`: the digest is in the structure, behind all else.
pub(crate) fn finish_md5(cx: &mut Cx<'_>, context: u32) -> Result<(), Fault> {
    let digest = hash::MD5.finish(cx.memory, context)?;
    cx.memory.write(context.wrapping_add(hash::MD5_DIGEST), &digest)
}

/// `A_SHAFinal`: the digest goes to a buffer, and the structure is ready for another.
pub(crate) fn finish_sha1(cx: &mut Cx<'_>, context: u32, result: u32) -> Result<(), Fault> {
    let digest = hash::SHA1.finish(cx.memory, context)?;
    cx.memory.write(result, &digest)?;
    hash::SHA1.begin(cx.memory, context)
}
