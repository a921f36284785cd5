use super::*;
use crate::memory::GuestMemory;
use crate::memory::testing::{PAGE, TestMemory};

impl Heap {
    /// Recounts everything: pieces and blocks cover the regions, both free tables agree, neighbours are
    /// joined.
    fn audit(&self) {
        let by_size: BTreeSet<(u32, u32)> =
            self.free.iter().map(|(&address, &size)| (size, address)).collect();
        assert_eq!(by_size, self.free_by_size);
        let mut pieces: BTreeMap<u32, (u32, bool)> =
            self.free.iter().map(|(&address, &size)| (address, (size, true))).collect();
        for (&address, block) in &self.blocks {
            assert!(block.size <= block.span && block.span.is_multiple_of(ALIGNMENT));
            assert!(pieces.insert(address, (block.span, false)).is_none());
        }
        let mut covered = 0;
        for (&base, &size) in &self.regions {
            let mut at = base;
            let mut last_free = false;
            for (&address, &(span, free)) in pieces.range(base..base + size) {
                let header = if at == base && address == base + HEADER_SIZE { HEADER_SIZE } else { 0 };
                assert_eq!(at + header, address, "no gap and no overlap");
                assert!(!(free && last_free), "free neighbours are joined");
                (at, last_free) = (address + span, free);
                covered += 1;
            }
            assert_eq!(at, base + size);
        }
        assert_eq!(covered, pieces.len(), "nothing lies outside the regions");
        if let Some(spare) = self.spare {
            assert_eq!(self.free.get(&spare), Some(&REGION_SIZE));
        }
    }
}

fn fixture() -> (TestMemory, Heaps, u32) {
    let mut memory = TestMemory::new(1);
    let heaps = Heaps::new(&mut memory).unwrap();
    let heap = heaps.process_heap();
    (memory, heaps, heap)
}

#[test]
fn blocks_are_aligned_and_apart_and_know_their_size() {
    let (mut memory, mut heaps, heap) = fixture();
    let mut last = 0;
    for size in [0, 1, 15, 16, 17, 100, 4096] {
        let address = heaps.allocate(&mut memory, heap, size, Fill::Leave).unwrap();
        assert!(address >= last && address.is_multiple_of(ALIGNMENT) && address != heap);
        assert_eq!(heaps.size(heap, address), Ok(size));
        assert!(heaps.validate(heap, Some(address)));
        last = address + size;
        heaps.heap(heap).unwrap().audit();
    }
}

#[test]
fn double_free_and_foreign_pointers_are_errors() {
    let (mut memory, mut heaps, heap) = fixture();
    let other = heaps.create(&mut memory, 0, 0).unwrap();
    let address = heaps.allocate(&mut memory, heap, 10, Fill::Leave).unwrap();
    assert_eq!(heaps.free(&mut memory, other, address), Err(HeapError::InvalidBlock));
    assert_eq!(heaps.free(&mut memory, heap, address + 16), Err(HeapError::InvalidBlock));
    assert_eq!(heaps.free(&mut memory, heap, 0), Err(HeapError::InvalidBlock));
    assert_eq!(heaps.free(&mut memory, 1, address), Err(HeapError::InvalidHeap));
    assert_eq!(heaps.free(&mut memory, heap, address), Ok(()));
    assert_eq!(heaps.free(&mut memory, heap, address), Err(HeapError::InvalidBlock));
    assert_eq!(heaps.size(heap, address), Err(HeapError::InvalidBlock));
    assert!(!heaps.validate(heap, Some(address)) && heaps.validate(heap, None) && !heaps.validate(7, None));
}

#[test]
fn a_destroyed_heap_is_gone_and_the_process_heap_stays() {
    let (mut memory, mut heaps, heap) = fixture();
    let before = memory.page_count();
    let other = heaps.create(&mut memory, 0, 0).unwrap();
    for _ in 0..100 {
        heaps.allocate(&mut memory, other, 5000, Fill::Leave).unwrap();
    }
    assert_eq!(heaps.destroy(&mut memory, other), Ok(()));
    assert_eq!(memory.page_count(), before);
    assert_eq!(heaps.destroy(&mut memory, other), Err(HeapError::InvalidHeap));
    assert_eq!(heaps.destroy(&mut memory, heap), Err(HeapError::InvalidHeap));
}

