//! `cerium api --markdown`: the page `docs/api.md`.

use std::fmt::{self, Write as _};

use super::{Api, Known, Standing, Total};

/// How many programs need which functions most: function, area, programs, ordinals.
const PRIORITY: &str = include_str!("../../../coredll/data/api-priority.tsv");

/// The functions that programs need most, each with how many do.
fn most_needed() -> Vec<(&'static str, u32)> {
    let lines = PRIORITY.lines().filter(|line| !line.starts_with('#') && !line.starts_with("function\t"));
    lines
        .filter_map(|line| {
            let mut cells = line.split('\t');
            let (name, programs) = (cells.next()?, cells.nth(1)?);
            Some((name, programs.parse().ok()?))
        })
        .collect()
}

/// The page.
pub(super) fn page(api: &Api) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write(&mut text, api);
    text
}

fn write(text: &mut String, api: &Api) -> fmt::Result {
    let Total { known, kernel, crt, loader, partial, .. } = &api.all;
    writeln!(text, "# The API\n")?;
    writeln!(text, "Written by `cerium api --markdown` from the tables; a test compares them.\n")?;
    writeln!(
        text,
        "Of {known} functions that COREDLL exports in one version of Windows CE or another, cerium has {}: the \
         kernel performs {kernel}, the C library {crt}, the loader {loader}. {partial} are there in part; what is not is said below. \
         To call one that is missing ends a run with status 123 and the function's name.\n",
        kernel + crt + loader
    )?;
    coverage(text, &api.functions)?;
    writeln!(text, "| area | known | kernel | C library | loader | in part | missing |")?;
    writeln!(text, "|---|--:|--:|--:|--:|--:|--:|")?;
    for total in api.totals.iter().chain([&api.all]) {
        let Total { area, known, kernel, crt, loader, partial, missing } = total;
        writeln!(text, "| {area} | {known} | {kernel} | {crt} | {loader} | {partial} | {missing} |")?;
    }
    for total in api.totals.iter().filter(|total| total.kernel + total.crt + total.loader > 0) {
        area(text, total.area, &api.functions)?;
    }
    Ok(())
}

/// How much there is of what programs need.
fn coverage(text: &mut String, functions: &[Known]) -> fmt::Result {
    let is_had = |name: &str| {
        functions.iter().any(|function| function.name == name && function.cerium != Standing::Missing)
    };
    let needed = most_needed();
    let (had, lacking): (Vec<_>, Vec<_>) = needed.iter().partition(|(name, _)| is_had(name));
    let sum = |of: &[&(&str, u32)]| of.iter().map(|(_, programs)| u64::from(*programs)).sum::<u64>();
    let (had_uses, all_uses) = (sum(&had), sum(&needed.iter().collect::<Vec<_>>()));
    writeln!(
        text,
        "Of the {} functions that a thousand real programs import most (`coredll/data/api-priority.tsv`), it has \
         {}: {} % of these programs' imports of them.\n",
        needed.len(),
        had.len(),
        had_uses * 100 / all_uses.max(1)
    )?;
    if lacking.is_empty() {
        return Ok(());
    }
    writeln!(text, "It lacks of them:\n")?;
    for (name, _) in lacking {
        writeln!(text, "- `{name}`")?;
    }
    writeln!(text)
}

/// The functions of an area that there are.
fn area(text: &mut String, area: &str, functions: &[Known]) -> fmt::Result {
    writeln!(text, "\n## {area}\n")?;
    writeln!(text, "| function | ARM | x86 | what it does | in part |")?;
    writeln!(text, "|---|--:|--:|---|---|")?;
    let there = |function: &&Known| function.area == area && function.cerium != Standing::Missing;
    for function in functions.iter().filter(there) {
        let (arm, x86) = (super::ordinals(&function.arm), super::ordinals(&function.x86));
        let (summary, partial) = (function.summary.unwrap_or_default(), function.partial.unwrap_or_default());
        writeln!(text, "| `{}` | {arm} | {x86} | {summary} | {partial} |", function.name)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_that_programs_need_is_known() {
        let needed = most_needed();
        assert_eq!(needed.len(), 250);
        let known = crate::api::known();
        for (name, programs) in needed {
            assert!(known.contains_key(name), "{name}");
            assert!(programs > 0, "{name}");
        }
    }
}
