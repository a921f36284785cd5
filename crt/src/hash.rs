//! MD5 and SHA-1 as COREDLL has them: the state is a structure in guest memory, of the documented layout.

use crate::memory::{Fault, GuestMemory};

/// The bytes of a block, of both.
const BLOCK: u32 = 64;

/// A hash with 32-bit words as its state.
#[derive(Debug, Clone, Copy)]
pub struct Hash {
    /// Where the number of bits is, in two words.
    bits: u32,
    /// Whether the word with the lower bits of that number comes first, in the structure and in the padding.
    little: bool,
    /// Where the state is.
    state: u32,
    /// What the state begins as.
    initial: &'static [u32],
    /// Where the bytes are that do not make a block yet.
    pending: u32,
    compress: fn(&mut [u32], &[u8; BLOCK as usize]),
}

const MD5_START: [u32; 4] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476];
const SHA1_START: [u32; 5] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0];

/// `MD5_CTX`: `bits[2]`, `state[4]`, `input[64]`, `digest[16]`.
pub const MD5: Hash =
    Hash { bits: 0, little: true, state: 8, initial: &MD5_START, pending: 24, compress: md5 };
/// Where `MD5Final` puts the digest in an `MD5_CTX`.
pub const MD5_DIGEST: u32 = 88;
/// `A_SHA_CTX`: a word, a digest of 20 bytes, `state[5]`, `bits[2]` with the upper word first, `input[64]`.
pub const SHA1: Hash =
    Hash { bits: 44, little: false, state: 24, initial: &SHA1_START, pending: 52, compress: sha1 };

impl Hash {
    /// Begins: writes the initial state to the structure at `context`.
    pub fn begin(&self, memory: &mut dyn GuestMemory, context: u32) -> Result<(), Fault> {
        self.store_bits(memory, context, 0)?;
        self.store(memory, context, self.initial)
    }

    /// Goes on with bytes.
    pub fn update(
        &self,
        memory: &mut dyn GuestMemory,
        context: u32,
        data: u32,
        size: u32,
    ) -> Result<(), Fault> {
        let mut chunk = [0; BLOCK as usize];
        let mut done = 0;
        while done < size {
            let count = (size - done).min(BLOCK);
            let bytes = &mut chunk[..count as usize];
            memory.read(data.wrapping_add(done), bytes)?;
            self.take(memory, context, bytes)?;
            done += count;
        }
        Ok(())
    }

    /// Ends: pads, and returns the digest's bytes.
    pub fn finish(&self, memory: &mut dyn GuestMemory, context: u32) -> Result<Vec<u8>, Fault> {
        let bits = self.load_bits(memory, context)?;
        let filled = (bits / 8 % u64::from(BLOCK)) as u32;
        let zeros = (BLOCK * 2 - 8 - 1 - filled) % BLOCK;
        let mut padding = vec![0x80];
        padding.resize(1 + zeros as usize, 0);
        padding.extend(if self.little { bits.to_le_bytes() } else { bits.to_be_bytes() });
        self.take(memory, context, &padding)?;
        let words = self.load(memory, context)?;
        let bytes = |word: &u32| if self.little { word.to_le_bytes() } else { word.to_be_bytes() };
        Ok(words.iter().flat_map(bytes).collect())
    }

    fn take(&self, memory: &mut dyn GuestMemory, context: u32, bytes: &[u8]) -> Result<(), Fault> {
        let bits = self.load_bits(memory, context)?;
        let pending = context.wrapping_add(self.pending);
        let mut filled = (bits / 8 % u64::from(BLOCK)) as u32;
        let mut rest = bytes;
        while !rest.is_empty() {
            let (first, after) = rest.split_at(rest.len().min((BLOCK - filled) as usize));
            memory.write(pending.wrapping_add(filled), first)?;
            filled += first.len() as u32;
            rest = after;
            if filled == BLOCK {
                let mut block = [0; BLOCK as usize];
                memory.read(pending, &mut block)?;
                let mut state = self.load(memory, context)?;
                (self.compress)(&mut state, &block);
                self.store(memory, context, &state)?;
                filled = 0;
            }
        }
        self.store_bits(memory, context, bits.wrapping_add(bytes.len() as u64 * 8))
    }

    fn load_bits(&self, memory: &dyn GuestMemory, context: u32) -> Result<u64, Fault> {
        let bits = memory.read_u64(context.wrapping_add(self.bits))?;
        Ok(if self.little { bits } else { bits.rotate_left(32) })
    }

    fn store_bits(&self, memory: &mut dyn GuestMemory, context: u32, bits: u64) -> Result<(), Fault> {
        let bits = if self.little { bits } else { bits.rotate_left(32) };
        memory.write(context.wrapping_add(self.bits), &bits.to_le_bytes())
    }

    fn load(&self, memory: &dyn GuestMemory, context: u32) -> Result<Vec<u32>, Fault> {
        let place = |i: usize| context.wrapping_add(self.state + 4 * i as u32);
        (0..self.initial.len()).map(|i| memory.read_u32(place(i))).collect()
    }

    fn store(&self, memory: &mut dyn GuestMemory, context: u32, words: &[u32]) -> Result<(), Fault> {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        memory.write(context.wrapping_add(self.state), &bytes)
    }
}

/// The words of a block.
fn words(block: &[u8; BLOCK as usize], read: fn([u8; 4]) -> u32) -> [u32; 16] {
    std::array::from_fn(|i| read([block[4 * i], block[4 * i + 1], block[4 * i + 2], block[4 * i + 3]]))
}

