//! Decoded blocks: found by key, chained to one another, forgotten by address, bounded in number.

use std::collections::BTreeMap;
use std::ops::Range;

/// What a block is found by: its address, and the CPU state that decides what the bytes there mean (as Thumb
/// does).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(u64);

impl Key {
    /// No block has this key.
    pub const NONE: Key = Key(u64::MAX);

    /// The key of a block at an address in a state below 2^31.
    #[inline(always)]
    pub const fn new(address: u32, state: u32) -> Key {
        // The address above the state: keys are in order of address, so a range of addresses is a range of
        // keys.
        Key((address as u64) << 31 | state as u64)
    }

    /// Where the block is.
    #[inline(always)]
    pub const fn address(self) -> u32 {
        (self.0 >> 31) as u32
    }

    /// The state it was decoded in.
    #[inline(always)]
    pub const fn state(self) -> u32 {
        self.0 as u32 & 0x7FFF_FFFF
    }

    #[inline(always)]
    fn slot(self) -> usize {
        let mixed = self.address() >> 1;
        (mixed ^ (mixed >> 13) ^ (self.state() << 7)) as usize & (SLOTS - 1)
    }
}

/// A place in the cache. It may come to hold another block, so what is found there is always checked against
/// the key.
pub type Index = u32;

/// The two ways out of a block that are known when it is decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To the instruction behind it.
    Through = 0,
    /// To where its last instruction branches.
    Taken = 1,
}

/// A run of decoded instructions, entered at its start only.
#[derive(Debug)]
pub struct Block<S> {
    key: Key,
    /// Bytes of code it was decoded from.
    len: u32,
    /// Instructions in it.
    count: u32,
    targets: [Key; 2],
    /// Where the targets were last found.
    links: [Index; 2],
    /// The decoded instructions.
    pub steps: Box<[S]>,
}

impl<S> Block<S> {
    /// A block not yet in the cache, of `count` instructions in `len` bytes. `targets` are its ways out, by
    /// [`Way`]; [`Key::NONE`] where there is none.
    pub fn new(key: Key, len: u32, count: u32, targets: [Key; 2], steps: Vec<S>) -> Block<S> {
        assert!(len <= MAX_BLOCK_BYTES, "a longer block would not be found by its last bytes");
        Block { key, len, count, targets, links: [Index::MAX; 2], steps: steps.into() }
    }

    /// Its key.
    #[inline(always)]
    pub fn key(&self) -> Key {
        self.key
    }

    /// Instructions in it.
    #[inline(always)]
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Where this way leads.
    #[inline(always)]
    pub fn target(&self, way: Way) -> Key {
        self.targets[way as usize]
    }
}

/// A block may be decoded from so many bytes.
pub const MAX_BLOCK_BYTES: u32 = 1024;

/// Blocks held at once. A guest that has more loses them all and starts afresh.
const MAX_BLOCKS: usize = 1 << 16;

/// Steps held at once, in all blocks.
const MAX_STEPS: usize = 1 << 20;

/// Entries of the table tried before the map.
const SLOTS: usize = 1 << 13;

/// The blocks of one process.
#[derive(Debug)]
pub struct BlockCache<S> {
    blocks: Vec<Block<S>>,
    /// Places whose block was forgotten.
    free: Vec<Index>,
    /// Every block, in order of address.
    by_key: BTreeMap<Key, Index>,
    /// A block for each hash of a key, to be found without a search.
    slots: Box<[Index]>,
    /// Steps in all blocks.
    steps: usize,
}

impl<S> Default for BlockCache<S> {
    fn default() -> BlockCache<S> {
        let slots = vec![Index::MAX; SLOTS].into();
        BlockCache { blocks: Vec::new(), free: Vec::new(), by_key: BTreeMap::new(), slots, steps: 0 }
    }
}

impl<S> BlockCache<S> {
    /// The block at a place that `find`, `follow` or `insert` gave, with nothing inserted or forgotten since.
    #[inline(always)]
    pub fn block(&self, index: Index) -> &Block<S> {
        &self.blocks[index as usize]
    }

    /// The block with this key.
    pub fn find(&mut self, key: Key) -> Option<Index> {
        if let Some(index) = self.probe(key) {
            return Some(index);
        }
        let index = *self.by_key.get(&key)?;
        self.slots[key.slot()] = index;
        Some(index)
    }

    /// The block with this key if it can be found at once.
    #[inline(always)]
    pub fn probe(&self, key: Key) -> Option<Index> {
        let index = self.slots[key.slot()];
        self.holds(index, key).then_some(index)
    }

    #[inline(always)]
    fn holds(&self, index: Index, key: Key) -> bool {
        self.blocks.get(index as usize).is_some_and(|block| block.key == key)
    }

    /// The block that this way leads to, if it was linked and is still there.
    #[inline(always)]
    pub fn follow(&self, from: Index, way: Way) -> Option<Index> {
        let block = self.block(from);
        let index = block.links[way as usize];
        self.holds(index, block.targets[way as usize]).then_some(index)
    }

    /// Remembers that a way leads to `to`. If `from` was forgotten meanwhile, nothing happens.
    pub fn link(&mut self, from: Index, way: Way, to: Index) {
        let target = self.block(to).key;
        let Some(block) = self.blocks.get_mut(from as usize) else { return };
        if block.targets[way as usize] == target {
            block.links[way as usize] = to;
        }
    }

