//! `cerium api`: every function that is known of Windows CE, and whether cerium has it.

mod markdown;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use cerium_coredll::catalogue::{self, Export, Processor};
use cerium_coredll::{Function, Row};
use cerium_crt::table::Function as CrtFunction;
use cerium_kernel::{RULES, Rule};
use cerium_loader::table::Function as LoaderFunction;
use serde::Serialize;

use crate::arguments::ApiOptions;
use crate::columns::{Align, Columns};
use crate::file::{print, print_json};

/// Where a function of CE stands in cerium.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Debug)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// The kernel performs it.
    Kernel,
    /// The C library does.
    Crt,
    /// The loader does: modules, resources, exceptions.
    Loader,
    /// CE has it, cerium does not.
    Missing,
}

impl Standing {
    /// Where the function that is exported by this name stands, and its row if it has one.
    pub fn of(export: &str) -> (Self, Option<&'static Row>) {
        if let Some(function) = Function::exported_as(export) {
            return (Standing::Kernel, Some(function.row()));
        }
        if let Some(function) = LoaderFunction::exported_as(export) {
            return (Standing::Loader, Some(function.row()));
        }
        match CrtFunction::exported_as(export) {
            Some(function) => (Standing::Crt, Some(function.row())),
            None => (Standing::Missing, None),
        }
    }

    /// It in words.
    pub fn words(self) -> &'static str {
        match self {
            Standing::Kernel => "kernel",
            Standing::Crt => "C library",
            Standing::Loader => "loader",
            Standing::Missing => "missing",
        }
    }
}

/// A function.
#[derive(Serialize, Debug)]
struct Known {
    /// The name that it is exported by.
    name: &'static str,
    /// Its ordinals in COREDLL for ARM; several where versions differ, none where only x86 has it.
    arm: Vec<u16>,
    /// Its ordinals in COREDLL for x86.
    x86: Vec<u16>,
    /// What it is about.
    area: &'static str,
    /// The CE versions that have it.
    versions: Vec<&'static str>,
    /// Whether cerium has it.
    cerium: Standing,
    /// The page that documents it, for those that cerium has.
    page: Option<&'static str>,
    /// What it does, for those that cerium has.
    summary: Option<&'static str>,
    /// What of it is not done or not done so, for those that cerium has in part.
    partial: Option<&'static str>,
}

/// How much there is of an area, or of all.
#[derive(Clone, Default, Serialize, Debug)]
struct Total {
    area: &'static str,
    known: u32,
    kernel: u32,
    crt: u32,
    loader: u32,
    /// How many of those are there in part.
    partial: u32,
    missing: u32,
}

#[derive(Serialize, Debug)]
struct Api {
    functions: Vec<Known>,
    totals: Vec<Total>,
    all: Total,
}

/// Lists the functions, and returns the exit status.
pub fn api(options: &ApiOptions) -> u8 {
    if options.rules {
        print_rules(options.json);
        return 0;
    }
    let mut functions: Vec<Known> = known().into_values().collect();
    let (totals, all) = totals(&functions);
    if options.missing {
        functions.retain(|function| function.cerium == Standing::Missing);
    }
    let api = Api { functions, totals, all };
    if options.markdown {
        return print(&markdown::page(&api));
    }
    if options.json { print_json(&api) } else { print(&text(&api)) }
}

/// A rule as it is listed.
#[derive(Serialize)]
struct ListedRule {
    name: &'static str,
    default: &'static str,
    values: [&'static str; 2],
    question: &'static str,
    summary: &'static str,
}

fn print_rules(json: bool) {
    let listed = |rule: &Rule| ListedRule {
        name: rule.name,
        default: rule.values[0],
        values: rule.values,
        question: rule.question,
        summary: rule.summary,
    };
    let rules: Vec<ListedRule> = RULES.iter().map(listed).collect();
    if json {
        print_json(&rules);
        return;
    }
    let mut text = String::new();
    for rule in &rules {
        let [default, other] = rule.values;
        text.push_str(&format!(
            "{}={default} (or {other}), {}\n    {}\n",
            rule.name, rule.question, rule.summary
        ));
    }
    print(&text);
}

/// Every function by its exported name.
fn known() -> BTreeMap<&'static str, Known> {
    let mut known = BTreeMap::new();
    for export in catalogue::exports() {
        known.entry(export.name).or_insert_with(|| Known::new(export.name, export.area)).add(export);
    }
    for export in catalogue::toolhelp() {
        known.entry(export.name).or_insert_with(|| Known::new(export.name, export.area)).add(export);
    }
    // Compact 2013 exports some of the C library by name only.
    for function in CrtFunction::all() {
        let name = function.row().export;
        known.entry(name).or_insert_with(|| Known::new(name, "crt"));
    }
    known
}