/// RFC 1321, 3.4.
fn md5(state: &mut [u32], block: &[u8; BLOCK as usize]) {
    const SHIFTS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
    let words = words(block, u32::from_le_bytes);
    let [mut a, mut b, mut c, mut d] = [state[0], state[1], state[2], state[3]];
    for step in 0..64 {
        let (mixed, word) = match step / 16 {
            0 => (b & c | !b & d, step),
            1 => (d & b | !d & c, 5 * step + 1),
            2 => (b ^ c ^ d, 3 * step + 5),
            _ => (c ^ (b | !d), 7 * step),
        };
        let sum = a.wrapping_add(mixed).wrapping_add(SINES[step]).wrapping_add(words[word % 16]);
        let next = b.wrapping_add(sum.rotate_left(SHIFTS[step / 16][step % 4]));
        (a, d, c, b) = (d, c, b, next);
    }
    for (word, more) in state.iter_mut().zip([a, b, c, d]) {
        *word = word.wrapping_add(more);
    }
}

/// RFC 3174, 6.1.
fn sha1(state: &mut [u32], block: &[u8; BLOCK as usize]) {
    let mut schedule = [0; 80];
    schedule[..16].copy_from_slice(&words(block, u32::from_be_bytes));
    for i in 16..80 {
        schedule[i] =
            (schedule[i - 3] ^ schedule[i - 8] ^ schedule[i - 14] ^ schedule[i - 16]).rotate_left(1);
    }
    let [mut a, mut b, mut c, mut d, mut e] = [state[0], state[1], state[2], state[3], state[4]];
    for (step, word) in schedule.into_iter().enumerate() {
        let (mixed, constant) = match step / 20 {
            0 => (b & c | !b & d, 0x5A82_7999_u32),
            1 => (b ^ c ^ d, 0x6ED9_EBA1),
            2 => (b & c | b & d | c & d, 0x8F1B_BCDC),
            _ => (b ^ c ^ d, 0xCA62_C1D6),
        };
        let sum = a.rotate_left(5).wrapping_add(mixed).wrapping_add(e).wrapping_add(constant);
        (e, d, c, b, a) = (d, c, b.rotate_left(30), a, sum.wrapping_add(word));
    }
    for (word, more) in state.iter_mut().zip([a, b, c, d, e]) {
        *word = word.wrapping_add(more);
    }
}

/// The parts after the point of the sines of 1 to 64.
const SINES: [u32; 64] = [
    0xD76A_A478,
    0xE8C7_B756,
    0x2420_70DB,
    0xC1BD_CEEE,
    0xF57C_0FAF,
    0x4787_C62A,
    0xA830_4613,
    0xFD46_9501,
    0x6980_98D8,
    0x8B44_F7AF,
    0xFFFF_5BB1,
    0x895C_D7BE,
    0x6B90_1122,
    0xFD98_7193,
    0xA679_438E,
    0x49B4_0821,
    0xF61E_2562,
    0xC040_B340,
    0x265E_5A51,
    0xE9B6_C7AA,
    0xD62F_105D,
    0x0244_1453,
    0xD8A1_E681,
    0xE7D3_FBC8,
    0x21E1_CDE6,
    0xC337_07D6,
    0xF4D5_0D87,
    0x455A_14ED,
    0xA9E3_E905,
    0xFCEF_A3F8,
    0x676F_02D9,
    0x8D2A_4C8A,
    0xFFFA_3942,
    0x8771_F681,
    0x6D9D_6122,
    0xFDE5_380C,
    0xA4BE_EA44,
    0x4BDE_CFA9,
    0xF6BB_4B60,
    0xBEBF_BC70,
    0x289B_7EC6,
    0xEAA1_27FA,
    0xD4EF_3085,
    0x0488_1D05,
    0xD9D4_D039,
    0xE6DB_99E5,
    0x1FA2_7CF8,
    0xC4AC_5665,
    0xF429_2244,
    0x432A_FF97,
    0xAB94_23A7,
    0xFC93_A039,
    0x655B_59C3,
    0x8F0C_CC92,
    0xFFEF_F47D,
    0x8584_5DD1,
    0x6FA8_7E4F,
    0xFE2C_E6E0,
    0xA301_4314,
    0x4E08_11A1,
    0xF753_7E82,
    0xBD3A_F235,
    0x2AD7_D2BB,
    0xEB86_D391,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::testing::{BASE, TestMemory};

    const TEXT: u32 = BASE + 0x400;

    /// The digest of a text, given in pieces of so many bytes.
    fn digest(hash: &Hash, text: &[u8], piece: u32) -> String {
        let mut memory = TestMemory::new(1);
        memory.write(TEXT, text).unwrap();
        hash.begin(&mut memory, BASE).unwrap();
        let mut done = 0;
        while done < text.len() as u32 {
            let size = piece.min(text.len() as u32 - done);
            hash.update(&mut memory, BASE, TEXT + done, size).unwrap();
            done += size;
        }
        let bytes = hash.finish(&mut memory, BASE).unwrap();
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn digests_are_those_of_the_documents() {
        assert_eq!(digest(&MD5, b"", 1), "d41d8cd98f00b204e9800998ecf8427e");
        assert_eq!(digest(&MD5, b"message digest", 64), "f96b697d7cb7938d525a2f31aaf161d0");
        assert_eq!(digest(&SHA1, b"abc", 3), "a9993e364706816aba3e25717850c26c9cd0d89d");
        let long = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
        assert_eq!(digest(&SHA1, long, 64), "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
    }

    #[test]
    fn the_pieces_make_no_difference() {
        let text: Vec<u8> = (0..=255).chain(0..77).collect();
        for hash in [MD5, SHA1] {
            let whole = digest(&hash, &text, 1000);
            for piece in [1, 7, 63, 64, 65] {
                assert_eq!(digest(&hash, &text, piece), whole);
            }
        }
    }
}
