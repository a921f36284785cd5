//! Random operations on a small piece of a space, against a model that is a map of pages.

use std::collections::BTreeMap;

use cerium_memory::{AddressSpace, MapError, PAGE_SIZE, Protection, Section};

const PAGES: u32 = 24;
const LIMIT_PAGES: usize = 16;
const SECTION_PAGES: u32 = 4;

/// A page as the model knows it: what may be done, which page of the section it shows, and its own first word.
#[derive(Clone, Copy)]
struct Page {
    protection: Protection,
    shows: Option<u32>,
    word: u32,
}

struct Model {
    pages: BTreeMap<u32, Page>,
    section: [u32; SECTION_PAGES as usize],
}

impl Model {
    fn refusal(&self, first: u32, count: u32) -> Option<MapError> {
        match (first..first + count).any(|page| self.pages.contains_key(&page)) {
            true => Some(MapError::Overlap),
            false if self.pages.len() + count as usize > LIMIT_PAGES => Some(MapError::LimitReached),
            false => None,
        }
    }

    fn word(&self, page: u32) -> Option<u32> {
        let page = self.pages.get(&page)?;
        Some(page.shows.map_or(page.word, |shown| self.section[shown as usize]))
    }

    fn write(&mut self, page: u32, word: u32) {
        let Some(page) = self.pages.get_mut(&page) else { return };
        match page.shows {
            Some(shown) => self.section[shown as usize] = word,
            None => page.word = word,
        }
    }
}

fn random(state: &mut u64) -> u32 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) as u32
}

fn compare(space: &AddressSpace, model: &Model, context: &str) {
    assert_eq!(space.committed(), model.pages.len() as u64 * u64::from(PAGE_SIZE), "{context}");
    for page in 0..PAGES {
        let address = page * PAGE_SIZE;
        let expected = model.pages.get(&page).map(|page| page.protection);
        assert_eq!(space.protection_at(address), expected, "{context}, page {page}");
        let readable = expected.is_some_and(|protection| protection.contains(Protection::READ));
        let word = model.word(page).filter(|_| readable);
        assert_eq!(space.read_u32(address).ok(), word, "{context}, page {page}");
    }
}

fn step(space: &mut AddressSpace, section: &Section, model: &mut Model, seed: &mut u64) {
    let first = random(seed) % (PAGES - 4);
    let count = 1 + random(seed) % 4;
    let (address, size) = (first * PAGE_SIZE, count * PAGE_SIZE);
    let protection = Protection::from_bits_truncate(random(seed) as u8);
    let range = first..first + count;
    match random(seed) % 8 {
        0 => {
            let refusal = model.refusal(first, count);
            assert_eq!(space.map(address, size, protection).err(), refusal);
            if refusal.is_none() {
                let page = Page { protection, shows: None, word: 0 };
                model.pages.extend(range.map(|number| (number, page)));
            }
        }
        1 | 2 => {
            let shown = random(seed) % (SECTION_PAGES - count + 1);
            let refusal = model.refusal(first, count);
            let done = space.map_section(address, section, shown * PAGE_SIZE, size, protection);
            assert_eq!(done.err(), refusal);
            if refusal.is_none() {
                let page = |number| Page { protection, shows: Some(shown + number - first), word: 0 };
                model.pages.extend(range.map(|number| (number, page(number))));
            }
        }
        3 => {
            space.unmap(address, size).unwrap();
            model.pages.retain(|page, _| !range.contains(page));
        }
        4 => {
            let missing = range.clone().any(|page| !model.pages.contains_key(&page));
            assert_eq!(space.protect(address, size, protection).is_err(), missing);
            if !missing {
                range.for_each(|page| model.pages.get_mut(&page).unwrap().protection = protection);
            }
        }
        5 => range.for_each(|page| space.watch_code(page * PAGE_SIZE)),
        _ => {
            let word = random(seed);
            let may = model.pages.get(&first).is_some_and(|page| page.protection.contains(Protection::WRITE));
            assert_eq!(space.write_u32(address, word).is_ok(), may);
            if may {
                model.write(first, word);
            }
        }
    }
}

#[test]
fn random_operations_agree_with_the_model() {
    for start in 0..200 {
        let mut seed = start;
        let mut space = AddressSpace::new(LIMIT_PAGES as u64 * u64::from(PAGE_SIZE)).unwrap();
        let section = Section::new(SECTION_PAGES * PAGE_SIZE).unwrap();
        let mut model = Model { pages: BTreeMap::new(), section: [0; SECTION_PAGES as usize] };
        for number in 0..120 {
            step(&mut space, &section, &mut model, &mut seed);
            compare(&space, &model, &format!("seed {start}, step {number}"));
        }
        space.unmap(0, PAGES * PAGE_SIZE).unwrap();
        assert_eq!(space.committed(), 0);
    }
}