impl Known {
    fn new(name: &'static str, area: &'static str) -> Self {
        let (cerium, row) = Standing::of(name);
        let (page, summary) = (row.map(|row| row.page), row.map(|row| row.summary.trim()));
        let partial = row.and_then(|row| row.partial);
        let (arm, x86, versions) = (Vec::new(), Vec::new(), Vec::new());
        Known { name, arm, x86, area, versions, cerium, page, summary, partial }
    }

    fn add(&mut self, export: &'static Export) {
        // 0: of some libraries the ordinals are not known.
        if export.is_on(Processor::Arm) && export.ordinal != 0 {
            self.arm.push(export.ordinal);
        }
        if export.is_on(Processor::X86) && export.ordinal != 0 {
            self.x86.push(export.ordinal);
        }
        for version in export.versions.split(',') {
            if !self.versions.contains(&version) {
                self.versions.push(version);
            }
        }
    }
}

fn totals(functions: &[Known]) -> (Vec<Total>, Total) {
    let mut totals: BTreeMap<&'static str, Total> = BTreeMap::new();
    let mut all = Total { area: "all", ..Total::default() };
    for function in functions {
        let area = function.area;
        for total in [totals.entry(area).or_insert(Total { area, ..Total::default() }), &mut all] {
            total.known += 1;
            total.partial += u32::from(function.partial.is_some());
            match function.cerium {
                Standing::Kernel => total.kernel += 1,
                Standing::Crt => total.crt += 1,
                Standing::Loader => total.loader += 1,
                Standing::Missing => total.missing += 1,
            }
        }
    }
    (totals.into_values().collect(), all)
}

fn text(api: &Api) -> String {
    let mut functions = Columns::new([
        ("ARM", Align::Right),
        ("x86", Align::Right),
        ("function", Align::Left),
        ("area", Align::Left),
        ("cerium", Align::Left),
        ("page", Align::Left),
        ("in part", Align::Left),
    ]);
    for function in &api.functions {
        functions.line([
            ordinals(&function.arm),
            ordinals(&function.x86),
            function.name.to_owned(),
            function.area.to_owned(),
            function.cerium.words().to_owned(),
            function.page.unwrap_or_default().to_owned(),
            function.partial.unwrap_or_default().to_owned(),
        ]);
    }
    let mut totals = Columns::new([
        ("area", Align::Left),
        ("known", Align::Right),
        ("kernel", Align::Right),
        ("C library", Align::Right),
        ("loader", Align::Right),
        ("in part", Align::Right),
        ("missing", Align::Right),
    ]);
    for total in api.totals.iter().chain([&api.all]) {
        let numbers = [total.known, total.kernel, total.crt, total.loader, total.partial, total.missing];
        let [known, kernel, crt, loader, partial, missing] = numbers.map(|number| number.to_string());
        totals.line([total.area.to_owned(), known, kernel, crt, loader, partial, missing]);
    }
    let mut text = String::new();
    let (had, partial) = (api.all.kernel + api.all.crt + api.all.loader, api.all.partial);
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "{functions}\n{totals}\ncerium has {had} of {} functions, {partial} of them in part\n",
        api.all.known
    );
    text
}

fn ordinals(ordinals: &[u16]) -> String {
    let texts: Vec<String> = ordinals.iter().map(u16::to_string).collect();
    if texts.is_empty() { "-".to_owned() } else { texts.join(",") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_count_every_function_once() {
        let functions: Vec<Known> = known().into_values().collect();
        let (totals, all) = totals(&functions);
        assert_eq!(all.known as usize, functions.len());
        assert_eq!(all.known, all.kernel + all.crt + all.loader + all.missing);
        assert_eq!(all.kernel as usize, Function::all().len());
        assert_eq!(totals.iter().map(|total| total.known).sum::<u32>(), all.known);
    }

    #[test]
    fn ordinals_are_told_by_processor() {
        let known = known();
        assert_eq!((&known["Sleep"].arm[..], &known["Sleep"].x86[..]), (&[496][..], &[496][..]));
        assert_eq!(known["__rt_sdiv"].x86, [0u16; 0]);
        assert_eq!(known["waveOutOpen"].cerium, Standing::Missing);
    }
}