    /// Takes a block in, in place of another with its key; when full, all others are forgotten first.
    pub fn insert(&mut self, block: Block<S>) -> Index {
        if self.by_key.len() >= MAX_BLOCKS || self.steps + block.steps.len() > MAX_STEPS {
            *self = BlockCache::default();
        }
        self.forget(block.key);

        let key = block.key;
        self.steps += block.steps.len();
        let index = match self.free.pop() {
            Some(index) => {
                self.blocks[index as usize] = block;
                index
            }
            None => {
                self.blocks.push(block);
                self.blocks.len() as Index - 1
            }
        };
        self.by_key.insert(key, index);
        self.slots[key.slot()] = index;
        index
    }

    /// Forgets every block with code in the range.
    pub fn invalidate(&mut self, range: Range<u32>) {
        if range.is_empty() {
            return;
        }
        // A block that reaches into the range starts at most one block's length before it.
        let first = Key::new(range.start.saturating_sub(MAX_BLOCK_BYTES), 0);
        let keys = self.by_key.range(first..Key::new(range.end, 0));
        let reaches = |index: Index| {
            let block = &self.blocks[index as usize];
            u64::from(block.key.address()) + u64::from(block.len) > u64::from(range.start)
        };
        let stale: Vec<Key> = keys.filter(|(_, index)| reaches(**index)).map(|(key, _)| *key).collect();
        for key in stale {
            self.forget(key);
        }
    }

    /// Forgets every block with code in the page at this address. (The last page has no end a `Range<u32>`
    /// could name.)
    pub fn invalidate_page(&mut self, address: u32) {
        let last = address | (cerium_memory::PAGE_SIZE - 1);
        self.invalidate(address..last);
        // Code that starts on the page's very last byte.
        self.forget_all_at(last);
    }

    fn forget_all_at(&mut self, address: u32) {
        let end = Key((u64::from(address) + 1) << 31);
        let stale: Vec<Key> = self.by_key.range(Key::new(address, 0)..end).map(|(key, _)| *key).collect();
        for key in stale {
            self.forget(key);
        }
    }

    fn forget(&mut self, key: Key) {
        let Some(index) = self.by_key.remove(&key) else { return };
        let block = &mut self.blocks[index as usize];
        assert!(block.key == key, "the map and the blocks must agree");
        self.steps -= block.steps.len();
        block.key = Key::NONE;
        block.steps = Box::default();
        self.free.push(index);
    }

    /// Blocks held now.
    pub fn len(&self) -> usize {
        self.by_key.len()
    }

    /// Whether there is no block.
    pub fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(address: u32, steps: usize) -> Block<()> {
        let targets = [Key::new(address + 4, 0), Key::NONE];
        Block::new(Key::new(address, 0), 4, 1, targets, vec![(); steps])
    }

    #[test]
    fn a_block_is_found_until_its_code_is_invalidated() {
        let mut cache = BlockCache::default();
        let index = cache.insert(block(0x1000, 1));
        assert_eq!(cache.find(Key::new(0x1000, 0)), Some(index));
        assert_eq!(cache.find(Key::new(0x1000, 1)), None);
        cache.invalidate(0x1004..0x2000);
        cache.invalidate(0x0FFF..0x1000);
        cache.invalidate(0x1002..0x1002);
        assert_eq!(cache.len(), 1);
        cache.invalidate(0x1003..0x1004);
        assert_eq!(cache.find(Key::new(0x1000, 0)), None);
        assert!(cache.is_empty());
    }

    #[test]
    fn the_last_page_can_be_invalidated() {
        let mut cache = BlockCache::default();
        cache.insert(Block::new(Key::new(0xFFFF_FFFC, 0), 4, 1, [Key::NONE; 2], vec![()]));
        cache.insert(Block::new(Key::new(0xFFFF_FFFF, 3), 1, 1, [Key::NONE; 2], vec![()]));
        cache.invalidate_page(0xFFFF_E000);
        assert_eq!(cache.len(), 2);
        cache.invalidate_page(0xFFFF_F000);
        assert!(cache.is_empty());
    }

    #[test]
    fn a_link_is_not_followed_to_a_place_that_holds_another_block() {
        let mut cache = BlockCache::default();
        let from = cache.insert(block(0x1000, 1));
        assert_eq!(cache.follow(from, Way::Through), None);
        let to = cache.insert(block(0x1004, 1));
        cache.link(from, Way::Through, to);
        cache.link(from, Way::Taken, to);
        assert_eq!(cache.follow(from, Way::Through), Some(to));
        assert_eq!(cache.follow(from, Way::Taken), None);
        cache.invalidate(0x1004..0x1008);
        assert_eq!(cache.follow(from, Way::Through), None);
        assert_eq!(cache.insert(block(0x3000, 1)), to, "places are used again");
        assert_eq!(cache.follow(from, Way::Through), None);
    }

    #[test]
    fn the_cache_is_bounded_in_blocks_and_in_steps() {
        let mut cache = BlockCache::default();
        for number in 0..MAX_BLOCKS as u32 + 10 {
            cache.insert(block(number * 4, 1));
        }
        assert_eq!(cache.len(), 10);
        for number in 0..10 {
            cache.insert(block(number * 4, MAX_STEPS / 4));
            assert!(cache.len() <= 14 && cache.steps <= MAX_STEPS);
        }
    }
}