#[test]
fn zeroed_blocks_are_zero_even_when_used_before() {
    let (mut memory, mut heaps, heap) = fixture();
    let first = heaps.allocate(&mut memory, heap, 300, Fill::Leave).unwrap();
    memory.write(first, &[0xAA; 300]).unwrap();
    heaps.free(&mut memory, heap, first).unwrap();
    let again = heaps.allocate(&mut memory, heap, 200, Fill::Zero).unwrap();
    assert_eq!(again, first, "the same calls give the same addresses");
    assert!(memory.bytes(again, 200).iter().all(|&b| b == 0));
    let grown = heaps.reallocate(&mut memory, heap, again, 300, Fill::Zero, Moving::InPlace).unwrap();
    assert_eq!(grown, again);
    assert!(memory.bytes(again, 300).iter().all(|&b| b == 0));
}

#[test]
fn reallocation_keeps_bytes_and_prefers_its_place() {
    let (mut memory, mut heaps, heap) = fixture();
    let a = heaps.allocate(&mut memory, heap, 32, Fill::Leave).unwrap();
    let b = heaps.allocate(&mut memory, heap, 32, Fill::Leave).unwrap();
    memory.write(a, b"keep these bytes, all thirty-two").unwrap();
    let in_place = heaps.reallocate(&mut memory, heap, a, 64, Fill::Leave, Moving::InPlace);
    assert_eq!(in_place, Err(HeapError::OutOfMemory));
    assert_eq!(heaps.size(heap, a), Ok(32), "a failure leaves the block");
    let moved = heaps.reallocate(&mut memory, heap, a, 64, Fill::Zero, Moving::Allowed).unwrap();
    assert_ne!(moved, a);
    assert_eq!(&memory.bytes(moved, 64)[..32], b"keep these bytes, all thirty-two");
    assert!(memory.bytes(moved + 32, 32).iter().all(|&byte| byte == 0));
    assert_eq!(heaps.size(heap, a), Err(HeapError::InvalidBlock));
    assert_eq!(heaps.reallocate(&mut memory, heap, moved, 5, Fill::Leave, Moving::Allowed), Ok(moved));
    assert_eq!(heaps.size(heap, moved), Ok(5));
    assert_eq!(heaps.reallocate(&mut memory, heap, b, 0, Fill::Leave, Moving::Allowed), Ok(b));
    heaps.heap(heap).unwrap().audit();
}

#[test]
fn large_regions_are_given_back_and_one_usual_region_is_kept() {
    let (mut memory, mut heaps, heap) = fixture();
    let pages = memory.page_count();
    let large = heaps.allocate(&mut memory, heap, 1 << 20, Fill::Zero).unwrap();
    assert_eq!(memory.page_count(), pages + 256);
    heaps.free(&mut memory, heap, large).unwrap();
    assert_eq!(memory.page_count(), pages);
    let half = REGION_SIZE / 2 + 16;
    let blocks: Vec<u32> =
        (0..5).map(|_| heaps.allocate(&mut memory, heap, half, Fill::Leave).unwrap()).collect();
    assert_eq!(memory.page_count(), pages + 4 * 16);
    for block in blocks {
        heaps.free(&mut memory, heap, block).unwrap();
        heaps.heap(heap).unwrap().audit();
    }
    assert_eq!(memory.page_count(), pages + 16);
}

#[test]
fn memory_has_an_end() {
    let (mut memory, mut heaps, heap) = fixture();
    for size in [BLOCK_LIMIT + 1, u32::MAX, BLOCK_LIMIT] {
        assert_eq!(heaps.allocate(&mut memory, heap, size, Fill::Leave), Err(HeapError::OutOfMemory));
    }
    memory.pages_left = 16;
    let address = heaps.allocate(&mut memory, heap, REGION_SIZE, Fill::Leave).unwrap();
    assert_eq!(heaps.allocate(&mut memory, heap, REGION_SIZE, Fill::Leave), Err(HeapError::OutOfMemory));
    assert_eq!(heaps.create(&mut memory, 0, 0), Err(HeapError::OutOfMemory));
    let more = heaps.reallocate(&mut memory, heap, address, 2 * REGION_SIZE, Fill::Leave, Moving::Allowed);
    assert_eq!(more, Err(HeapError::OutOfMemory));
    assert_eq!(heaps.size(heap, address), Ok(REGION_SIZE));
}

#[test]
fn a_heap_with_a_maximum_does_not_grow() {
    let (mut memory, mut heaps, _) = fixture();
    let heap = heaps.create(&mut memory, 0, 2 * PAGE).unwrap();
    assert!(heaps.allocate(&mut memory, heap, PAGE, Fill::Leave).is_ok());
    assert_eq!(heaps.allocate(&mut memory, heap, PAGE, Fill::Leave), Err(HeapError::OutOfMemory));
    assert_eq!(heaps.create(&mut memory, u32::MAX, 0), Err(HeapError::OutOfMemory));
}

#[test]
fn a_block_the_guest_has_unmapped_is_a_fault_and_stays_a_block() {
    let (mut memory, mut heaps, heap) = fixture();
    let block = heaps.allocate(&mut memory, heap, REGION_SIZE, Fill::Leave).unwrap();
    memory.unmap(block + PAGE, PAGE);
    let grown = heaps.reallocate(&mut memory, heap, block, 2 * REGION_SIZE, Fill::Leave, Moving::Allowed);
    assert!(matches!(grown, Err(HeapError::Fault(fault)) if fault.address == block + PAGE));
    assert_eq!(heaps.size(heap, block), Ok(REGION_SIZE));
    heaps.heap(heap).unwrap().audit();
    memory.map(block + PAGE, PAGE);
}

/// A model with a list: blocks never overlap, hold what was written, and all is covered after every step.
#[test]
fn random_calls_agree_with_a_model() {
    for seed in 1..=6_u64 {
        let (mut memory, mut heaps, heap) = fixture();
        let mut model: Vec<(u32, u32, u8)> = Vec::new();
        let mut state = seed;
        let mut random = |bound: u32| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as u32 % bound
        };
        for step in 0..600 {
            let size = if random(20) == 0 { random(100_000) } else { random(300) };
            let pick = random(model.len() as u32 + 1) as usize;
            match random(5) {
                0 | 1 => {
                    let address = heaps.allocate(&mut memory, heap, size, Fill::Zero).unwrap();
                    assert!(
                        memory.bytes(address, size as usize).iter().all(|&b| b == 0),
                        "seed {seed} step {step}"
                    );
                    model.push((address, size, 0));
                }
                2 if pick < model.len() => {
                    let (address, old, byte) = model.swap_remove(pick);
                    let kept = old.min(size) as usize;
                    let moved = heaps
                        .reallocate(&mut memory, heap, address, size, Fill::Leave, Moving::Allowed)
                        .unwrap();
                    assert!(memory.bytes(moved, kept).iter().all(|&b| b == byte), "seed {seed} step {step}");
                    block::set(&mut memory, moved, step, size).unwrap();
                    model.push((moved, size, step as u8));
                }
                _ if pick < model.len() => {
                    let (address, size, byte) = model.swap_remove(pick);
                    assert!(
                        memory.bytes(address, size as usize).iter().all(|&b| b == byte),
                        "seed {seed} step {step}"
                    );
                    heaps.free(&mut memory, heap, address).unwrap();
                }
                _ => {}
            }
            heaps.heap(heap).unwrap().audit();
        }
        for (address, ..) in model {
            heaps.free(&mut memory, heap, address).unwrap();
        }
        assert_eq!(heaps.heap(heap).unwrap().blocks.len(), 0);
        assert!(
            heaps.heap(heap).unwrap().regions.len() <= 2,
            "seed {seed}: all but two regions are given back"
        );
    }
}
