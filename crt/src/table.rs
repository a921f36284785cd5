//! The table of this crate: every function of COREDLL that only touches guest memory, a row each.
//!
//! A row: the documented name, the name it is exported by, its ordinal, what documents it, the parameters,
//! the result, the body. The rows are for executables alone: a guest in Rust or Lua has strings and numbers
//! of its own.

use cerium_coredll::catalogue::Processor;
use cerium_coredll::{Ordinals, Row};

use crate::arithmetic::{Division, Operation, Random, Relation};
use crate::bodies::digits::Counted;
use crate::bodies::locale::ToNarrow;
use crate::bodies::nls::Form;
use crate::bodies::print::returned;
use crate::bodies::safe::{Count, Places};
use crate::bodies::stdio::input::{self, Line};
use crate::bodies::stdio::{opening, output};
use crate::bodies::{
    digest, digits, enumeration, float, heap, locale, message, message_box, nls, number, objects, probe,
    random, safe, stack, stdio, virtual_memory,
};
use crate::call::{Argument, Cl, Cx, EdxEax, LongDivision, Popping, Rest, Return, Stop, Stream};
use crate::call::{Pair, ResultPlace, Room, Top, TopTwo, VaList};
use crate::format::{print, win32};
use crate::nls::locale::LCID;
use crate::nls::order;
use crate::nls::pages::CodePage;
use crate::pause::{FiberCall, Step};
use crate::row::crt_functions;
use crate::scan::Sizes;
use crate::secure::Conversion;
use crate::unit::Unit;
use crate::{arithmetic, block, bodies, codepage, convert, ctype, hash, math, scan, secure, sort, string};

const fn at(ordinal: u16) -> Ordinals {
    Ordinals::both(ordinal)
}

const fn arm(ordinal: u16) -> Ordinals {
    Ordinals::arm(ordinal)
}

const fn x86(ordinal: u16) -> Ordinals {
    Ordinals { x86: Some(ordinal), arm: None }
}

/// Exported by name only, by Compact 2013's MSVCRT.
const NONE: Ordinals = Ordinals { x86: None, arm: None };

/// What documents a function that is not C's: the article of its own name in the reference of Windows CE.
const OWN: &str = "by name";

/// A body that cannot fail.
fn done<T>(value: T) -> Result<T, Stop> {
    Ok(value)
}

fn settle<T, E: Into<Stop>>(result: Result<T, E>) -> Result<T, Stop> {
    result.map_err(Into::into)
}

crt_functions! {
    // Blocks of bytes.

    /// Copies bytes.
    memcpy = "memcpy" @ at(1044), ["C99 7.21.2.1"] (dest: u32, src: u32, count: u32) -> u32
        = |cx| block::copy(cx.memory, dest, src, count);
    /// Copies bytes that may overlap.
    memmove = "memmove" @ at(1046), ["C99 7.21.2.2"] (dest: u32, src: u32, count: u32) -> u32
        = |cx| block::copy(cx.memory, dest, src, count);
    /// Fills with a byte.
    memset = "memset" @ at(1047), ["C99 7.21.6.1"] (dest: u32, c: u32, count: u32) -> u32
        = |cx| block::set(cx.memory, dest, c, count);
    /// Compares bytes.
    memcmp = "memcmp" @ at(1043), ["C99 7.21.4.1"] (buf1: u32, buf2: u32, count: u32) -> i32
        = |cx| block::compare(cx.memory, buf1, buf2, count);
    /// Finds a byte.
    memchr = "memchr" @ at(31), ["C99 7.21.5.1"] (buf: u32, c: u32, count: u32) -> u32
        = |cx| block::find(cx.memory, buf, c, count);
    /// Compares bytes without case.
    _memicmp = "_memicmp" @ at(1045), [OWN] (buf1: u32, buf2: u32, count: u32) -> i32
        = |cx| block::compare_folded(cx.memory, buf1, buf2, count);
    /// Copies up to a byte.
    _memccpy = "_memccpy" @ at(1042), [OWN] (dest: u32, src: u32, c: u32, count: u32) -> u32
        = |cx| block::copy_to(cx.memory, dest, src, c, count);
    /// Copies with each two bytes swapped.
    _swab = "_swab" @ at(1074), [OWN] (src: u32, dest: u32, n: u32) -> ()
        = |cx| block::swap(cx.memory, src, dest, n);
    /// Copies bytes into a buffer of known size.
    memcpy_s = "memcpy_s" @ at(2652), [OWN] (dest: u32, size: u32, src: u32, count: u32) -> u32
        = |cx| secure::copy_block(cx.memory, dest, size, src, count);
    /// Copies bytes that may overlap into a buffer of known size.
    memmove_s = "memmove_s" @ at(2653), [OWN] (dest: u32, size: u32, src: u32, count: u32) -> u32
        = |cx| secure::copy_block(cx.memory, dest, size, src, count);

    // Sorting and searching, with comparisons of the guest's.

    /// Sorts an array.
    qsort = "qsort" @ at(1052), ["C99 7.20.5.2"] (base: u32, num: u32, width: u32, compare: u32) -> Step
        = |_cx| sort::sort(base, num, width, compare);
    /// Finds an element in a sorted array.
    bsearch = "bsearch" @ at(2870), ["C99 7.20.5.1"]
        (key: u32, base: u32, num: u32, width: u32, compare: u32) -> Step
        = |_cx| sort::search(key, base, num, width, compare);

    // Strings.

    /// Counts up to the NUL.
    strlen = "strlen" @ at(1068), ["C99 7.21.6.3"] (string: u32) -> u32
        = |cx| string::length::<u8>(cx.memory, string);
    /// Copies a string.
    strcpy = "strcpy" @ at(1066), ["C99 7.21.2.3"] (dest: u32, src: u32) -> u32
        = |cx| string::copy::<u8>(cx.memory, dest, src);
    /// Copies so much of a string.
    strncpy = "strncpy" @ at(1071), ["C99 7.21.2.4"] (dest: u32, src: u32, count: u32) -> u32
        = |cx| string::copy_bounded::<u8>(cx.memory, dest, src, count);
    /// Appends a string.
    strcat = "strcat" @ at(1063), ["C99 7.21.3.1"] (dest: u32, src: u32) -> u32
        = |cx| string::append::<u8>(cx.memory, dest, src);
    /// Appends so much of a string.
    strncat = "strncat" @ at(1069), ["C99 7.21.3.2"] (dest: u32, src: u32, count: u32) -> u32
        = |cx| string::append_bounded::<u8>(cx.memory, dest, src, count);
    /// Compares strings.
    strcmp = "strcmp" @ at(1065), ["C99 7.21.4.2"] (string1: u32, string2: u32) -> i32
        = |cx| string::compare::<u8>(cx.memory, string1, string2);
    /// Compares so much of two strings.
    strncmp = "strncmp" @ at(1070), ["C99 7.21.4.4"] (string1: u32, string2: u32, count: u32) -> i32
        = |cx| string::compare_bounded::<u8>(cx.memory, string1, string2, count);
    /// Finds a character.
    strchr = "strchr" @ at(1064), ["C99 7.21.5.2"] (string: u32, c: u32) -> u32
        = |cx| string::find(cx.memory, string, c as u8);
    /// Finds a character from the end.
    strrchr = "strrchr" @ at(1407), ["C99 7.21.5.5"] (string: u32, c: u32) -> u32
        = |cx| string::find_last(cx.memory, string, c as u8);
    /// Finds a string in a string.
    strstr = "strstr" @ at(1072), ["C99 7.21.5.7"] (string: u32, strSearch: u32) -> u32
        = |cx| string::find_string::<u8>(cx.memory, string, strSearch);
    /// Counts the characters at the start that are of a set.
    strspn = "strspn" @ at(1408), ["C99 7.21.5.6"] (string: u32, strCharSet: u32) -> u32
        = |cx| string::span::<u8>(cx.memory, string, strCharSet);
    /// Counts the characters at the start that are not of a set.
    strcspn = "strcspn" @ at(1067), ["C99 7.21.5.3"] (string: u32, strCharSet: u32) -> u32
        = |cx| string::span_until::<u8>(cx.memory, string, strCharSet);
    /// Finds a character of a set.
    strpbrk = "strpbrk" @ at(1406), ["C99 7.21.5.4"] (string: u32, strCharSet: u32) -> u32
        = |cx| string::find_any::<u8>(cx.memory, string, strCharSet);
    /// Cuts a string into tokens, one a call.
    strtok = "strtok" @ at(1073), ["C99 7.21.5.8"] (strToken: u32, strDelimit: u32) -> u32
        = |cx| string::token::<u8>(cx.memory, strToken, strDelimit, &mut cx.thread.narrow_token);
    /// Counts up to the NUL, no further than so much.
    strnlen = "strnlen" @ at(2659), [OWN] (string: u32, count: u32) -> u32
        = |cx| string::bounded_length::<u8>(cx.memory, string, count);
    /// Counts up to the NUL.
    wcslen = "wcslen" @ at(63), ["C99 7.24.4.6.1"] (string: u32) -> u32
        = |cx| string::length::<u16>(cx.memory, string);
    /// Copies a string.
    wcscpy = "wcscpy" @ at(61), ["C99 7.24.4.2.1"] (dest: u32, src: u32) -> u32
        = |cx| string::copy::<u16>(cx.memory, dest, src);
    /// Copies so much of a string.
    wcsncpy = "wcsncpy" @ at(66), ["C99 7.24.4.2.2"] (dest: u32, src: u32, count: u32) -> u32
        = |cx| string::copy_bounded::<u16>(cx.memory, dest, src, count);
    /// Appends a string.
    wcscat = "wcscat" @ at(58), ["C99 7.24.4.3.1"] (dest: u32, src: u32) -> u32
        = |cx| string::append::<u16>(cx.memory, dest, src);
    /// Appends so much of a string.
    wcsncat = "wcsncat" @ at(64), ["C99 7.24.4.3.2"] (dest: u32, src: u32, count: u32) -> u32
        = |cx| string::append_bounded::<u16>(cx.memory, dest, src, count);
    /// Compares strings.
    wcscmp = "wcscmp" @ at(60), ["C99 7.24.4.4.1"] (string1: u32, string2: u32) -> i32
        = |cx| string::compare::<u16>(cx.memory, string1, string2);
    /// Compares so much of two strings.
    wcsncmp = "wcsncmp" @ at(65), ["C99 7.24.4.4.3"] (string1: u32, string2: u32, count: u32) -> i32
        = |cx| string::compare_bounded::<u16>(cx.memory, string1, string2, count);
    /// Finds a character.
    wcschr = "wcschr" @ at(59), ["C99 7.24.4.5.1"] (string: u32, c: u32) -> u32
        = |cx| string::find(cx.memory, string, c as u16);
    /// Finds a character from the end.
    wcsrchr = "wcsrchr" @ at(69), ["C99 7.24.4.5.4"] (string: u32, c: u32) -> u32
        = |cx| string::find_last(cx.memory, string, c as u16);
    /// Finds a string in a string.
    wcsstr = "wcsstr" @ at(73), ["C99 7.24.4.5.6"] (string: u32, strSearch: u32) -> u32
        = |cx| string::find_string::<u16>(cx.memory, string, strSearch);
    /// Counts the characters at the start that are of a set.
    wcsspn = "wcsspn" @ at(72), ["C99 7.24.4.5.5"] (string: u32, strCharSet: u32) -> u32
        = |cx| string::span::<u16>(cx.memory, string, strCharSet);
    /// Counts the characters at the start that are not of a set.
    wcscspn = "wcscspn" @ at(62), ["C99 7.24.4.5.2"] (string: u32, strCharSet: u32) -> u32
        = |cx| string::span_until::<u16>(cx.memory, string, strCharSet);
    /// Finds a character of a set.
    wcspbrk = "wcspbrk" @ at(68), ["C99 7.24.4.5.3"] (string: u32, strCharSet: u32) -> u32
        = |cx| string::find_any::<u16>(cx.memory, string, strCharSet);
    /// Cuts a string into tokens, one a call.
    wcstok = "wcstok" @ at(77), ["C99 7.24.4.5.7"] (strToken: u32, strDelimit: u32) -> u32
        = |cx| string::token::<u16>(cx.memory, strToken, strDelimit, &mut cx.thread.wide_token);
    /// Counts up to the NUL, no further than so much.
    wcsnlen = "wcsnlen" @ at(2630), [OWN] (string: u32, count: u32) -> u32
        = |cx| string::bounded_length::<u16>(cx.memory, string, count);
    /// Compares strings without case.
    _stricmp = "_stricmp" @ at(1410), [OWN] (string1: u32, string2: u32) -> i32
        = |cx| string::compare_folded::<u8>(cx.memory, string1, string2);
    /// Compares so much of two strings without case.
    _strnicmp = "_strnicmp" @ at(1411), [OWN] (string1: u32, string2: u32, count: u32) -> i32
        = |cx| string::compare_folded_bounded::<u8>(cx.memory, string1, string2, count);
    /// Makes a string lower case.
    _strlwr = "_strlwr" @ at(1415), [OWN] (string: u32) -> u32 = |cx| string::lower::<u8>(cx.memory, string);
    /// Makes a string upper case.
    _strupr = "_strupr" @ at(1416), [OWN] (string: u32) -> u32 = |cx| string::upper::<u8>(cx.memory, string);
    /// Turns a string round.
    _strrev = "_strrev" @ at(1413), [OWN] (string: u32) -> u32
        = |cx| string::reverse::<u8>(cx.memory, string);
    /// Makes all of a string one character.
    _strset = "_strset" @ at(1414), [OWN] (string: u32, c: u32) -> u32
        = |cx| string::fill(cx.memory, string, c as u8);
    /// Makes so much of a string one character.
    _strnset = "_strnset" @ at(1412), [OWN] (string: u32, c: u32, count: u32) -> u32
        = |cx| string::fill_bounded(cx.memory, string, c as u8, count);
    /// Copies a string into a new block.
    _strdup = "_strdup" @ at(1409), [OWN] (strSource: u32) -> u32 = |cx| heap::duplicate::<u8>(cx, strSource);
    /// Compares strings without case.
    _wcsicmp = "_wcsicmp" @ at(230), [OWN] (string1: u32, string2: u32) -> i32
        = |cx| string::compare_folded::<u16>(cx.memory, string1, string2);
    /// Compares so much of two strings without case.
    _wcsnicmp = "_wcsnicmp" @ at(229), [OWN] (string1: u32, string2: u32, count: u32) -> i32
        = |cx| string::compare_folded_bounded::<u16>(cx.memory, string1, string2, count);
    /// Makes a string lower case.
    _wcslwr = "_wcslwr" @ at(231), [OWN] (string: u32) -> u32 = |cx| string::lower::<u16>(cx.memory, string);
    /// Makes a string upper case.
    _wcsupr = "_wcsupr" @ at(232), [OWN] (string: u32) -> u32 = |cx| string::upper::<u16>(cx.memory, string);
    /// Turns a string round.
    _wcsrev = "_wcsrev" @ at(70), [OWN] (string: u32) -> u32 = |cx| string::reverse::<u16>(cx.memory, string);
    /// Makes all of a string one character.
    _wcsset = "_wcsset" @ at(71), [OWN] (string: u32, c: u32) -> u32
        = |cx| string::fill(cx.memory, string, c as u16);
    /// Makes so much of a string one character.
    _wcsnset = "_wcsnset" @ at(67), [OWN] (string: u32, c: u32, count: u32) -> u32
        = |cx| string::fill_bounded(cx.memory, string, c as u16, count);
    /// Copies a string into a new block.
    _wcsdup = "_wcsdup" @ at(74), [OWN] (strSource: u32) -> u32 = |cx| heap::duplicate::<u16>(cx, strSource);
    /// Compares strings by the locale's order.
    lstrcmp = "lstrcmpW" @ at(227), [OWN, "punctuation and other scripts are in Unicode's order"]
        (lpString1: u32, lpString2: u32) -> i32
        = |cx| nls::compare_strings(cx, lpString1, lpString2, 0);
    /// Compares strings by the locale's order, without case.
    lstrcmpi = "lstrcmpiW" @ at(228), [OWN, "punctuation and other scripts are in Unicode's order"]
        (lpString1: u32, lpString2: u32) -> i32
        = |cx| nls::compare_strings(cx, lpString1, lpString2, order::IGNORE_CASE);
    /// Makes a string wide.
    mbstowcs = "mbstowcs" @ at(76), ["C99 7.20.8.1"] (wcstr: u32, mbstr: u32, count: u32) -> u32
        = |cx| codepage::narrow_to_wide(cx.memory, wcstr, mbstr, count);
    /// Makes a string narrow.
    wcstombs = "wcstombs" @ at(75), ["C99 7.20.8.2"] (mbstr: u32, wcstr: u32, count: u32) -> u32
        = |cx| codepage::wide_to_narrow(cx.memory, mbstr, wcstr, count);
    /// Copies a string into a buffer of known size.
    strcpy_s = "strcpy_s" @ at(2658), [OWN] (dest: u32, size: u32, src: u32) -> u32
        = |cx| secure::copy::<u8>(cx.memory, dest, size, src, None);
    /// Appends a string in a buffer of known size.
    strcat_s = "strcat_s" @ at(2657), [OWN] (dest: u32, size: u32, src: u32) -> u32
        = |cx| secure::append::<u8>(cx.memory, dest, size, src, None);
    /// Copies so much of a string into a buffer of known size.
    strncpy_s = "strncpy_s" @ at(2661), [OWN] (dest: u32, size: u32, src: u32, count: u32) -> u32
        = |cx| secure::copy::<u8>(cx.memory, dest, size, src, Some(count));
    /// Appends so much of a string in a buffer of known size.
    strncat_s = "strncat_s" @ at(2660), [OWN] (dest: u32, size: u32, src: u32, count: u32) -> u32
        = |cx| secure::append::<u8>(cx.memory, dest, size, src, Some(count));
    /// Cuts a string into tokens; the caller keeps the place.
    strtok_s = "strtok_s" @ at(2662), [OWN] (strToken: u32, strDelimit: u32, context: u32) -> u32
        = |cx| secure::token::<u8>(cx.memory, strToken, strDelimit, context);
    /// Copies a string into a buffer of known size.
    wcscpy_s = "wcscpy_s" @ at(2629), [OWN] (dest: u32, size: u32, src: u32) -> u32
        = |cx| secure::copy::<u16>(cx.memory, dest, size, src, None);
    /// Appends a string in a buffer of known size.
    wcscat_s = "wcscat_s" @ at(2628), [OWN] (dest: u32, size: u32, src: u32) -> u32
        = |cx| secure::append::<u16>(cx.memory, dest, size, src, None);
    /// Copies so much of a string into a buffer of known size.
    wcsncpy_s = "wcsncpy_s" @ at(2632), [OWN] (dest: u32, size: u32, src: u32, count: u32) -> u32
        = |cx| secure::copy::<u16>(cx.memory, dest, size, src, Some(count));
    /// Appends so much of a string in a buffer of known size.
    wcsncat_s = "wcsncat_s" @ at(2631), [OWN] (dest: u32, size: u32, src: u32, count: u32) -> u32
        = |cx| secure::append::<u16>(cx.memory, dest, size, src, Some(count));
    /// Cuts a string into tokens; the caller keeps the place.
    wcstok_s = "wcstok_s" @ at(2637), [OWN] (strToken: u32, strDelimit: u32, context: u32) -> u32
        = |cx| secure::token::<u16>(cx.memory, strToken, strDelimit, context);
    /// Makes a string lower case in a buffer of known size.
    _strlwr_s = "_strlwr_s" @ at(2640), [OWN] (string: u32, size: u32) -> u32
        = |cx| secure::change_case(cx.memory, string, size, u8::lower);
    /// Makes a string upper case in a buffer of known size.
    _strupr_s = "_strupr_s" @ at(2641), [OWN] (string: u32, size: u32) -> u32
        = |cx| secure::change_case(cx.memory, string, size, u8::upper);
    /// Makes a string lower case in a buffer of known size.
    _wcslwr_s = "_wcslwr_s" @ at(2642), [OWN] (string: u32, size: u32) -> u32
        = |cx| secure::change_case(cx.memory, string, size, u16::lower);
    /// Makes a string upper case in a buffer of known size.
    _wcsupr_s = "_wcsupr_s" @ at(2643), [OWN] (string: u32, size: u32) -> u32
        = |cx| secure::change_case(cx.memory, string, size, u16::upper);
    /// Makes a string wide in a buffer of known size.
    mbstowcs_s = "mbstowcs_s" @ at(2636), [OWN]
        (length: u32, buffer: u32, size: u32, source: u32, count: u32) -> u32
        = |cx| secure::convert::<u8, u16>(
            cx.memory, Conversion { length, buffer, size, source, count }, codepage::to_wide
        );
    /// Makes a string narrow in a buffer of known size.
    wcstombs_s = "wcstombs_s" @ at(2635), [OWN]
        (length: u32, buffer: u32, size: u32, source: u32, count: u32) -> u32
        = |cx| secure::convert::<u16, u8>(
            cx.memory, Conversion { length, buffer, size, source, count }, u8::from_wide
        );
    /// Makes all of a string one character.
    _strset_s = "_strset_s" @ at(2639), [OWN]
        (string: u32, size: u32, c: u32) -> u32
        = |cx| secure::fill(cx.memory, string, size, c as u8, u32::MAX);
    /// Makes so much of a string one character.
    _strnset_s = "_strnset_s" @ at(2638), [OWN]
        (string: u32, size: u32, c: u32, count: u32) -> u32
        = |cx| secure::fill(cx.memory, string, size, c as u8, count);
    /// Makes all of a string one character.
    _wcsset_s = "_wcsset_s" @ at(2634), [OWN]
        (string: u32, size: u32, c: u32) -> u32
        = |cx| secure::fill(cx.memory, string, size, c as u16, u32::MAX);
    /// Makes so much of a string one character.
    _wcsnset_s = "_wcsnset_s" @ at(2633), [OWN]
        (string: u32, size: u32, c: u32, count: u32) -> u32
        = |cx| secure::fill(cx.memory, string, size, c as u16, count);

    // Safe strings: W and A, counted in characters and in bytes.

    /// Copies a string into a buffer of known size.
    StringCchCopyW = "StringCchCopyW" @ at(1689), [OWN] (pszDest: u32, cchDest: u32, pszSrc: u32) -> u32
        = |cx| safe::copy::<u16>(cx, safe::units(pszDest, cchDest), pszSrc, None, Places::default());
    /// Copies a string into a buffer of known size.
    StringCbCopyW = "StringCbCopyW" @ at(1690), [OWN] (pszDest: u32, cbDest: u32, pszSrc: u32) -> u32
        = |cx| safe::copy::<u16>(cx, safe::bytes(pszDest, cbDest), pszSrc, None, Places::default());
    /// Copies a string into a buffer of known size.
    StringCchCopyExW = "StringCchCopyExW" @ at(1691), [OWN]
        (pszDest: u32, cchDest: u32, pszSrc: u32, end: u32, remaining: u32, flags: u32) -> u32
        = |cx| safe::copy::<u16>(
            cx, safe::units(pszDest, cchDest), pszSrc, None, Places { end, remaining, flags }
        );
    /// Copies a string into a buffer of known size.
    StringCbCopyExW = "StringCbCopyExW" @ at(1692), [OWN]
        (pszDest: u32, cbDest: u32, pszSrc: u32, end: u32, remaining: u32, flags: u32) -> u32
        = |cx| safe::copy::<u16>(
            cx, safe::bytes(pszDest, cbDest), pszSrc, None, Places { end, remaining, flags }
        );
    /// Appends a string in a buffer of known size.
    StringCchCatW = "StringCchCatW" @ at(1693), [OWN] (pszDest: u32, cchDest: u32, pszSrc: u32) -> u32
        = |cx| safe::append::<u16>(cx, safe::units(pszDest, cchDest), pszSrc, None, Places::default());
    /// Appends a string in a buffer of known size.
    StringCbCatW = "StringCbCatW" @ at(1694), [OWN] (pszDest: u32, cbDest: u32, pszSrc: u32) -> u32
        = |cx| safe::append::<u16>(cx, safe::bytes(pszDest, cbDest), pszSrc, None, Places::default());
    /// Appends a string in a buffer of known size.
    StringCchCatExW = "StringCchCatExW" @ at(1695), [OWN]
        (pszDest: u32, cchDest: u32, pszSrc: u32, end: u32, remaining: u32, flags: u32) -> u32
        = |cx| safe::append::<u16>(
            cx, safe::units(pszDest, cchDest), pszSrc, None, Places { end, remaining, flags }
        );
    /// Appends a string in a buffer of known size.
    StringCbCatExW = "StringCbCatExW" @ at(1696), [OWN]
        (pszDest: u32, cbDest: u32, pszSrc: u32, end: u32, remaining: u32, flags: u32) -> u32
        = |cx| safe::append::<u16>(
            cx, safe::bytes(pszDest, cbDest), pszSrc, None, Places { end, remaining, flags }
        );
    /// Formats text from a va_list into a buffer of known size.
    StringCchVPrintfW = "StringCchVPrintfW" @ at(1697), [OWN]
        (pszDest: u32, cchDest: u32, pszFormat: u32, argList: VaList) -> u32
        = |cx| safe::print::<u16>(
            cx, safe::units(pszDest, cchDest), pszFormat, argList.list(), Places::default()
        );
    /// Formats text from a va_list into a buffer of known size.
    StringCbVPrintfW = "StringCbVPrintfW" @ at(1698), [OWN]
        (pszDest: u32, cbDest: u32, pszFormat: u32, argList: VaList) -> u32
        = |cx| safe::print::<u16>(
            cx, safe::bytes(pszDest, cbDest), pszFormat, argList.list(), Places::default()
        );
    /// Formats text into a buffer of known size.
    StringCchPrintfW = "StringCchPrintfW" @ at(1699), [OWN]
        (pszDest: u32, cchDest: u32, pszFormat: u32, _rest: Rest) -> u32
        = |cx| safe::print::<u16>(
            cx, safe::units(pszDest, cchDest), pszFormat, *cx.arguments, Places::default()
        );
    /// Formats text into a buffer of known size.
    StringCbPrintfW = "StringCbPrintfW" @ at(1700), [OWN]
        (pszDest: u32, cbDest: u32, pszFormat: u32, _rest: Rest) -> u32
        = |cx| safe::print::<u16>(
            cx, safe::bytes(pszDest, cbDest), pszFormat, *cx.arguments, Places::default()
        );
    /// Formats text into a buffer of known size.
    StringCchPrintfExW = "StringCchPrintfExW" @ at(1701), [OWN]
        (pszDest: u32, cchDest: u32, end: u32, remaining: u32, flags: u32, pszFormat: u32, _rest: Rest) -> u32
        = |cx| safe::print::<u16>(
            cx, safe::units(pszDest, cchDest), pszFormat, *cx.arguments, Places { end, remaining, flags }
        );
    /// Formats text into a buffer of known size.
    StringCbPrintfExW = "StringCbPrintfExW" @ at(1702), [OWN]
        (pszDest: u32, cbDest: u32, end: u32, remaining: u32, flags: u32, pszFormat: u32, _rest: Rest) -> u32
        = |cx| safe::print::<u16>(
            cx, safe::bytes(pszDest, cbDest), pszFormat, *cx.arguments, Places { end, remaining, flags }
        );
    /// Formats text from a va_list into a buffer of known size.
    StringCchVPrintfExW = "StringCchVPrintfExW" @ at(1703), [OWN]
        (pszDest: u32, cchDest: u32, end: u32, remaining: u32, flags: u32, pszFormat: u32,
         argList: VaList) -> u32
        = |cx| safe::print::<u16>(
            cx, safe::units(pszDest, cchDest), pszFormat, argList.list(), Places { end, remaining, flags }
        );
    /// Formats text from a va_list into a buffer of known size.
    StringCbVPrintfExW = "StringCbVPrintfExW" @ at(1704), [OWN]
        (pszDest: u32, cbDest: u32, end: u32, remaining: u32, flags: u32, pszFormat: u32,
         argList: VaList) -> u32
        = |cx| safe::print::<u16>(
            cx, safe::bytes(pszDest, cbDest), pszFormat, argList.list(), Places { end, remaining, flags }
        );
    /// Copies a string into a buffer of known size.
    StringCchCopyA = "StringCchCopyA" @ at(1705), [OWN] (pszDest: u32, cchDest: u32, pszSrc: u32) -> u32
        = |cx| safe::copy::<u8>(cx, safe::units(pszDest, cchDest), pszSrc, None, Places::default());
    /// Copies a string into a buffer of known size.
    StringCbCopyA = "StringCbCopyA" @ at(1706), [OWN] (pszDest: u32, cbDest: u32, pszSrc: u32) -> u32
        = |cx| safe::copy::<u8>(cx, safe::bytes(pszDest, cbDest), pszSrc, None, Places::default());
    /// Copies a string into a buffer of known size.
    StringCchCopyExA = "StringCchCopyExA" @ at(1707), [OWN]
        (pszDest: u32, cchDest: u32, pszSrc: u32, end: u32, remaining: u32, flags: u32) -> u32
        = |cx| safe::copy::<u8>(
            cx, safe::units(pszDest, cchDest), pszSrc, None, Places { end, remaining, flags }
        );
    /// Copies a string into a buffer of known size.
    StringCbCopyExA = "StringCbCopyExA" @ at(1708), [OWN]
        (pszDest: u32, cbDest: u32, pszSrc: u32, end: u32, remaining: u32, flags: u32) -> u32
        = |cx| safe::copy::<u8>(
            cx, safe::bytes(pszDest, cbDest), pszSrc, None, Places { end, remaining, flags }
        );
    /// Appends a string in a buffer of known size.
    StringCchCatA = "StringCchCatA" @ at(1709), [OWN] (pszDest: u32, cchDest: u32, pszSrc: u32) -> u32
        = |cx| safe::append::<u8>(cx, safe::units(pszDest, cchDest), pszSrc, None, Places::default());
    /// Appends a string in a buffer of known size.
    StringCbCatA = "StringCbCatA" @ at(1710), [OWN] (pszDest: u32, cbDest: u32, pszSrc: u32) -> u32
        = |cx| safe::append::<u8>(cx, safe::bytes(pszDest, cbDest), pszSrc, None, Places::default());
    /// Appends a string in a buffer of known size.
    StringCchCatExA = "StringCchCatExA" @ at(1711), [OWN]
        (pszDest: u32, cchDest: u32, pszSrc: u32, end: u32, remaining: u32, flags: u32) -> u32
        = |cx| safe::append::<u8>(
            cx, safe::units(pszDest, cchDest), pszSrc, None, Places { end, remaining, flags }
        );
    /// Appends a string in a buffer of known size.
    StringCbCatExA = "StringCbCatExA" @ at(1712), [OWN]
        (pszDest: u32, cbDest: u32, pszSrc: u32, end: u32, remaining: u32, flags: u32) -> u32
        = |cx| safe::append::<u8>(
            cx, safe::bytes(pszDest, cbDest), pszSrc, None, Places { end, remaining, flags }
        );
    /// Formats text from a va_list into a buffer of known size.
    StringCchVPrintfA = "StringCchVPrintfA" @ at(1713), [OWN]
        (pszDest: u32, cchDest: u32, pszFormat: u32, argList: VaList) -> u32
        = |cx| safe::print::<u8>(
            cx, safe::units(pszDest, cchDest), pszFormat, argList.list(), Places::default()
        );
    /// Formats text from a va_list into a buffer of known size.
    StringCbVPrintfA = "StringCbVPrintfA" @ at(1714), [OWN]
        (pszDest: u32, cbDest: u32, pszFormat: u32, argList: VaList) -> u32
        = |cx| safe::print::<u8>(
            cx, safe::bytes(pszDest, cbDest), pszFormat, argList.list(), Places::default()
        );
    /// Formats text into a buffer of known size.
    StringCchPrintfA = "StringCchPrintfA" @ at(1715), [OWN]
        (pszDest: u32, cchDest: u32, pszFormat: u32, _rest: Rest) -> u32
        = |cx| safe::print::<u8>(
            cx, safe::units(pszDest, cchDest), pszFormat, *cx.arguments, Places::default()
        );
    /// Formats text into a buffer of known size.
    StringCbPrintfA = "StringCbPrintfA" @ at(1716), [OWN]
        (pszDest: u32, cbDest: u32, pszFormat: u32, _rest: Rest) -> u32
        = |cx| safe::print::<u8>(
            cx, safe::bytes(pszDest, cbDest), pszFormat, *cx.arguments, Places::default()
        );
    /// Formats text into a buffer of known size.
    StringCchPrintfExA = "StringCchPrintfExA" @ at(1717), [OWN]
        (pszDest: u32, cchDest: u32, end: u32, remaining: u32, flags: u32, pszFormat: u32, _rest: Rest) -> u32
        = |cx| safe::print::<u8>(
            cx, safe::units(pszDest, cchDest), pszFormat, *cx.arguments, Places { end, remaining, flags }
        );
    /// Formats text into a buffer of known size.
    StringCbPrintfExA = "StringCbPrintfExA" @ at(1718), [OWN]
        (pszDest: u32, cbDest: u32, end: u32, remaining: u32, flags: u32, pszFormat: u32, _rest: Rest) -> u32
        = |cx| safe::print::<u8>(
            cx, safe::bytes(pszDest, cbDest), pszFormat, *cx.arguments, Places { end, remaining, flags }
        );
    /// Formats text from a va_list into a buffer of known size.
    StringCchVPrintfExA = "StringCchVPrintfExA" @ at(1719), [OWN]
        (pszDest: u32, cchDest: u32, end: u32, remaining: u32, flags: u32, pszFormat: u32,
         argList: VaList) -> u32
        = |cx| safe::print::<u8>(
            cx, safe::units(pszDest, cchDest), pszFormat, argList.list(), Places { end, remaining, flags }
        );
    /// Formats text from a va_list into a buffer of known size.
    StringCbVPrintfExA = "StringCbVPrintfExA" @ at(1720), [OWN]
        (pszDest: u32, cbDest: u32, end: u32, remaining: u32, flags: u32, pszFormat: u32,
         argList: VaList) -> u32
        = |cx| safe::print::<u8>(
            cx, safe::bytes(pszDest, cbDest), pszFormat, argList.list(), Places { end, remaining, flags }
        );
    /// Copies a string, so much of it at most into a buffer of known size.
    StringCchCopyNW = "StringCchCopyNW" @ at(1742), [OWN]
        (pszDest: u32, cchDest: u32, pszSrc: u32, limit: u32) -> u32
        = |cx| safe::copy::<u16>(cx, safe::units(pszDest, cchDest), pszSrc, Some(limit), Places::default());
    /// Copies a string, so much of it at most into a buffer of known size.
    StringCbCopyNW = "StringCbCopyNW" @ at(1743), [OWN]
        (pszDest: u32, cbDest: u32, pszSrc: u32, limit: u32) -> u32
        = |cx| safe::copy::<u16>(cx, safe::bytes(pszDest, cbDest), pszSrc, Some(limit), Places::default());
    /// Appends a string, so much of it at most in a buffer of known size.
    StringCchCatNW = "StringCchCatNW" @ at(1744), [OWN]
        (pszDest: u32, cchDest: u32, pszSrc: u32, limit: u32) -> u32
        = |cx| safe::append::<u16>(cx, safe::units(pszDest, cchDest), pszSrc, Some(limit), Places::default());
    /// Appends a string, so much of it at most in a buffer of known size.
    StringCbCatNW = "StringCbCatNW" @ at(1745), [OWN]
        (pszDest: u32, cbDest: u32, pszSrc: u32, limit: u32) -> u32
        = |cx| safe::append::<u16>(cx, safe::bytes(pszDest, cbDest), pszSrc, Some(limit), Places::default());
    /// Appends a string, so much of it at most in a buffer of known size.
    StringCchCatNExW = "StringCchCatNExW" @ at(1746), [OWN]
        (pszDest: u32, cchDest: u32, pszSrc: u32, limit: u32, end: u32, remaining: u32, flags: u32) -> u32
        = |cx| safe::append::<u16>(
            cx, safe::units(pszDest, cchDest), pszSrc, Some(limit), Places { end, remaining, flags }
        );
    /// Appends a string, so much of it at most in a buffer of known size.
    StringCbCatNExW = "StringCbCatNExW" @ at(1747), [OWN]
        (pszDest: u32, cbDest: u32, pszSrc: u32, limit: u32, end: u32, remaining: u32, flags: u32) -> u32
        = |cx| safe::append::<u16>(
            cx, safe::bytes(pszDest, cbDest), pszSrc, Some(limit), Places { end, remaining, flags }
        );
    /// Measures a string that may have no end.
    StringCchLengthW = "StringCchLengthW" @ at(1748), [OWN] (psz: u32, cchMax: u32, length: u32) -> u32
        = |cx| safe::length::<u16>(cx, psz, cchMax, length, Count::Units);
    /// Measures a string that may have no end.
    StringCbLengthW = "StringCbLengthW" @ at(1749), [OWN] (psz: u32, cbMax: u32, length: u32) -> u32
        = |cx| safe::length::<u16>(cx, psz, cbMax, length, Count::Bytes);
    /// Copies a string, so much of it at most into a buffer of known size.
    StringCchCopyNA = "StringCchCopyNA" @ at(1750), [OWN]
        (pszDest: u32, cchDest: u32, pszSrc: u32, limit: u32) -> u32
        = |cx| safe::copy::<u8>(cx, safe::units(pszDest, cchDest), pszSrc, Some(limit), Places::default());
    /// Copies a string, so much of it at most into a buffer of known size.
    StringCbCopyNA = "StringCbCopyNA" @ at(1751), [OWN]
        (pszDest: u32, cbDest: u32, pszSrc: u32, limit: u32) -> u32
        = |cx| safe::copy::<u8>(cx, safe::bytes(pszDest, cbDest), pszSrc, Some(limit), Places::default());
    /// Appends a string, so much of it at most in a buffer of known size.
    StringCchCatNA = "StringCchCatNA" @ at(1752), [OWN]
        (pszDest: u32, cchDest: u32, pszSrc: u32, limit: u32) -> u32
        = |cx| safe::append::<u8>(cx, safe::units(pszDest, cchDest), pszSrc, Some(limit), Places::default());
    /// Appends a string, so much of it at most in a buffer of known size.
    StringCbCatNA = "StringCbCatNA" @ at(1753), [OWN]
        (pszDest: u32, cbDest: u32, pszSrc: u32, limit: u32) -> u32
        = |cx| safe::append::<u8>(cx, safe::bytes(pszDest, cbDest), pszSrc, Some(limit), Places::default());
    /// Appends a string, so much of it at most in a buffer of known size.
    StringCchCatNExA = "StringCchCatNExA" @ at(1754), [OWN]
        (pszDest: u32, cchDest: u32, pszSrc: u32, limit: u32, end: u32, remaining: u32, flags: u32) -> u32
        = |cx| safe::append::<u8>(
            cx, safe::units(pszDest, cchDest), pszSrc, Some(limit), Places { end, remaining, flags }
        );
    /// Appends a string, so much of it at most in a buffer of known size.
    StringCbCatNExA = "StringCbCatNExA" @ at(1755), [OWN]
        (pszDest: u32, cbDest: u32, pszSrc: u32, limit: u32, end: u32, remaining: u32, flags: u32) -> u32
        = |cx| safe::append::<u8>(
            cx, safe::bytes(pszDest, cbDest), pszSrc, Some(limit), Places { end, remaining, flags }
        );
    /// Measures a string that may have no end.
    StringCchLengthA = "StringCchLengthA" @ at(1756), [OWN] (psz: u32, cchMax: u32, length: u32) -> u32
        = |cx| safe::length::<u8>(cx, psz, cchMax, length, Count::Units);
    /// Measures a string that may have no end.
    StringCbLengthA = "StringCbLengthA" @ at(1757), [OWN] (psz: u32, cbMax: u32, length: u32) -> u32
        = |cx| safe::length::<u8>(cx, psz, cbMax, length, Count::Bytes);
    /// Copies a string, so much of it at most into a buffer of known size.
    StringCchCopyNExW = "StringCchCopyNExW" @ at(1868), [OWN]
        (pszDest: u32, cchDest: u32, pszSrc: u32, limit: u32, end: u32, remaining: u32, flags: u32) -> u32
        = |cx| safe::copy::<u16>(
            cx, safe::units(pszDest, cchDest), pszSrc, Some(limit), Places { end, remaining, flags }
        );
    /// Copies a string, so much of it at most into a buffer of known size.
    StringCbCopyNExW = "StringCbCopyNExW" @ at(1869), [OWN]
        (pszDest: u32, cbDest: u32, pszSrc: u32, limit: u32, end: u32, remaining: u32, flags: u32) -> u32
        = |cx| safe::copy::<u16>(
            cx, safe::bytes(pszDest, cbDest), pszSrc, Some(limit), Places { end, remaining, flags }
        );

    // Formatting.

    /// Formats text.
    sprintf = "sprintf" @ at(719), ["C99 7.19.6.6"] (buffer: u32, format: u32, _rest: Rest) -> i32
        = |cx| returned(print::unbounded::<u8>(cx.memory, buffer, format, cx.arguments));
    /// Formats text from a va_list.
    vsprintf = "vsprintf" @ at(1146), ["C99 7.19.6.13"] (buffer: u32, format: u32, argptr: VaList) -> i32
        = |cx| returned(print::unbounded::<u8>(cx.memory, buffer, format, &mut argptr.list()));
    /// Formats so much text.
    _snprintf = "_snprintf" @ at(729), [OWN] (buffer: u32, count: u32, format: u32, _rest: Rest) -> i32
        = |cx| returned(print::bounded::<u8>(cx.memory, buffer, count, format, cx.arguments));
    /// Formats so much text from a va_list.
    _vsnprintf = "_vsnprintf" @ at(1147), [OWN] (buffer: u32, count: u32, format: u32, argptr: VaList) -> i32
        = |cx| returned(print::bounded::<u8>(cx.memory, buffer, count, format, &mut argptr.list()));
    /// Counts what would be formatted.
    _scprintf = "_scprintf" @ at(2802), [OWN] (format: u32, _rest: Rest) -> i32
        = |cx| returned(print::length::<u8>(cx.memory, format, cx.arguments));
    /// Counts what would be formatted from a va_list.
    _vscprintf = "_vscprintf" @ at(2803), [OWN] (format: u32, argptr: VaList) -> i32
        = |cx| returned(print::length::<u8>(cx.memory, format, &mut argptr.list()));
    /// Formats text into a buffer of known size.
    sprintf_s = "sprintf_s" @ at(2670), [OWN] (buffer: u32, size: u32, format: u32, _rest: Rest) -> i32
        = |cx| returned(secure::print::<u8>(cx.memory, buffer, size, None, format, cx.arguments));
    /// Formats text from a va_list into a buffer of known size.
    vsprintf_s = "vsprintf_s" @ at(2671), [OWN] (buffer: u32, size: u32, format: u32, argptr: VaList) -> i32
        = |cx| returned(secure::print::<u8>(cx.memory, buffer, size, None, format, &mut argptr.list()));
    /// Formats so much text into a buffer of known size.
    _snprintf_s = "_snprintf_s" @ at(2672), [OWN]
        (buffer: u32, size: u32, count: u32, format: u32, _rest: Rest) -> i32
        = |cx| returned(secure::print::<u8>(cx.memory, buffer, size, Some(count), format, cx.arguments));
    /// Formats so much text from a va_list into a buffer of known size.
    _vsnprintf_s = "_vsnprintf_s" @ at(2673), [OWN]
        (buffer: u32, size: u32, count: u32, format: u32, argptr: VaList) -> i32
        = |cx| returned(
            secure::print::<u8>(cx.memory, buffer, size, Some(count), format, &mut argptr.list())
        );
    /// Reads values from text.
    sscanf = "sscanf" @ at(653), ["C99 7.19.6.7"] (buffer: u32, format: u32, _rest: Rest) -> i32
        = |cx| returned(scan::scan_string::<u8>(cx.memory, buffer, format, cx.arguments));
    /// Reads values from text into buffers of known size.
    sscanf_s = "sscanf_s" @ at(2669), [OWN]
        (buffer: u32, format: u32, _rest: Rest) -> i32
        = |cx| returned(scan::scan_string_checked::<u8>(cx.memory, buffer, format, cx.arguments));
    /// Formats text.
    swprintf = "swprintf" @ at(1097), [OWN] (buffer: u32, format: u32, _rest: Rest) -> i32
        = |cx| returned(print::unbounded::<u16>(cx.memory, buffer, format, cx.arguments));
    /// Formats text from a va_list.
    vswprintf = "vswprintf" @ at(1099), [OWN] (buffer: u32, format: u32, argptr: VaList) -> i32
        = |cx| returned(print::unbounded::<u16>(cx.memory, buffer, format, &mut argptr.list()));
    /// Formats so much text.
    _snwprintf = "_snwprintf" @ at(1096), [OWN] (buffer: u32, count: u32, format: u32, _rest: Rest) -> i32
        = |cx| returned(print::bounded::<u16>(cx.memory, buffer, count, format, cx.arguments));
    /// Formats so much text from a va_list.
    _vsnwprintf = "_vsnwprintf" @ at(1132), [OWN]
        (buffer: u32, count: u32, format: u32, argptr: VaList) -> i32
        = |cx| returned(print::bounded::<u16>(cx.memory, buffer, count, format, &mut argptr.list()));
    /// Counts what would be formatted.
    _scwprintf = "_scwprintf" @ at(2800), [OWN] (format: u32, _rest: Rest) -> i32
        = |cx| returned(print::length::<u16>(cx.memory, format, cx.arguments));
    /// Counts what would be formatted from a va_list.
    _vscwprintf = "_vscwprintf" @ at(2801), [OWN] (format: u32, argptr: VaList) -> i32
        = |cx| returned(print::length::<u16>(cx.memory, format, &mut argptr.list()));
    /// Formats text into a buffer of known size.
    swprintf_s = "swprintf_s" @ at(2665), [OWN] (buffer: u32, size: u32, format: u32, _rest: Rest) -> i32
        = |cx| returned(secure::print::<u16>(cx.memory, buffer, size, None, format, cx.arguments));
    /// Formats text from a va_list into a buffer of known size.
    vswprintf_s = "vswprintf_s" @ at(2666), [OWN] (buffer: u32, size: u32, format: u32, argptr: VaList) -> i32
        = |cx| returned(secure::print::<u16>(cx.memory, buffer, size, None, format, &mut argptr.list()));
    /// Formats so much text into a buffer of known size.
    _snwprintf_s = "_snwprintf_s" @ at(2667), [OWN]
        (buffer: u32, size: u32, count: u32, format: u32, _rest: Rest) -> i32
        = |cx| returned(secure::print::<u16>(cx.memory, buffer, size, Some(count), format, cx.arguments));
    /// Formats so much text from a va_list into a buffer of known size.
    _vsnwprintf_s = "_vsnwprintf_s" @ at(2668), [OWN]
        (buffer: u32, size: u32, count: u32, format: u32, argptr: VaList) -> i32
        = |cx| returned(
            secure::print::<u16>(cx.memory, buffer, size, Some(count), format, &mut argptr.list())
        );
    /// Reads values from text.
    swscanf = "swscanf" @ at(1098), ["C99 7.24.2.4"] (buffer: u32, format: u32, _rest: Rest) -> i32
        = |cx| returned(scan::scan_string::<u16>(cx.memory, buffer, format, cx.arguments));
    /// Reads values from text into buffers of known size.
    swscanf_s = "swscanf_s" @ at(2685), [OWN]
        (buffer: u32, format: u32, _rest: Rest) -> i32
        = |cx| returned(scan::scan_string_checked::<u16>(cx.memory, buffer, format, cx.arguments));
    /// Formats text, by Win32's own rules.
    wsprintf = "wsprintfW" @ at(56), [OWN] (lpOut: u32, lpFmt: u32, _rest: Rest) -> i32
        = |cx| returned(win32::wsprintf(cx.memory, lpOut, lpFmt, cx.arguments));
    /// Formats text from a va_list, by Win32's own rules.
    wvsprintf = "wvsprintfW" @ at(57), [OWN] (lpOut: u32, lpFmt: u32, arglist: VaList) -> i32
        = |cx| returned(win32::wsprintf(cx.memory, lpOut, lpFmt, &mut arglist.list()));

    // Streams: text put out.

    /// Formats text to standard output.
    printf = "printf" @ at(1102), ["C99 7.19.6.3"]
        (format: u32, _rest: Rest) -> Step
        = |cx| { let list = *cx.arguments; output::print_out::<u8>(cx, format, list) };
    /// Formats text from a va_list to standard output.
    vprintf = "vprintf" @ at(1103), ["C99 7.19.6.10"]
        (format: u32, argptr: VaList) -> Step
        = |cx| output::print_out::<u8>(cx, format, argptr.list());
    /// Formats text to a stream.
    fprintf = "fprintf" @ at(1115), ["C99 7.19.6.1"]
        (stream: u32, format: u32, _rest: Rest) -> Step
        = |cx| { let list = *cx.arguments; output::print::<u8>(cx, stream, format, list) };
    /// Formats text from a va_list to a stream.
    vfprintf = "vfprintf" @ at(1116), ["C99 7.19.6.8"]
        (stream: u32, format: u32, argptr: VaList) -> Step
        = |cx| output::print::<u8>(cx, stream, format, argptr.list());
    /// Formats text to standard output, if there is a format.
    printf_s = "printf_s" @ at(2675), [OWN]
        (format: u32, _rest: Rest) -> Step
        = |cx| { let (file, list) = (stdio::standard_file(cx, 1), *cx.arguments); output::print_checked::<u8>(cx, file, format, list) };
    /// Formats text from a va_list to standard output, if there is a format.
    vprintf_s = "vprintf_s" @ at(2676), [OWN]
        (format: u32, argptr: VaList) -> Step
        = |cx| { let file = stdio::standard_file(cx, 1); output::print_checked::<u8>(cx, file, format, argptr.list()) };
    /// Formats text to a stream, if there are both.
    fprintf_s = "fprintf_s" @ at(2680), [OWN]
        (stream: u32, format: u32, _rest: Rest) -> Step
        = |cx| { let list = *cx.arguments; output::print_checked::<u8>(cx, stream, format, list) };
    /// Formats text from a va_list to a stream, if there are both.
    vfprintf_s = "vfprintf_s" @ at(2681), [OWN]
        (stream: u32, format: u32, argptr: VaList) -> Step
        = |cx| output::print_checked::<u8>(cx, stream, format, argptr.list());
    /// Writes a line to standard output.
    puts = "puts" @ at(1107), ["C99 7.19.7.10"]
        (string: u32) -> Step
        = |cx| output::put_line::<u8>(cx, string);
    /// Writes a character to standard output.
    putchar = "putchar" @ at(1105), ["C99 7.19.7.9"]
        (c: u32) -> Step
        = |cx| done(output::put_character_out::<u8>(cx, c));
    /// Writes a string to a stream.
    fputs = "fputs" @ at(1111), ["C99 7.19.7.4"]
        (string: u32, stream: u32) -> Step
        = |cx| output::put_string::<u8>(cx, string, stream);
    /// Writes a character to a stream.
    fputc = "fputc" @ at(1110), ["C99 7.19.7.3"]
        (c: u32, stream: u32) -> Step
        = |cx| done(output::put_character::<u8>(cx, c, stream));
    /// Formats text to standard output.
    wprintf = "wprintf" @ at(1134), ["C99 7.24.2.11"]
        (format: u32, _rest: Rest) -> Step
        = |cx| { let list = *cx.arguments; output::print_out::<u16>(cx, format, list) };
    /// Formats text from a va_list to standard output.
    vwprintf = "vwprintf" @ at(1135), ["C99 7.24.2.9"]
        (format: u32, argptr: VaList) -> Step
        = |cx| output::print_out::<u16>(cx, format, argptr.list());
    /// Formats text to a stream.
    fwprintf = "fwprintf" @ at(867), ["C99 7.24.2.1"]
        (stream: u32, format: u32, _rest: Rest) -> Step
        = |cx| { let list = *cx.arguments; output::print::<u16>(cx, stream, format, list) };
    /// Formats text from a va_list to a stream.
    vfwprintf = "vfwprintf" @ at(721), ["C99 7.24.2.5"]
        (stream: u32, format: u32, argptr: VaList) -> Step
        = |cx| output::print::<u16>(cx, stream, format, argptr.list());
    /// Formats text to standard output, if there is a format.
    wprintf_s = "wprintf_s" @ at(2687), [OWN]
        (format: u32, _rest: Rest) -> Step
        = |cx| { let (file, list) = (stdio::standard_file(cx, 1), *cx.arguments); output::print_checked::<u16>(cx, file, format, list) };
    /// Formats text from a va_list to standard output, if there is a format.
    vwprintf_s = "vwprintf_s" @ at(2688), [OWN]
        (format: u32, argptr: VaList) -> Step
        = |cx| { let file = stdio::standard_file(cx, 1); output::print_checked::<u16>(cx, file, format, argptr.list()) };
    /// Formats text to a stream, if there are both.
    fwprintf_s = "fwprintf_s" @ at(2692), [OWN]
        (stream: u32, format: u32, _rest: Rest) -> Step
        = |cx| { let list = *cx.arguments; output::print_checked::<u16>(cx, stream, format, list) };
    /// Formats text from a va_list to a stream, if there are both.
    vfwprintf_s = "vfwprintf_s" @ at(2693), [OWN]
        (stream: u32, format: u32, argptr: VaList) -> Step
        = |cx| output::print_checked::<u16>(cx, stream, format, argptr.list());
    /// Writes a line to standard output.
    _putws = "_putws" @ at(1139), [OWN]
        (string: u32) -> Step
        = |cx| output::put_line::<u16>(cx, string);
    /// Writes a character to standard output.
    putwchar = "putwchar" @ at(1137), ["C99 7.24.3.9"]
        (c: u32) -> Step
        = |cx| done(output::put_character_out::<u16>(cx, c));
    /// Writes a string to a stream.
    fputws = "fputws" @ at(1144), ["C99 7.24.3.4"]
        (string: u32, stream: u32) -> Step
        = |cx| output::put_string::<u16>(cx, string, stream);
    /// Writes a character to a stream.
    fputwc = "fputwc" @ at(1141), ["C99 7.24.3.3"]
        (c: u32, stream: u32) -> Step
        = |cx| done(output::put_character::<u16>(cx, c, stream));
    /// Writes bytes to a stream.
    fwrite = "fwrite" @ at(1121), ["C99 7.19.8.2"]
        (buffer: u32, size: u32, count: u32, stream: u32) -> Step
        = |cx| output::write(cx, buffer, size, count, stream);

    // Streams: text taken in.

    /// Reads values from standard input.
    scanf = "scanf" @ at(1101), ["C99 7.19.6.4"]
        (format: u32, _rest: Rest) -> Step
        = |cx| input::scan_in::<u8>(cx, format, Sizes::None);
    /// Reads values from a stream.
    fscanf = "fscanf" @ at(1114), ["C99 7.19.6.2"]
        (stream: u32, format: u32, _rest: Rest) -> Step
        = |cx| input::scan::<u8>(cx, stream, format, Sizes::None);
    /// Reads values from standard input into buffers of known size.
    scanf_s = "scanf_s" @ at(2674), [OWN]
        (format: u32, _rest: Rest) -> Step
        = |cx| input::scan_in::<u8>(cx, format, Sizes::Follow);
    /// Reads values from a stream into buffers of known size.
    fscanf_s = "fscanf_s" @ at(2679), [OWN]
        (stream: u32, format: u32, _rest: Rest) -> Step
        = |cx| input::scan::<u8>(cx, stream, format, Sizes::Follow);
    /// Reads a character from standard input.
    getchar = "getchar" @ at(1104), ["C99 7.19.7.6"]
        () -> Step
        = |cx| input::character_in::<u8>(cx);
    /// Reads a character from a stream.
    fgetc = "fgetc" @ at(1108), ["C99 7.19.7.1"]
        (stream: u32) -> Step
        = |cx| input::character::<u8>(cx, stream);
    /// Puts a character back to a stream.
    ungetc = "ungetc" @ at(1112), ["C99 7.19.7.11"]
        (c: u32, stream: u32) -> u32
        = |cx| done(input::push_back::<u8>(cx, c, stream));
    /// Reads a line, as much of it as fits, from a stream.
    fgets = "fgets" @ at(1109), ["C99 7.19.7.2"]
        (string: u32, n: i32, stream: u32) -> Step
        = |cx| input::line::<u8>(cx, string, n, stream, Line::Kept);
    /// Reads a line of standard input, without its end.
    gets = "gets" @ at(1106), ["C99 7.19.7.7"]
        (buffer: u32) -> Step
        = |cx| input::line_in::<u8>(cx, buffer, i32::MAX, Line::Unbounded);
    /// Reads a line of standard input into a buffer of known size.
    gets_s = "gets_s" @ at(2677), [OWN]
        (buffer: u32, size: i32) -> Step
        = |cx| input::line_in::<u8>(cx, buffer, size, Line::Checked);
    /// Reads values from standard input.
    wscanf = "wscanf" @ at(1133), ["C99 7.24.2.12"]
        (format: u32, _rest: Rest) -> Step
        = |cx| input::scan_in::<u16>(cx, format, Sizes::None);
    /// Reads values from a stream.
    fwscanf = "fwscanf" @ at(735), ["C99 7.24.2.2"]
        (stream: u32, format: u32, _rest: Rest) -> Step
        = |cx| input::scan::<u16>(cx, stream, format, Sizes::None);
    /// Reads values from standard input into buffers of known size.
    wscanf_s = "wscanf_s" @ at(2686), [OWN]
        (format: u32, _rest: Rest) -> Step
        = |cx| input::scan_in::<u16>(cx, format, Sizes::Follow);
    /// Reads values from a stream into buffers of known size.
    fwscanf_s = "fwscanf_s" @ at(2691), [OWN]
        (stream: u32, format: u32, _rest: Rest) -> Step
        = |cx| input::scan::<u16>(cx, stream, format, Sizes::Follow);
    /// Reads a character from standard input.
    getwchar = "getwchar" @ at(1136), ["C99 7.24.3.7"]
        () -> Step
        = |cx| input::character_in::<u16>(cx);
    /// Reads a character from a stream.
    fgetwc = "fgetwc" @ at(1140), ["C99 7.24.3.1"]
        (stream: u32) -> Step
        = |cx| input::character::<u16>(cx, stream);
    /// Puts a character back to a stream.
    ungetwc = "ungetwc" @ at(1142), ["C99 7.24.3.10"]
        (c: u32, stream: u32) -> u32
        = |cx| done(input::push_back::<u16>(cx, c, stream));
    /// Reads a line, as much of it as fits, from a stream.
    fgetws = "fgetws" @ at(1143), ["C99 7.24.3.2"]
        (string: u32, n: i32, stream: u32) -> Step
        = |cx| input::line::<u16>(cx, string, n, stream, Line::Kept);
    /// Reads a line of standard input, without its end.
    _getws = "_getws" @ at(1138), [OWN]
        (buffer: u32) -> Step
        = |cx| input::line_in::<u16>(cx, buffer, i32::MAX, Line::Unbounded);
    /// Reads a line of standard input into a buffer of known size.
    _getws_s = "_getws_s" @ at(2689), [OWN]
        (buffer: u32, size: i32) -> Step
        = |cx| input::line_in::<u16>(cx, buffer, size, Line::Checked);
    /// Reads bytes from a stream.
    fread = "fread" @ at(1120), ["C99 7.19.8.1"]
        (buffer: u32, size: u32, count: u32, stream: u32) -> Step
        = |cx| input::block(cx, buffer, size, count, stream);
    /// Reads bytes from a stream into a buffer of known size.
    fread_s = "fread_s" @ at(2683), [OWN]
        (buffer: u32, room: u32, size: u32, count: u32, stream: u32) -> Step
        = |cx| input::block_checked(cx, (buffer, room), size, count, stream);

    // Streams: opened, placed, closed.

    /// Opens a file as a stream.
    fopen = "fopen" @ at(1113), ["C99 7.19.5.3"]
        (filename: u32, mode: u32) -> Step
        = |cx| opening::open::<u8>(cx, filename, mode);
    /// Opens a file as a stream.
    _wfopen = "_wfopen" @ at(1145), [OWN]
        (filename: u32, mode: u32) -> Step
        = |cx| opening::open::<u16>(cx, filename, mode);
    /// Opens a file as a stream that is not shared.
    fopen_s = "fopen_s" @ at(2678), [OWN]
        (pFile: u32, filename: u32, mode: u32) -> Step
        = |cx| opening::open_checked::<u8>(cx, pFile, filename, mode);
    /// Opens a file as a stream that is not shared.
    _wfopen_s = "_wfopen_s" @ at(2690), [OWN]
        (pFile: u32, filename: u32, mode: u32) -> Step
        = |cx| opening::open_checked::<u16>(cx, pFile, filename, mode);
    /// Makes a stream another file.
    _wfreopen = "_wfreopen" @ at(1201), ["C99 7.19.5.4"]
        (path: u32, mode: u32, stream: u32) -> Step
        = |cx| opening::reopen(cx, path, mode, stream);
    /// Makes a stream another file.
    _wfreopen_s = "_wfreopen_s" @ at(2682), [OWN]
        (pFile: u32, path: u32, mode: u32, stream: u32) -> Step
        = |cx| opening::reopen_checked(cx, pFile, path, mode, stream);
    /// Makes a stream of a handle.
    _wfdopen = "_wfdopen" @ at(1117), [OWN]
        (fd: u32, mode: u32) -> u32
        = |cx| opening::of_handle(cx, fd, mode);
    /// Returns the handle of a stream.
    _fileno = "_fileno" @ at(1124), [OWN]
        (stream: u32) -> Step
        = |cx| done(opening::handle(cx, stream));
    /// Closes a stream.
    fclose = "fclose" @ at(1118), ["C99 7.19.5.1"]
        (stream: u32) -> Step
        = |cx| done(opening::close(cx, stream));
    /// Closes all streams but the standard ones.
    _fcloseall = "_fcloseall" @ at(1119), [OWN]
        () -> Step
        = |cx| opening::close_all(cx);
    /// Moves to a place in a stream.
    fseek = "fseek" @ at(1130), ["C99 7.19.9.2"]
        (stream: u32, offset: i32, origin: u32) -> Step
        = |cx| done(opening::seek(cx, stream, offset, origin));
    /// Tells the place in a stream.
    ftell = "ftell" @ at(1131), ["C99 7.19.9.4"]
        (stream: u32) -> Step
        = |cx| done(opening::position(cx, stream));
    /// Stores the place in a stream.
    fgetpos = "fgetpos" @ at(1128), ["C99 7.19.9.1"]
        (stream: u32, pos: u32) -> Step
        = |cx| done(opening::get_position(cx, stream, pos));
    /// Moves to a place that was stored.
    fsetpos = "fsetpos" @ at(1129), ["C99 7.19.9.3"]
        (stream: u32, pos: u32) -> Step
        = |cx| opening::set_position(cx, stream, pos);
    /// Writes what a stream holds back, which is nothing.
    fflush = "fflush" @ at(1122), ["C99 7.19.5.2"]
        (stream: u32) -> i32
        = |cx| done(stdio::flush(cx, stream));
    /// Writes what all streams hold back, which is nothing, and counts them.
    _flushall = "_flushall" @ at(1123), [OWN]
        () -> u32
        = |cx| done(stdio::flush_all(cx));
    /// Gives a stream a buffer.
    setvbuf = "setvbuf" @ at(1608), ["C99 7.19.5.6", "the buffer is not used, every write goes through"]
        (stream: u32, _buffer: u32, mode: u32, _size: u32) -> i32
        = |cx| done(stdio::set_buffer(cx, stream, mode));
    /// Tells whether new lines are translated from now on.
    _setmode = "_setmode" @ at(1187), [OWN]
        (stream: u32, mode: u32) -> u32
        = |cx| done(stdio::set_mode(cx, stream, mode));
    /// Tells whether a stream had an error.
    ferror = "ferror" @ at(1126), ["C99 7.19.10.3"]
        (stream: u32) -> bool
        = |cx| done(stdio::has_failed(cx, stream));
    /// Tells whether a stream is at its end.
    feof = "feof" @ at(1125), ["C99 7.19.10.2"]
        (stream: u32) -> bool
        = |cx| done(stdio::has_ended(cx, stream));
    /// Forgets a stream's error and end.
    clearerr = "clearerr" @ at(1127), ["C99 7.19.10.1"] (stream: u32) -> ()
        = |cx| { stdio::clear(cx, stream); done(()) };
    /// Forgets a stream's error and end.
    clearerr_s = "clearerr_s" @ at(2684), [OWN]
        (stream: u32) -> u32
        = |cx| done(stdio::clear(cx, stream));
    /// Returns a standard stream.
    _getstdfilex = "_getstdfilex" @ at(1100), [OWN]
        (number: u32) -> u32
        = |cx| done(stdio::standard_file(cx, number));
    /// Formats text for the debugger.
    NKDbgPrintf = "NKDbgPrintfW" @ at(545), [OWN] (lpszFmt: u32, _rest: Rest) -> ()
        = |cx| bodies::print::print::<u16>(cx, Stream::Debug, lpszFmt).map(drop);
    /// Formats text from a va_list for the debugger.
    NKvDbgPrintf = "NKvDbgPrintfW" @ at(568), [OWN] (lpszFmt: u32, lpParms: VaList) -> ()
        = |cx| bodies::print::print_list::<u16>(cx, Stream::Debug, lpszFmt, lpParms.list()).map(drop);

    // Heaps.

    /// Makes a block.
    malloc = "malloc" @ at(1041), ["C99 7.20.3.3"] (size: u32) -> u32 = |cx| done(heap::malloc(cx, size));
    /// Makes a block of zeros.
    calloc = "calloc" @ at(1346), ["C99 7.20.3.1"] (num: u32, size: u32) -> u32
        = |cx| done(heap::calloc(cx, num, size));
    /// Gives a block another size.
    realloc = "realloc" @ at(1054), ["C99 7.20.3.4"] (memblock: u32, size: u32) -> u32
        = |cx| done(heap::realloc(cx, memblock, size));
    /// Gives a block another size; what is new is zero.
    _recalloc = "_recalloc" @ at(2656), [OWN] (memblock: u32, num: u32, size: u32) -> u32
        = |cx| done(heap::recalloc(cx, memblock, num, size));
    /// Frees a block.
    free = "free" @ at(1018), ["C99 7.20.3.2"] (memblock: u32) -> ()
        = |cx| done(heap::free_block(cx, memblock));
    /// Returns a block's size.
    _msize = "_msize" @ at(1049), [OWN] (memblock: u32) -> u32 = |cx| done(heap::block_size(cx, memblock));
    /// Makes a block for C++.
    operator_new = "??2@YAPAXI@Z" @ at(1095), [OWN] (size: u32) -> u32 = |cx| done(heap::malloc(cx, size));
    /// Makes a block for C++.
    operator_new_array = "??_U@YAPAXI@Z" @ at(1456), [OWN] (size: u32) -> u32
        = |cx| done(heap::malloc(cx, size));
    /// Makes a block for C++, or none.
    operator_new_nothrow = "??2@YAPAXIABUnothrow_t@std@@@Z" @ at(1646), [OWN]
        (size: u32, _nothrow: u32) -> u32 = |cx| done(heap::malloc(cx, size));
    /// Makes a block for C++, or none.
    operator_new_array_nothrow = "??_U@YAPAXIABUnothrow_t@std@@@Z" @ at(1661), [OWN]
        (size: u32, _nothrow: u32) -> u32 = |cx| done(heap::malloc(cx, size));
    /// Frees a block for C++.
    operator_delete = "??3@YAXPAX@Z" @ at(1094), [OWN] (memblock: u32) -> ()
        = |cx| done(heap::free_block(cx, memblock));
    /// Frees a block for C++.
    operator_delete_array = "??_V@YAXPAX@Z" @ at(1457), [OWN] (memblock: u32) -> ()
        = |cx| done(heap::free_block(cx, memblock));
    /// Frees a block for C++.
    operator_delete_nothrow = "??3@YAXPAXABUnothrow_t@std@@@Z" @ at(1662), [OWN]
        (memblock: u32, _nothrow: u32) -> () = |cx| done(heap::free_block(cx, memblock));
    /// Frees a block for C++.
    operator_delete_array_nothrow = "??_V@YAXPAXABUnothrow_t@std@@@Z" @ at(1663), [OWN]
        (memblock: u32, _nothrow: u32) -> () = |cx| done(heap::free_block(cx, memblock));
    /// Makes a block of the process heap.
    LocalAlloc = "LocalAlloc" @ at(33), [OWN] (uFlags: u32, uBytes: u32) -> u32
        = |cx| done(heap::local_allocate(cx, uFlags, uBytes));
    /// Makes a block of the process heap; where it was asked for is not kept.
    LocalAllocTrace = "LocalAllocTrace" @ at(2602), [OWN]
        (uFlags: u32, uBytes: u32, _line: u32, _file: u32) -> u32
        = |cx| done(heap::local_allocate(cx, uFlags, uBytes));
    /// Gives a block another size.
    LocalReAlloc = "LocalReAlloc" @ at(34), [OWN] (hMem: u32, uBytes: u32, uFlags: u32) -> u32
        = |cx| done(heap::local_reallocate(cx, hMem, uBytes, uFlags));
    /// Returns a block's size.
    LocalSize = "LocalSize" @ at(35), [OWN] (hMem: u32) -> u32 = |cx| done(heap::local_size(cx, hMem));
    /// Frees a block.
    LocalFree = "LocalFree" @ at(36), [OWN] (hMem: u32) -> u32 = |cx| done(heap::local_free(cx, hMem));
    /// Makes a heap.
    HeapCreate = "HeapCreate" @ at(44), [OWN] (_flOptions: u32, dwInitialSize: u32, dwMaximumSize: u32) -> u32
        = |cx| done(heap::create(cx, dwInitialSize, dwMaximumSize));
    /// Destroys a heap with its blocks.
    HeapDestroy = "HeapDestroy" @ at(45), [OWN] (hHeap: u32) -> bool = |cx| done(heap::destroy(cx, hHeap));
    /// Makes a block of a heap.
    HeapAlloc = "HeapAlloc" @ at(46), [OWN] (hHeap: u32, dwFlags: u32, dwBytes: u32) -> u32
        = |cx| done(heap::allocate(cx, hHeap, dwFlags, dwBytes));
    /// Makes a block of a heap; where it was asked for is not kept.
    HeapAllocTrace = "HeapAllocTrace" @ at(1999), [OWN]
        (hHeap: u32, dwFlags: u32, dwBytes: u32, _line: u32, _file: u32) -> u32
        = |cx| done(heap::allocate(cx, hHeap, dwFlags, dwBytes));
    /// Gives a block of a heap another size.
    HeapReAlloc = "HeapReAlloc" @ at(47), [OWN] (hHeap: u32, dwFlags: u32, lpMem: u32, dwBytes: u32) -> u32
        = |cx| done(heap::reallocate(cx, hHeap, dwFlags, lpMem, dwBytes));
    /// Returns the size of a heap's block.
    HeapSize = "HeapSize" @ at(48), [OWN] (hHeap: u32, _dwFlags: u32, lpMem: u32) -> u32
        = |cx| done(heap::size(cx, hHeap, lpMem));
    /// Frees a block of a heap.
    HeapFree = "HeapFree" @ at(49), [OWN] (hHeap: u32, _dwFlags: u32, lpMem: u32) -> bool
        = |cx| done(heap::free(cx, hHeap, lpMem));
    /// Returns the process heap.
    GetProcessHeap = "GetProcessHeap" @ at(50), [OWN] () -> u32 = |cx| done(cx.process.heaps.process_heap());
    /// Tells whether a heap and its block are sound.
    HeapValidate = "HeapValidate" @ at(51), [OWN] (hHeap: u32, _dwFlags: u32, lpMem: u32) -> bool
        = |cx| done(cx.process.heaps.validate(hHeap, (lpMem != 0).then_some(lpMem)));
    /// Gives back what heaps do not use, which they have done already.
    CompactAllHeaps = "CompactAllHeaps" @ at(54), [OWN] () -> () = |_cx| done(());

    // Characters.

    /// Tells a character's classes.
    _isctype = "_isctype" @ at(1417), [OWN] (c: u32, mask: u32) -> u32
        = |_cx| done(ctype::is_class_narrow(c, mask));
    /// Tells a wide character's classes.
    iswctype = "iswctype" @ at(193), ["C99 7.25.2.2.1"] (c: u32, desc: u32) -> u32
        = |_cx| done(ctype::is_class_wide(c, desc));
    /// Makes a character lower case.
    tolower = "tolower" @ at(1090), ["C99 7.4.2.1"] (c: u32) -> u32 = |_cx| done(ctype::to_lower_narrow(c));
    /// Makes a character upper case.
    toupper = "toupper" @ at(1091), ["C99 7.4.2.2"] (c: u32) -> u32 = |_cx| done(ctype::to_upper_narrow(c));
    /// Makes a wide character lower case.
    towlower = "towlower" @ at(194), ["C99 7.25.3.1.1"] (c: u32) -> u32
        = |_cx| done(u32::from(ctype::to_lower_wide(c as u16)));
    /// Makes a wide character upper case.
    towupper = "towupper" @ at(195), ["C99 7.25.3.1.2"] (c: u32) -> u32
        = |_cx| done(u32::from(ctype::to_upper_wide(c as u16)));
    /// Makes a character or a string lower case.
    CharLower = "CharLowerW" @ at(221), [OWN] (lpsz: u32) -> u32
        = |cx| locale::change_case(cx, lpsz, ctype::to_lower_wide);
    /// Makes characters lower case.
    CharLowerBuff = "CharLowerBuffW" @ at(222), [OWN] (lpsz: u32, cchLength: u32) -> u32
        = |cx| locale::change_case_of(cx, lpsz, cchLength, ctype::to_lower_wide);
    /// Makes characters upper case.
    CharUpperBuff = "CharUpperBuffW" @ at(223), [OWN] (lpsz: u32, cchLength: u32) -> u32
        = |cx| locale::change_case_of(cx, lpsz, cchLength, ctype::to_upper_wide);
    /// Makes a character or a string upper case.
    CharUpper = "CharUpperW" @ at(224), [OWN] (lpsz: u32) -> u32
        = |cx| locale::change_case(cx, lpsz, ctype::to_upper_wide);
    /// Returns the character before.
    CharPrev = "CharPrevW" @ at(225), [OWN] (lpszStart: u32, lpszCurrent: u32) -> u32
        = |_cx| done(if lpszCurrent > lpszStart { lpszCurrent.wrapping_sub(2) } else { lpszStart });
    /// Returns the character after.
    CharNext = "CharNextW" @ at(226), [OWN] (lpsz: u32) -> u32 = |cx| locale::next_character(cx, lpsz);
    /// Tells whether there is a code page.
    IsValidCodePage = "IsValidCodePage" @ at(185), [OWN] (CodePage_: u32) -> bool
        = |_cx| done(CodePage::of(CodePage_).is_some());
    /// Returns the ANSI code page.
    GetACP = "GetACP" @ at(186), [OWN] () -> u32 = |_cx| done(locale::ANSI);
    /// Returns the OEM code page.
    GetOEMCP = "GetOEMCP" @ at(187), [OWN] () -> u32 = |_cx| done(locale::OEM);
    /// Tells whether a byte begins a character of two: none does in these code pages.
    IsDBCSLeadByte = "IsDBCSLeadByte" @ at(191), [OWN] (_TestChar: u32) -> bool = |_cx| done(false);
    /// Tells the same for a code page.
    IsDBCSLeadByteEx = "IsDBCSLeadByteEx" @ at(192), [OWN] (codePage: u32, _TestChar: u32) -> bool
        = |cx| done(locale::is_lead_byte(cx, codePage));
    /// Makes text wide.
    MultiByteToWideChar = "MultiByteToWideChar" @ at(196), [OWN]
        (CodePage: u32, dwFlags: u32, lpMultiByteStr: u32, cbMultiByte: i32, lpWideCharStr: u32,
         cchWideChar: i32) -> u32
        = |cx| locale::to_wide(
            cx, CodePage, dwFlags, lpMultiByteStr, cbMultiByte, lpWideCharStr, cchWideChar
        );
    /// Makes text narrow.
    WideCharToMultiByte = "WideCharToMultiByte" @ at(197), [OWN]
        (page: u32, _dwFlags: u32, text: u32, length: i32, buffer: u32, size: i32, default: u32,
         used: u32) -> u32
        = |cx| locale::to_narrow(cx, ToNarrow { page, text, length, buffer, size, default, used });

    // The locale.

    /// Returns the locale.
    GetUserDefaultLCID = "GetUserDefaultLCID" @ at(215), [OWN]
        () -> u32
        = |_cx| done(LCID);
    /// Returns the locale.
    GetSystemDefaultLCID = "GetSystemDefaultLCID" @ at(213), [OWN]
        () -> u32
        = |_cx| done(LCID);
    /// Returns the language.
    GetUserDefaultLangID = "GetUserDefaultLangID" @ at(212), [OWN]
        () -> u32
        = |_cx| done(LCID);
    /// Returns the language.
    GetSystemDefaultLangID = "GetSystemDefaultLangID" @ at(211), [OWN]
        () -> u32
        = |_cx| done(LCID);
    /// Returns the language.
    GetUserDefaultUILanguage = "GetUserDefaultUILanguage" @ at(1318), [OWN]
        () -> u32
        = |_cx| done(LCID);
    /// Returns the language.
    GetSystemDefaultUILanguage = "GetSystemDefaultUILanguage" @ at(1317), [OWN]
        () -> u32
        = |_cx| done(LCID);
    /// Sets the locale, of which there is one.
    SetUserDefaultLCID = "SetUserDefaultLCID" @ at(1795), [OWN]
        (Locale: u32) -> bool
        = |cx| done(nls::set_locale(cx, Locale));
    /// Sets the locale, of which there is one.
    SetSystemDefaultLCID = "SetSystemDefaultLCID" @ at(214), [OWN]
        (Locale: u32) -> bool
        = |cx| done(nls::set_locale(cx, Locale));
    /// Sets the locale, of which there is one.
    SetUserDefaultUILanguage = "SetUserDefaultUILanguage" @ at(1319), [OWN]
        (Locale: u32) -> bool
        = |cx| done(nls::set_locale(cx, Locale));
    /// Tells whether there is a locale.
    IsValidLocale = "IsValidLocale" @ at(209), [OWN]
        (Locale: u32, dwFlags: u32) -> bool
        = |_cx| done(nls::is_valid_locale(Locale, dwFlags));
    /// Returns the locale that a default stands for.
    ConvertDefaultLocale = "ConvertDefaultLocale" @ at(210), [OWN]
        (Locale: u32) -> u32
        = |_cx| done(nls::real_locale(Locale));
    /// Tells something of the locale.
    GetLocaleInfo = "GetLocaleInfoW" @ at(200), [OWN, "LOCALE_FONTSIGNATURE is refused"]
        (Locale: u32, LCType: u32, lpLCData: u32, cchData: i32) -> u32
        = |cx| nls::locale_info(cx, Locale, LCType, lpLCData, cchData);
    /// Tells something of a calendar.
    GetCalendarInfo = "GetCalendarInfoW" @ at(2937), [OWN, "the Gregorian calendar only"]
        (Locale: u32, Calendar: u32, CalType: u32, lpCalData: u32, cchData: i32, lpValue: u32) -> u32
        = |cx| nls::calendar_info(cx, (Locale, Calendar, CalType), lpCalData, cchData, lpValue);
    /// Compares texts by the locale's order.
    CompareString = "CompareStringW" @ at(198), [OWN, "punctuation and other scripts are in Unicode's order"]
        (Locale: u32, dwCmpFlags: u32, lpString1: u32, cchCount1: i32, lpString2: u32, cchCount2: i32) -> u32
        = |cx| nls::compare(cx, (Locale, dwCmpFlags), (lpString1, cchCount1), (lpString2, cchCount2));
    /// Maps text to another case, width or kana, or to its sort key.
    LCMapString = "LCMapStringW" @ at(199), [OWN, "no simplified or traditional Chinese; sort keys are our own"]
        (Locale: u32, dwMapFlags: u32, lpSrcStr: u32, cchSrc: i32, lpDestStr: u32, cchDest: i32) -> u32
        = |cx| nls::map(cx, (Locale, dwMapFlags), (lpSrcStr, cchSrc), lpDestStr, cchDest);
    /// Folds digits, compatibility characters, composed characters.
    FoldString = "FoldStringW" @ at(218), [OWN]
        (dwMapFlags: u32, lpSrcStr: u32, cchSrc: i32, lpDestStr: u32, cchDest: i32) -> u32
        = |cx| nls::fold(cx, dwMapFlags, (lpSrcStr, cchSrc), lpDestStr, cchDest);
    /// Tells the types of characters.
    GetStringType = "GetStringTypeW" @ at(216), [OWN]
        (dwInfoType: u32, lpSrcStr: u32, cchSrc: i32, lpCharType: u32) -> bool
        = |cx| nls::string_type(cx, dwInfoType, lpSrcStr, cchSrc, lpCharType);
    /// Tells the types of characters.
    GetStringTypeEx = "GetStringTypeExW" @ at(217), [OWN]
        (Locale: u32, dwInfoType: u32, lpSrcStr: u32, cchSrc: i32, lpCharType: u32) -> bool
        = |cx| nls::string_type_of(cx, (Locale, dwInfoType), lpSrcStr, cchSrc, lpCharType);
    /// Tells of a code page.
    GetCPInfo = "GetCPInfo" @ at(188), [OWN]
        (codePage: u32, lpCPInfo: u32) -> bool
        = |cx| nls::code_page_info(cx, codePage, lpCPInfo);
    /// Writes a date.
    GetDateFormat = "GetDateFormatW" @ at(203), [OWN]
        (Locale: u32, dwFlags: u32, lpDate: u32, lpFormat: u32, buffer: u32, size: i32) -> Step
        = |cx| nls::date_at(
            cx, Form { lcid: Locale, flags: dwFlags, format: lpFormat, buffer, size }, lpDate
        );
    /// Writes a time.
    GetTimeFormat = "GetTimeFormatW" @ at(202), [OWN]
        (Locale: u32, dwFlags: u32, lpTime: u32, lpFormat: u32, buffer: u32, size: i32) -> Step
        = |cx| nls::time_at(
            cx, Form { lcid: Locale, flags: dwFlags, format: lpFormat, buffer, size }, lpTime
        );
    /// Writes a number.
    GetNumberFormat = "GetNumberFormatW" @ at(204), [OWN]
        (Locale: u32, dwFlags: u32, lpValue: u32, lpFormat: u32, buffer: u32, size: i32) -> u32
        = |cx| nls::number(
            cx, Form { lcid: Locale, flags: dwFlags, format: lpFormat, buffer, size }, lpValue
        );
    /// Writes an amount of money.
    GetCurrencyFormat = "GetCurrencyFormatW" @ at(205), [OWN]
        (Locale: u32, dwFlags: u32, lpValue: u32, lpFormat: u32, buffer: u32, size: i32) -> u32
        = |cx| nls::currency(
            cx, Form { lcid: Locale, flags: dwFlags, format: lpFormat, buffer, size }, lpValue
        );
    /// Tells the guest's function each there is.
    EnumDateFormats = "EnumDateFormatsW" @ at(208), [OWN]
        (lpProc: u32, Locale: u32, dwFlags: u32) -> Step
        = |cx| enumeration::date_formats(cx, lpProc, Locale, dwFlags);
    /// Tells the guest's function each there is.
    EnumTimeFormats = "EnumTimeFormatsW" @ at(207), [OWN]
        (lpProc: u32, Locale: u32, dwFlags: u32) -> Step
        = |cx| enumeration::time_formats(cx, lpProc, Locale, dwFlags);
    /// Tells the guest's function each there is.
    EnumCalendarInfo = "EnumCalendarInfoW" @ at(206), [OWN]
        (lpProc: u32, Locale: u32, Calendar: u32, CalType: u32) -> Step
        = |cx| enumeration::calendar_info(cx, lpProc, Locale, Calendar, CalType);
    /// Tells the guest's function each there is.
    EnumSystemLocales = "EnumSystemLocalesW" @ at(219), [OWN]
        (lpProc: u32, dwFlags: u32) -> Step
        = |cx| enumeration::locales(cx, lpProc, dwFlags);
    /// Tells the guest's function each there is.
    EnumSystemCodePages = "EnumSystemCodePagesW" @ at(220), [OWN]
        (lpProc: u32, dwFlags: u32) -> Step
        = |cx| enumeration::code_pages(cx, lpProc, dwFlags);
    /// Tells the guest's function each there is.
    EnumUILanguages = "EnumUILanguagesW" @ at(1320), [OWN]
        (lpProc: u32, dwFlags: u32, lParam: u32) -> Step
        = |cx| enumeration::languages(cx, lpProc, dwFlags, lParam);
    /// Makes the text of a message.
    FormatMessage = "FormatMessageW" @ at(234), [OWN, "no message tables of modules; the common system messages"]
        (flags: u32, source: u32, id: u32, _dwLanguageId: u32, buffer: u32, size: u32, arguments: u32) -> u32
        = |cx| message::format(cx, message::Request { flags, source, id, buffer, size, arguments });

    // Numbers and text.

    /// Reads a decimal number.
    atoi = "atoi" @ at(993), ["C99 7.20.1.2"] (string: u32) -> u32
        = |cx| convert::decimal_long::<u8>(cx.memory, string);
    /// Reads a decimal number.
    atol = "atol" @ at(994), ["C99 7.20.1.2"] (string: u32) -> u32
        = |cx| convert::decimal_long::<u8>(cx.memory, string);
    /// Reads a decimal number.
    _wtol = "_wtol" @ at(78), [OWN] (string: u32) -> u32
        = |cx| convert::decimal_long::<u16>(cx.memory, string);
    /// Reads a decimal number.
    _wtoi = "_wtoi" @ at(3026), [OWN] (string: u32) -> u32
        = |cx| convert::decimal_long::<u16>(cx.memory, string);
    /// Reads a decimal number.
    _atoi64 = "_atoi64" @ at(1418), [OWN] (string: u32) -> u64
        = |cx| convert::decimal_int64::<u8>(cx.memory, string);
    /// Reads a decimal number.
    _wtoll = "_wtoll" @ at(79), [OWN] (string: u32) -> u64
        = |cx| convert::decimal_int64::<u16>(cx.memory, string);
    /// Reads a number of any radix.
    strtol = "strtol" @ at(1404), ["C99 7.20.1.4"] (nptr: u32, endptr: u32, base: u32) -> u32
        = |cx| convert::to_long::<u8>(cx.memory, nptr, endptr, base);
    /// Reads a number of any radix.
    strtoul = "strtoul" @ at(1405), ["C99 7.20.1.4"] (nptr: u32, endptr: u32, base: u32) -> u32
        = |cx| convert::to_unsigned_long::<u8>(cx.memory, nptr, endptr, base);
    /// Reads a number of any radix.
    wcstol = "wcstol" @ at(1082), ["C99 7.24.4.1.2"] (nptr: u32, endptr: u32, base: u32) -> u32
        = |cx| convert::to_long::<u16>(cx.memory, nptr, endptr, base);
    /// Reads a number of any radix.
    wcstoul = "wcstoul" @ at(1083), ["C99 7.24.4.1.2"] (nptr: u32, endptr: u32, base: u32) -> u32
        = |cx| convert::to_unsigned_long::<u16>(cx.memory, nptr, endptr, base);
    /// Reads a number of any radix.
    _strtoi64 = "_strtoi64" @ at(3025), [OWN] (nptr: u32, endptr: u32, base: u32) -> u64
        = |cx| convert::to_int64::<u8>(cx.memory, nptr, endptr, base);
    /// Reads a number of any radix.
    _strtoui64 = "_strtoui64" @ at(3022), [OWN] (nptr: u32, endptr: u32, base: u32) -> u64
        = |cx| convert::to_unsigned_int64::<u8>(cx.memory, nptr, endptr, base);
    /// Reads a number of any radix.
    _wcstoi64 = "_wcstoi64" @ at(3023), [OWN] (nptr: u32, endptr: u32, base: u32) -> u64
        = |cx| convert::to_int64::<u16>(cx.memory, nptr, endptr, base);
    /// Reads a number of any radix.
    _wcstoui64 = "_wcstoui64" @ at(3024), [OWN] (nptr: u32, endptr: u32, base: u32) -> u64
        = |cx| convert::to_unsigned_int64::<u16>(cx.memory, nptr, endptr, base);
    /// Reads a floating-point number.
    atof = "atof" @ at(995), ["C99 7.20.1.1"] (string: u32) -> f64
        = |cx| convert::to_double::<u8>(cx.memory, string, 0);
    /// Reads a floating-point number.
    _wtof = "_wtof" @ at(3027), [OWN] (string: u32) -> f64
        = |cx| convert::to_double::<u16>(cx.memory, string, 0);
    /// Reads a floating-point number and tells where it ends.
    strtod = "strtod" @ at(1403), ["C99 7.20.1.3"] (nptr: u32, endptr: u32) -> f64
        = |cx| convert::to_double::<u8>(cx.memory, nptr, endptr);
    /// Reads a floating-point number and tells where it ends.
    wcstod = "wcstod" @ at(1081), ["C99 7.24.4.1.1"] (nptr: u32, endptr: u32) -> f64
        = |cx| convert::to_double::<u16>(cx.memory, nptr, endptr);
    /// Writes a number.
    _itoa = "_itoa" @ at(1025), [OWN] (value: u32, string: u32, radix: u32) -> u32
        = |cx| convert::from_long::<u8>(cx.memory, value, string, radix);
    /// Writes a number.
    _itow = "_itow" @ at(1026), [OWN] (value: u32, string: u32, radix: u32) -> u32
        = |cx| convert::from_long::<u16>(cx.memory, value, string, radix);
    /// Writes a number.
    _ltoa = "_ltoa" @ at(1039), [OWN] (value: u32, string: u32, radix: u32) -> u32
        = |cx| convert::from_long::<u8>(cx.memory, value, string, radix);
    /// Writes a number.
    _ltow = "_ltow" @ at(1040), [OWN] (value: u32, string: u32, radix: u32) -> u32
        = |cx| convert::from_long::<u16>(cx.memory, value, string, radix);
    /// Writes a number.
    _ultoa = "_ultoa" @ at(1079), [OWN] (value: u32, string: u32, radix: u32) -> u32
        = |cx| convert::from_unsigned_long::<u8>(cx.memory, value, string, radix);
    /// Writes a number.
    _ultow = "_ultow" @ at(1080), [OWN] (value: u32, string: u32, radix: u32) -> u32
        = |cx| convert::from_unsigned_long::<u16>(cx.memory, value, string, radix);
    /// Writes a number into a buffer of known size.
    _itoa_s = "_itoa_s" @ at(2649), [OWN]
        (value: u32, buffer: u32, size: u32, radix: u32) -> u32
        = |cx| convert::checked_from_long::<u8>(cx.memory, value, true, (buffer, size), radix);
    /// Writes a number into a buffer of known size.
    _itow_s = "_itow_s" @ at(2647), [OWN]
        (value: u32, buffer: u32, size: u32, radix: u32) -> u32
        = |cx| convert::checked_from_long::<u16>(cx.memory, value, true, (buffer, size), radix);
    /// Writes a number into a buffer of known size.
    _ltoa_s = "_ltoa_s" @ at(2650), [OWN]
        (value: u32, buffer: u32, size: u32, radix: u32) -> u32
        = |cx| convert::checked_from_long::<u8>(cx.memory, value, true, (buffer, size), radix);
    /// Writes a number into a buffer of known size.
    _ltow_s = "_ltow_s" @ at(2651), [OWN]
        (value: u32, buffer: u32, size: u32, radix: u32) -> u32
        = |cx| convert::checked_from_long::<u16>(cx.memory, value, true, (buffer, size), radix);
    /// Writes a number into a buffer of known size.
    _ultoa_s = "_ultoa_s" @ at(2663), [OWN]
        (value: u32, buffer: u32, size: u32, radix: u32) -> u32
        = |cx| convert::checked_from_long::<u8>(cx.memory, value, false, (buffer, size), radix);
    /// Writes a number into a buffer of known size.
    _ultow_s = "_ultow_s" @ at(2664), [OWN]
        (value: u32, buffer: u32, size: u32, radix: u32) -> u32
        = |cx| convert::checked_from_long::<u16>(cx.memory, value, false, (buffer, size), radix);
    /// Writes the digits of a number, and tells where its point is.
    _ecvt = "_ecvt" @ at(1008), [OWN]
        (value: f64, count: i32, dec: u32, sign: u32) -> u32
        = |cx| digits::digits(cx, value, count, Counted::Significant, dec, sign);
    /// Writes the digits of a number down to a place after the point.
    _fcvt = "_fcvt" @ at(1011), [OWN]
        (value: f64, count: i32, dec: u32, sign: u32) -> u32
        = |cx| digits::digits(cx, value, count, Counted::AfterPoint, dec, sign);
    /// Writes a floating-point number.
    _gcvt = "_gcvt" @ at(1022), [OWN]
        (value: f64, digits: i32, buffer: u32) -> u32
        = |cx| digits::text(cx, value, digits, buffer);
    /// Writes the digits of a number into a buffer of known size.
    _ecvt_s = "_ecvt_s" @ at(2645), [OWN]
        (buffer: u32, size: u32, value: f64, count: i32, point: u32, sign: u32) -> u32
        = |cx| digits::digits_checked(
            cx, digits::Places { buffer, size, point, sign }, value, count, Counted::Significant
        );
    /// Writes the digits of a number into a buffer of known size.
    _fcvt_s = "_fcvt_s" @ at(2646), [OWN]
        (buffer: u32, size: u32, value: f64, count: i32, point: u32, sign: u32) -> u32
        = |cx| digits::digits_checked(
            cx, digits::Places { buffer, size, point, sign }, value, count, Counted::AfterPoint
        );
    /// Writes a floating-point number into a buffer of known size.
    _gcvt_s = "_gcvt_s" @ at(2648), [OWN]
        (buffer: u32, size: u32, value: f64, digits: i32) -> u32
        = |cx| digits::text_checked(cx, buffer, size, value, digits);
    /// Reads a floating-point number and tells whether it is out of range.
    _atodbl = "_atodbl" @ at(996), [OWN]
        (value: u32, string: u32) -> u32
        = |cx| digits::to_double(cx, value, string);
    /// Reads a floating-point number and tells whether it is out of range.
    _atoflt = "_atoflt" @ at(997), [OWN]
        (value: u32, string: u32) -> u32
        = |cx| digits::to_float(cx, value, string);
    /// Reads a decimal number; the name of Compact 7.
    _wtoi64 = "_wtoi64" @ NONE, [OWN]
        (string: u32) -> u64
        = |cx| convert::decimal_int64::<u16>(cx.memory, string);

    // Integers.

    /// Takes the sign away.
    abs = "abs" @ at(988), ["C99 7.20.6.1"] (n: i32) -> i32 = |_cx| done(n.wrapping_abs());
    /// Takes the sign away.
    labs = "labs" @ at(1030), ["C99 7.20.6.1"] (n: i32) -> i32 = |_cx| done(n.wrapping_abs());
    /// Takes the sign away.
    _abs64 = "_abs64" @ at(1621), [OWN] (n: u64) -> u64 = |_cx| done((n as i64).wrapping_abs() as u64);
    /// Multiplies and divides, the product of 64 bits.
    MulDiv = "MulDiv" @ at(1877), [OWN]
        (nNumber: i32, nNumerator: i32, nDenominator: i32) -> i32
        = |_cx| done(number::multiply_and_divide(nNumber, nNumerator, nDenominator));
    /// Divides, with the remainder.
    div = "div" @ at(1007), ["C99 7.20.6.2"]
        (place: ResultPlace, numer: i32, denom: i32) -> Pair
        = |cx| number::divide(cx, place, numer, denom);
    /// Divides, with the remainder.
    ldiv = "ldiv" @ at(1032), ["C99 7.20.6.2"]
        (place: ResultPlace, numer: i32, denom: i32) -> Pair
        = |cx| number::divide(cx, place, numer, denom);
    /// Rotates to the left.
    _lrotl = "_lrotl" @ at(1037), [OWN] (value: u32, shift: u32) -> u32
        = |_cx| done(value.rotate_left(shift % 32));
    /// Rotates to the right.
    _lrotr = "_lrotr" @ at(1038), [OWN] (value: u32, shift: u32) -> u32
        = |_cx| done(value.rotate_right(shift % 32));
    /// Rotates to the left.
    _rotl = "_rotl" @ at(1055), [OWN] (value: u32, shift: u32) -> u32
        = |_cx| done(value.rotate_left(shift % 32));
    /// Rotates to the right.
    _rotr = "_rotr" @ at(1056), [OWN] (value: u32, shift: u32) -> u32
        = |_cx| done(value.rotate_right(shift % 32));
    /// Rotates to the left.
    _rotl64 = "_rotl64" @ at(1638), [OWN] (value: u64, shift: u32) -> u64
        = |_cx| done(value.rotate_left(shift % 64));
    /// Rotates to the right.
    _rotr64 = "_rotr64" @ at(1639), [OWN] (value: u64, shift: u32) -> u64
        = |_cx| done(value.rotate_right(shift % 64));
    /// Returns the next number of the thread's sequence.
    rand = "rand" @ at(1053), ["C99 7.20.2.1"] () -> u32 = |cx| done(cx.thread.random.next_number());
    /// Begins the thread's sequence.
    srand = "srand" @ at(1061), ["C99 7.20.2.2"] (seed: u32) -> ()
        = |cx| done(cx.thread.random = Random::new(seed));
    /// Stores a number that nobody foresees.
    rand_s = "rand_s" @ at(2655), [OWN, "the sequence is the same in every run"]
        (randomValue: u32) -> u32
        = |cx| random::number(cx, randomValue);
    /// Fills a buffer with bytes that nobody foresees.
    CeGenRandom = "CeGenRandom" @ at(1601), [OWN, "the sequence is the same in every run"]
        (dwLen: u32, pbBuffer: u32) -> bool
        = |cx| random::fill(cx, dwLen, pbBuffer);
    /// Returns a number that nobody foresees.
    Random = "Random" @ at(80), [OWN, "the sequence is the same in every run"]
        () -> u32
        = |cx| done(random::next(cx) as u32);
    /// Returns a seed that nobody foresees.
    CeGetRandomSeed = "CeGetRandomSeed" @ at(1443), [OWN, "the sequence is the same in every run"]
        () -> u64
        = |cx| done(random::next(cx));
    /// Counts bits.
    _CountLeadingZeros = "_CountLeadingZeros" @ arm(1629), [OWN] (x: u32) -> u32
        = |_cx| done(x.leading_zeros());
    /// Counts bits.
    _CountLeadingOnes = "_CountLeadingOnes" @ arm(1625), [OWN] (x: u32) -> u32 = |_cx| done(x.leading_ones());
    /// Counts bits.
    _CountOneBits = "_CountOneBits" @ arm(1631), [OWN] (x: u32) -> u32 = |_cx| done(x.count_ones());
    /// Counts bits.
    _CountLeadingZeros64 = "_CountLeadingZeros64" @ arm(1630), [OWN] (x: u64) -> u32
        = |_cx| done(x.leading_zeros());
    /// Counts bits.
    _CountLeadingOnes64 = "_CountLeadingOnes64" @ arm(1626), [OWN] (x: u64) -> u32
        = |_cx| done(x.leading_ones());
    /// Counts bits.
    _CountOneBits64 = "_CountOneBits64" @ arm(1632), [OWN] (x: u64) -> u32 = |_cx| done(x.count_ones());
    /// Counts the bits at the start that are as the sign.
    _CountLeadingSigns = "_CountLeadingSigns" @ arm(1627), [OWN]
        (x: i32) -> u32
        = |_cx| done((x ^ x >> 31).leading_zeros() - 1);
    /// Counts the bits at the start that are as the sign.
    _CountLeadingSigns64 = "_CountLeadingSigns64" @ arm(1628), [OWN]
        (x: u64) -> u32
        = |_cx| done((x as i64 ^ x as i64 >> 63).leading_zeros() - 1);
    /// Returns the upper half of a product.
    _MulHigh = "_MulHigh" @ arm(1636), [OWN] (a: i32, b: i32) -> u32
        = |_cx| done(((i64::from(a) * i64::from(b)) >> 32) as u32);
    /// Returns the upper half of a product.
    _MulUnsignedHigh = "_MulUnsignedHigh" @ arm(1637), [OWN] (a: u32, b: u32) -> u32
        = |_cx| done(((u64::from(a) * u64::from(b)) >> 32) as u32);

    // Words shared by threads, and memory tried.

    /// Adds one and returns the sum.
    InterlockedIncrement = "InterlockedIncrement" @ at(10), [OWN] (lpAddend: u32) -> u32
        = |cx| probe::exchange_with(cx, lpAddend, |n| n.wrapping_add(1)).map(|n| n.wrapping_add(1));
    /// Takes one away and returns the rest.
    InterlockedDecrement = "InterlockedDecrement" @ at(11), [OWN] (lpAddend: u32) -> u32
        = |cx| probe::exchange_with(cx, lpAddend, |n| n.wrapping_sub(1)).map(|n| n.wrapping_sub(1));
    /// Stores a word and returns the one before.
    InterlockedExchange = "InterlockedExchange" @ at(12), [OWN] (Target: u32, Value: u32) -> u32
        = |cx| probe::exchange_with(cx, Target, |_| Value);
    /// Stores a word if another is there.
    InterlockedTestExchange = "InterlockedTestExchange" @ arm(9), [OWN]
        (Target: u32, oldValue: u32, newValue: u32) -> u32
        = |cx| probe::exchange_with(cx, Target, |n| if n == oldValue { newValue } else { n });
    /// Adds and returns the word before.
    InterlockedExchangeAdd = "InterlockedExchangeAdd" @ at(1491), [OWN] (Addend: u32, Increment: u32) -> u32
        = |cx| probe::exchange_with(cx, Addend, |n| n.wrapping_add(Increment));
    /// Stores a word if another is there and returns the one before.
    InterlockedCompareExchange = "InterlockedCompareExchange" @ at(1492), [OWN]
        (Destination: u32, Exchange: u32, Comperand: u32) -> u32
        = |cx| probe::exchange_with(cx, Destination, |n| if n == Comperand { Exchange } else { n });
    /// Tells whether code cannot be read.
    IsBadCodePtr = "IsBadCodePtr" @ at(521), [OWN] (lpfn: u32) -> bool
        = |cx| done(probe::is_bad_to_read(cx, lpfn, 1));
    /// Tells whether memory cannot be read.
    IsBadReadPtr = "IsBadReadPtr" @ at(522), [OWN] (lp: u32, ucb: u32) -> bool
        = |cx| done(probe::is_bad_to_read(cx, lp, ucb));
    /// Tells whether memory cannot be written.
    IsBadWritePtr = "IsBadWritePtr" @ at(523), [OWN] (lp: u32, ucb: u32) -> bool
        = |cx| done(probe::is_bad_to_write(cx, lp, ucb));

    // Regions of address space.

    /// Reserves addresses, commits pages, or both.
    VirtualAlloc = "VirtualAlloc" @ at(524), [OWN]
        (lpAddress: u32, dwSize: u32, flAllocationType: u32, flProtect: u32) -> u32
        = |cx| done(virtual_memory::allocate(cx, lpAddress, dwSize, flAllocationType, flProtect));
    /// Decommits pages, or releases what was reserved.
    VirtualFree = "VirtualFree" @ at(525), [OWN] (lpAddress: u32, dwSize: u32, dwFreeType: u32) -> bool
        = |cx| done(virtual_memory::free(cx, lpAddress, dwSize, dwFreeType));
    /// Changes what may be done with committed pages.
    VirtualProtect = "VirtualProtect" @ at(526), [OWN]
        (lpAddress: u32, dwSize: u32, flNewProtect: u32, lpflOldProtect: u32) -> bool
        = |cx| settle(virtual_memory::protect(cx, lpAddress, dwSize, flNewProtect, lpflOldProtect));
    /// Tells what pages are.
    VirtualQuery = "VirtualQuery" @ at(527), [OWN] (lpAddress: u32, lpBuffer: u32, dwLength: u32) -> u32
        = |cx| settle(virtual_memory::query(cx, lpAddress, lpBuffer, dwLength));
    /// Makes the caller's thread a fiber.
    ConvertThreadToFiber = "ConvertThreadToFiber" @ at(1480), ["bb202755"] (lpParameter: u32) -> Step
        = |_cx| done(Step::fiber(FiberCall::Convert { data: lpParameter }));
    /// Makes a fiber: a stack and a function to begin with.
    CreateFiber = "CreateFiber" @ at(1483), ["ee488439"]
        (dwStackSize: u32, lpStartAddress: u32, lpParameter: u32) -> Step
        = |_cx| done(Step::fiber(FiberCall::Create {
            stack: dwStackSize, start: lpStartAddress, data: lpParameter,
        }));
    /// Gives a fiber up.
    DeleteFiber = "DeleteFiber" @ at(1484), ["ee488439"] (lpFiber: u32) -> Step
        = |_cx| done(Step::fiber(FiberCall::Delete { fiber: lpFiber }));
    /// Lets the caller's thread go on in another fiber.
    SwitchToFiber = "SwitchToFiber" @ at(1485), ["ee488422"] (lpFiber: u32) -> Step
        = |_cx| done(Step::fiber(FiberCall::Switch { fiber: lpFiber }));
    /// Returns the fiber that the caller's thread is in.
    GetCurrentFiber = "GetCurrentFiber" @ at(1481), ["ee488439"] () -> Step
        = |_cx| done(Step::fiber(FiberCall::Current));
    /// Returns what the fiber was made with that the caller's thread is in.
    GetFiberData = "GetFiberData" @ at(1482), ["ee488439"] () -> Step
        = |_cx| done(Step::fiber(FiberCall::Data));
    /// Returns the command line that the process was given, without its program's name.
    GetCommandLine = "GetCommandLineW" @ at(1231), [OWN] () -> u32
        = |cx| done(cx.process.command_line);
    /// Tells what the machine is.
    GetSystemInfo = "GetSystemInfo" @ at(542), [OWN] (lpSystemInfo: u32) -> ()
        = |cx| settle(virtual_memory::system_info(cx, lpSystemInfo));
    /// Tells how much memory there is.
    GlobalMemoryStatus = "GlobalMemoryStatus" @ at(88), [OWN] (lpBuffer: u32) -> ()
        = |cx| settle(virtual_memory::memory_status(cx, lpBuffer));

    // Digests.

    /// Begins a digest.
    MD5Init = "MD5Init" @ at(1792), ["RFC 1321"]
        (context: u32) -> ()
        = |cx| hash::MD5.begin(cx.memory, context);
    /// Goes on with a digest.
    MD5Update = "MD5Update" @ at(1793), ["RFC 1321"]
        (context: u32, input: u32, inLen: u32) -> ()
        = |cx| hash::MD5.update(cx.memory, context, input, inLen);
    /// Ends a digest.
    MD5Final = "MD5Final" @ at(1794), ["RFC 1321"]
        (context: u32) -> ()
        = |cx| digest::finish_md5(cx, context);
    /// Begins a digest.
    A_SHAInit = "A_SHAInit" @ at(1789), ["RFC 3174"]
        (context: u32) -> ()
        = |cx| hash::SHA1.begin(cx.memory, context);
    /// Goes on with a digest.
    A_SHAUpdate = "A_SHAUpdate" @ at(1790), ["RFC 3174"]
        (context: u32, buffer: u32, bufferSize: u32) -> ()
        = |cx| hash::SHA1.update(cx.memory, context, buffer, bufferSize);
    /// Ends a digest, and begins another.
    A_SHAFinal = "A_SHAFinal" @ at(1791), ["RFC 3174"]
        (context: u32, result: u32) -> ()
        = |cx| digest::finish_sha1(cx, context, result);

    // Mathematics.

    /// A function of a double.
    acos = "acos" @ at(989), ["C99 7.12.4.1"] (x: f64) -> f64 = |_cx| done(math::acos(x));
    /// A function of a double.
    asin = "asin" @ at(990), ["C99 7.12.4.2"] (x: f64) -> f64 = |_cx| done(math::asin(x));
    /// A function of a double.
    atan = "atan" @ at(991), ["C99 7.12.4.3"] (x: f64) -> f64 = |_cx| done(math::atan(x));
    /// A function of a double.
    ceil = "ceil" @ at(999), ["C99 7.12.9.1"] (x: f64) -> f64 = |_cx| done(math::ceil(x));
    /// A function of a double.
    cos = "cos" @ at(1004), ["C99 7.12.4.5"] (x: f64) -> f64 = |_cx| done(math::cos(x));
    /// A function of a double.
    cosh = "cosh" @ at(1005), ["C99 7.12.5.4"] (x: f64) -> f64 = |_cx| done(math::cosh(x));
    /// A function of a double.
    exp = "exp" @ at(1009), ["C99 7.12.6.1"] (x: f64) -> f64 = |_cx| done(math::exp(x));
    /// A function of a double.
    floor = "floor" @ at(1013), ["C99 7.12.9.2"] (x: f64) -> f64 = |_cx| done(math::floor(x));
    /// A function of a double.
    log = "log" @ at(1033), ["C99 7.12.6.7"] (x: f64) -> f64 = |_cx| done(math::log(x));
    /// A function of a double.
    log10 = "log10" @ at(1034), ["C99 7.12.6.8"] (x: f64) -> f64 = |_cx| done(math::log10(x));
    /// A function of a double.
    sin = "sin" @ at(1058), ["C99 7.12.4.6"] (x: f64) -> f64 = |_cx| done(math::sin(x));
    /// A function of a double.
    sinh = "sinh" @ at(1059), ["C99 7.12.5.5"] (x: f64) -> f64 = |_cx| done(math::sinh(x));
    /// A function of a double.
    sqrt = "sqrt" @ at(1060), ["C99 7.12.7.5"] (x: f64) -> f64 = |_cx| done(math::sqrt(x));
    /// A function of a double.
    tan = "tan" @ at(1075), ["C99 7.12.4.7"] (x: f64) -> f64 = |_cx| done(math::tan(x));
    /// A function of a double.
    tanh = "tanh" @ at(1076), ["C99 7.12.5.6"] (x: f64) -> f64 = |_cx| done(math::tanh(x));
    /// A function of a double.
    _j0 = "_j0" @ at(1027), [OWN, "near its zeros only the absolute error is small"]
        (x: f64) -> f64 = |_cx| done(math::j0(x));
    /// A function of a double.
    _j1 = "_j1" @ at(1028), [OWN, "near its zeros only the absolute error is small"]
        (x: f64) -> f64 = |_cx| done(math::j1(x));
    /// A function of a double.
    _y0 = "_y0" @ at(1084), [OWN, "near its zeros only the absolute error is small"]
        (x: f64) -> f64 = |_cx| done(math::y0(x));
    /// A function of a double.
    _y1 = "_y1" @ at(1085), [OWN, "near its zeros only the absolute error is small"]
        (x: f64) -> f64 = |_cx| done(math::y1(x));
    /// A function of a double.
    _logb = "_logb" @ at(1035), [OWN] (x: f64) -> f64 = |_cx| done(math::power(x));
    /// A function of a double.
    _chgsign = "_chgsign" @ at(1000), [OWN] (x: f64) -> f64 = |_cx| done(math::change_sign(x));
    /// A function of a double.
    _fsqrt = "_fsqrt" @ at(1021), [OWN] (x: f64) -> f64 = |_cx| done(math::sqrt(x));
    /// Takes the sign away.
    fabs = "fabs" @ at(1010), ["C99 7.12.7.2"] (x: f64) -> f64 = |_cx| done(math::absolute(x));
    /// A function of two doubles.
    atan2 = "atan2" @ at(992), ["C99 7.12.4.4"] (x: f64, y: f64) -> f64 = |_cx| done(math::atan2(x, y));
    /// A function of two doubles.
    fmod = "fmod" @ at(1014), ["C99 7.12.10.1"] (x: f64, y: f64) -> f64 = |_cx| done(math::fmod(x, y));
    /// A function of two doubles.
    pow = "pow" @ at(1051), ["C99 7.12.7.4"] (x: f64, y: f64) -> f64 = |_cx| done(math::pow(x, y));
    /// A function of two doubles.
    _hypot = "_hypot" @ at(1023), [OWN] (x: f64, y: f64) -> f64 = |_cx| done(math::hypot(x, y));
    /// A function of two doubles.
    _nextafter = "_nextafter" @ at(1050), [OWN] (x: f64, y: f64) -> f64 = |_cx| done(math::nextafter(x, y));
    /// A function of two doubles.
    _copysign = "_copysign" @ at(1003), [OWN] (x: f64, y: f64) -> f64 = |_cx| done(math::copy_sign(x, y));
    /// Returns the seconds between two times.
    difftime = "difftime" @ at(1006), ["C99 7.23.2.2"] (timer1: u32, timer0: u32) -> f64
        = |_cx| done(f64::from(timer1 as i32) - f64::from(timer0 as i32));
    /// Multiplies by a power of two.
    ldexp = "ldexp" @ at(1031), ["C99 7.12.6.6"] (x: f64, exp: i32) -> f64 = |_cx| done(math::scale(x, exp));
    /// Multiplies by a power of two.
    _scalb = "_scalb" @ at(1057), [OWN] (x: f64, exp: i32) -> f64 = |_cx| done(math::scale(x, exp));
    /// Takes a number apart: fraction and power of two.
    frexp = "frexp" @ at(1019), ["C99 7.12.6.4"] (x: f64, expptr: u32) -> f64
        = |cx| number::take_apart(cx, x, expptr);
    /// Takes a number apart: fraction and whole part.
    modf = "modf" @ at(1048), ["C99 7.12.6.12"] (x: f64, intptr: u32) -> f64
        = |cx| number::split(cx, x, intptr);
    /// A Bessel function.
    _jn = "_jn" @ at(1029), [OWN, "near its zeros only the absolute error is small"]
        (n: i32, x: f64) -> f64 = |_cx| done(math::jn(n, x));
    /// A Bessel function.
    _yn = "_yn" @ at(1086), [OWN, "near its zeros only the absolute error is small"]
        (n: i32, x: f64) -> f64 = |_cx| done(math::yn(n, x));
    /// Tells whether a number is finite.
    _finite = "_finite" @ at(1012), [OWN] (x: f64) -> bool = |_cx| done(x.is_finite());
    /// Tells whether a number is none.
    _isnan = "_isnan" @ at(1024), [OWN] (x: f64) -> bool = |_cx| done(x.is_nan());
    /// Tells whether a number is none.
    _isnanf = "_isnanf" @ at(1633), [OWN] (x: f32) -> bool = |_cx| done(x.is_nan());
    /// Tells whether one of two numbers is none.
    _isunordered = "_isunordered" @ at(1634), [OWN] (x: f64, y: f64) -> bool
        = |_cx| done(x.is_nan() || y.is_nan());
    /// Tells whether one of two numbers is none.
    _isunorderedf = "_isunorderedf" @ at(1635), [OWN] (x: f32, y: f32) -> bool
        = |_cx| done(x.is_nan() || y.is_nan());
    /// Tells the kind of a number.
    _fpclass = "_fpclass" @ at(1015), [OWN] (x: f64) -> u32 = |_cx| done(math::class(x));
    /// Changes rounding, precision and masked exceptions.
    _controlfp = "_controlfp" @ at(1002), [OWN, "on ARM operations round to nearest whatever is set"]
        (new: u32, mask: u32) -> u32
        = |cx| done(float::control(cx, new, mask));
    /// Changes rounding, precision and masked exceptions.
    _controlfp_s = "_controlfp_s" @ at(2644), [OWN, "on ARM operations round to nearest whatever is set"]
        (currentControl: u32, newControl: u32, mask: u32) -> u32
        = |cx| float::control_checked(cx, currentControl, newControl, mask);
    /// Tells what exceptions there were.
    _statusfp = "_statusfp" @ at(1062), [OWN, "on ARM no exception is noted"]
        () -> u32
        = |cx| done(float::status(cx));
    /// Tells what exceptions there were, and forgets them.
    _clearfp = "_clearfp" @ at(1001), [OWN, "on ARM no exception is noted"]
        () -> u32
        = |cx| done(float::clear(cx));
    /// Sets the environment to what a thread begins with.
    _fpreset = "_fpreset" @ at(1017), [OWN]
        () -> ()
        = |cx| done(float::reset(cx));
    /// Rounds to a whole number.
    _frnd = "_frnd" @ at(1020), [OWN]
        (x: f64) -> f64
        = |_cx| done(math::round(x));
    /// The distance of a complex number from zero.
    _cabs = "_cabs" @ at(998), [OWN]
        (x: f64, y: f64) -> f64
        = |_cx| done(math::hypot(x, y));
    /// A function of a float.
    ceilf = "ceilf" @ at(1640), [OWN] (x: f32) -> f32 = |_cx| done(math::ceil(f64::from(x)) as f32);
    /// A function of a float.
    fabsf = "fabsf" @ at(1641), [OWN] (x: f32) -> f32 = |_cx| done(math::absolute(f64::from(x)) as f32);
    /// A function of a float.
    floorf = "floorf" @ at(1642), [OWN] (x: f32) -> f32 = |_cx| done(math::floor(f64::from(x)) as f32);
    /// A function of a float.
    sqrtf = "sqrtf" @ at(1644), [OWN] (x: f32) -> f32 = |_cx| done(math::sqrt(f64::from(x)) as f32);
    /// The remainder of a division rounded towards zero.
    fmodf = "fmodf" @ at(1643), [OWN] (x: f32, y: f32) -> f32
        = |_cx| done(math::fmod(f64::from(x), f64::from(y)) as f32);

    // Message boxes.

    /// Shows a message box: prints and answers it.
    MessageBox = "MessageBoxW" @ at(858), [OWN, "printed on the standard output, answered by `--answer` or by default"]
        (_hWnd: u32, lpText: u32, lpCaption: u32, uType: u32) -> u32
        = |cx| message_box::show(cx, lpText, lpCaption, uType);

    // What compilers of C++ call.

    /// Ends a process that calls a purely virtual function.
    _purecall = "_purecall" @ at(1092), [OWN]
        () -> Step
        = |cx| done(objects::pure_call(cx));
    /// Makes an array of objects.
    vector_constructor = "??_L@YAXPAXIHP6AX0@Z1@Z" @ arm(1576), [OWN, "an exception of a constructor leaves the objects before as they are"]
        (array: u32, size: u32, count: u32, constructor: u32, _destructor: u32) -> Step
        = |_cx| objects::construct(array, size, count, constructor);
    /// Takes an array of objects apart.
    vector_destructor = "??_M@YAXPAXIHP6AX0@Z@Z" @ arm(1578), [OWN]
        (array: u32, size: u32, count: u32, destructor: u32) -> Step
        = |_cx| objects::destroy(array, size, count, destructor);

    // What compilers for ARM call.

    /// Divides signed numbers.
    __rt_sdiv = "__rt_sdiv" @ arm(2005), [OWN] (divisor: u32, dividend: u32) -> Division
        = |_cx| arithmetic::divide_signed(divisor, dividend);
    /// Divides unsigned numbers.
    __rt_udiv = "__rt_udiv" @ arm(2008), [OWN] (divisor: u32, dividend: u32) -> Division
        = |_cx| arithmetic::divide_unsigned(divisor, dividend);
    /// Divides a signed number by ten.
    __rt_sdiv10 = "__rt_sdiv10" @ arm(2006), [OWN] (dividend: u32) -> Division
        = |_cx| arithmetic::divide_signed(10, dividend);
    /// Divides an unsigned number by ten.
    __rt_udiv10 = "__rt_udiv10" @ arm(2009), [OWN] (dividend: u32) -> Division
        = |_cx| arithmetic::divide_unsigned(10, dividend);
    /// Divides numbers of 64 bits.
    __rt_sdiv64by64 = "__rt_sdiv64by64" @ arm(2000), [OWN] (dividend: u64, divisor: u64) -> u64
        = |_cx| arithmetic::divide_signed_64(dividend, divisor);
    /// Divides numbers of 64 bits.
    __rt_srem64by64 = "__rt_srem64by64" @ arm(2001), [OWN] (dividend: u64, divisor: u64) -> u64
        = |_cx| arithmetic::remainder_signed_64(dividend, divisor);
    /// Divides numbers of 64 bits.
    __rt_udiv64by64 = "__rt_udiv64by64" @ arm(2002), [OWN] (dividend: u64, divisor: u64) -> u64
        = |_cx| arithmetic::divide_unsigned_64(dividend, divisor);
    /// Divides numbers of 64 bits.
    __rt_urem64by64 = "__rt_urem64by64" @ arm(2003), [OWN] (dividend: u64, divisor: u64) -> u64
        = |_cx| arithmetic::remainder_unsigned_64(dividend, divisor);
    /// Divides signed numbers of 64 bits, for version 7.
    __rt_sdiv64 = "__rt_sdiv64" @ NONE, [OWN] (divisor: u64, dividend: u64) -> LongDivision
        = |_cx| number::divide_signed(divisor, dividend);
    /// Divides unsigned numbers of 64 bits, for version 7.
    __rt_udiv64 = "__rt_udiv64" @ NONE, [OWN] (divisor: u64, dividend: u64) -> LongDivision
        = |_cx| number::divide_unsigned(divisor, dividend);
    /// Shifts to the right with the sign.
    __rt_srsh = "__rt_srsh" @ arm(2010), [OWN] (value: u64, count: u32) -> u64
        = |_cx| done(arithmetic::shift_right_signed_64(value, count));
    /// Shifts to the right.
    __rt_ursh = "__rt_ursh" @ arm(2011), [OWN] (value: u64, count: u32) -> u64
        = |_cx| done(arithmetic::shift_right_unsigned_64(value, count));
    /// Computes with floats.
    __adds = "__adds" @ arm(2051), [OWN] (a: u32, b: u32) -> u32
        = |_cx| done(arithmetic::operate_single(Operation::Add, a, b));
    /// Computes with doubles.
    __addd = "__addd" @ arm(2053), [OWN] (a: u64, b: u64) -> u64
        = |_cx| done(arithmetic::operate_double(Operation::Add, a, b));
    /// Computes with floats.
    __subs = "__subs" @ arm(2015), [OWN] (a: u32, b: u32) -> u32
        = |_cx| done(arithmetic::operate_single(Operation::Subtract, a, b));
    /// Computes with doubles.
    __subd = "__subd" @ arm(2016), [OWN] (a: u64, b: u64) -> u64
        = |_cx| done(arithmetic::operate_double(Operation::Subtract, a, b));
    /// Computes with floats.
    __muls = "__muls" @ arm(2026), [OWN] (a: u32, b: u32) -> u32
        = |_cx| done(arithmetic::operate_single(Operation::Multiply, a, b));
    /// Computes with doubles.
    __muld = "__muld" @ arm(2027), [OWN] (a: u64, b: u64) -> u64
        = |_cx| done(arithmetic::operate_double(Operation::Multiply, a, b));
    /// Computes with floats.
    __divs = "__divs" @ arm(2047), [OWN] (a: u32, b: u32) -> u32
        = |_cx| done(arithmetic::operate_single(Operation::Divide, a, b));
    /// Computes with doubles.
    __divd = "__divd" @ arm(2048), [OWN] (a: u64, b: u64) -> u64
        = |_cx| done(arithmetic::operate_double(Operation::Divide, a, b));
    /// Compares floats.
    __eqs = "__eqs" @ arm(2040), [OWN] (a: u32, b: u32) -> bool
        = |_cx| done(arithmetic::compare_single(Relation::Equal, a, b));
    /// Compares doubles.
    __eqd = "__eqd" @ arm(2041), [OWN] (a: u64, b: u64) -> bool
        = |_cx| done(arithmetic::compare_double(Relation::Equal, a, b));
    /// Compares floats.
    __nes = "__nes" @ arm(2022), [OWN] (a: u32, b: u32) -> bool
        = |_cx| done(arithmetic::compare_single(Relation::NotEqual, a, b));
    /// Compares doubles.
    __ned = "__ned" @ arm(2025), [OWN] (a: u64, b: u64) -> bool
        = |_cx| done(arithmetic::compare_double(Relation::NotEqual, a, b));
    /// Compares floats.
    __lts = "__lts" @ arm(2028), [OWN] (a: u32, b: u32) -> bool
        = |_cx| done(arithmetic::compare_single(Relation::Less, a, b));
    /// Compares doubles.
    __ltd = "__ltd" @ arm(2029), [OWN] (a: u64, b: u64) -> bool
        = |_cx| done(arithmetic::compare_double(Relation::Less, a, b));
    /// Compares floats.
    __les = "__les" @ arm(2030), [OWN] (a: u32, b: u32) -> bool
        = |_cx| done(arithmetic::compare_single(Relation::LessOrEqual, a, b));
    /// Compares doubles.
    __led = "__led" @ arm(2031), [OWN] (a: u64, b: u64) -> bool
        = |_cx| done(arithmetic::compare_double(Relation::LessOrEqual, a, b));
    /// Compares floats.
    __gts = "__gts" @ arm(2036), [OWN] (a: u32, b: u32) -> bool
        = |_cx| done(arithmetic::compare_single(Relation::Greater, a, b));
    /// Compares doubles.
    __gtd = "__gtd" @ arm(2037), [OWN] (a: u64, b: u64) -> bool
        = |_cx| done(arithmetic::compare_double(Relation::Greater, a, b));
    /// Compares floats.
    __ges = "__ges" @ arm(2038), [OWN] (a: u32, b: u32) -> bool
        = |_cx| done(arithmetic::compare_single(Relation::GreaterOrEqual, a, b));
    /// Compares doubles.
    __ged = "__ged" @ arm(2039), [OWN] (a: u64, b: u64) -> bool
        = |_cx| done(arithmetic::compare_double(Relation::GreaterOrEqual, a, b));
    /// Converts or negates a number.
    __negs = "__negs" @ arm(2023), [OWN] (value: u32) -> u32 = |_cx| done(arithmetic::negate_single(value));
    /// Converts or negates a number.
    __negd = "__negd" @ arm(2024), [OWN] (value: u64) -> u64 = |_cx| done(arithmetic::negate_double(value));
    /// Converts or negates a number.
    __stod = "__stod" @ arm(2021), [OWN] (value: u32) -> u64
        = |_cx| done(arithmetic::single_to_double(value));
    /// Converts or negates a number.
    __dtos = "__dtos" @ arm(2044), [OWN] (value: u64) -> u32
        = |_cx| done(arithmetic::double_to_single(value));
    /// Converts or negates a number.
    __stoi = "__stoi" @ arm(2020), [OWN] (value: u32) -> u32 = |_cx| done(arithmetic::single_to_i32(value));
    /// Converts or negates a number.
    __stou = "__stou" @ arm(2018), [OWN] (value: u32) -> u32 = |_cx| done(arithmetic::single_to_u32(value));
    /// Converts or negates a number.
    __stoi64 = "__stoi64" @ arm(2019), [OWN] (value: u32) -> u64
        = |_cx| done(arithmetic::single_to_i64(value));
    /// Converts or negates a number.
    __stou64 = "__stou64" @ arm(2017), [OWN] (value: u32) -> u64
        = |_cx| done(arithmetic::single_to_u64(value));
    /// Converts or negates a number.
    __dtoi = "__dtoi" @ arm(2046), [OWN] (value: u64) -> u32 = |_cx| done(arithmetic::double_to_i32(value));
    /// Converts or negates a number.
    __dtou = "__dtou" @ arm(2043), [OWN] (value: u64) -> u32 = |_cx| done(arithmetic::double_to_u32(value));
    /// Converts or negates a number.
    __dtoi64 = "__dtoi64" @ arm(2045), [OWN] (value: u64) -> u64
        = |_cx| done(arithmetic::double_to_i64(value));
    /// Converts or negates a number.
    __dtou64 = "__dtou64" @ arm(2042), [OWN] (value: u64) -> u64
        = |_cx| done(arithmetic::double_to_u64(value));
    /// Converts or negates a number.
    __itos = "__itos" @ arm(2032), [OWN] (value: u32) -> u32 = |_cx| done(arithmetic::i32_to_single(value));
    /// Converts or negates a number.
    __utos = "__utos" @ arm(2052), [OWN] (value: u32) -> u32 = |_cx| done(arithmetic::u32_to_single(value));
    /// Converts or negates a number.
    __i64tos = "__i64tos" @ arm(2034), [OWN] (value: u64) -> u32
        = |_cx| done(arithmetic::i64_to_single(value));
    /// Converts or negates a number.
    __u64tos = "__u64tos" @ arm(2013), [OWN] (value: u64) -> u32
        = |_cx| done(arithmetic::u64_to_single(value));
    /// Converts or negates a number.
    __itod = "__itod" @ arm(2033), [OWN] (value: u32) -> u64 = |_cx| done(arithmetic::i32_to_double(value));
    /// Converts or negates a number.
    __utod = "__utod" @ arm(2012), [OWN] (value: u32) -> u64 = |_cx| done(arithmetic::u32_to_double(value));
    /// Converts or negates a number.
    __i64tod = "__i64tod" @ arm(2035), [OWN] (value: u64) -> u64
        = |_cx| done(arithmetic::i64_to_double(value));
    /// Converts or negates a number.
    __u64tod = "__u64tod" @ arm(2014), [OWN] (value: u64) -> u64
        = |_cx| done(arithmetic::u64_to_double(value));

    // What compilers for x86 call.

    /// Divides numbers of 64 bits.
    _alldiv = "_alldiv" @ x86(2001), [OWN] (dividend: u64, divisor: u64) -> Popping<u64>
        = |_cx| arithmetic::divide_signed_64(dividend, divisor).map(Popping);
    /// Divides numbers of 64 bits.
    _allrem = "_allrem" @ x86(2003), [OWN] (dividend: u64, divisor: u64) -> Popping<u64>
        = |_cx| arithmetic::remainder_signed_64(dividend, divisor).map(Popping);
    /// Divides numbers of 64 bits.
    _aulldiv = "_aulldiv" @ x86(2006), [OWN] (dividend: u64, divisor: u64) -> Popping<u64>
        = |_cx| arithmetic::divide_unsigned_64(dividend, divisor).map(Popping);
    /// Divides numbers of 64 bits.
    _aullrem = "_aullrem" @ x86(2008), [OWN] (dividend: u64, divisor: u64) -> Popping<u64>
        = |_cx| arithmetic::remainder_unsigned_64(dividend, divisor).map(Popping);
    /// Multiplies numbers of 64 bits.
    _allmul = "_allmul" @ x86(2002), [OWN] (a: u64, b: u64) -> Popping<u64>
        = |_cx| done(Popping(arithmetic::multiply_64(a, b)));
    /// Divides signed numbers of 64 bits, with the remainder.
    _alldvrm = "_alldvrm" @ x86(2035), [OWN] (dividend: u64, divisor: u64) -> Popping<LongDivision>
        = |_cx| number::divide_signed(divisor, dividend).map(Popping);
    /// Divides unsigned numbers of 64 bits, with the remainder.
    _aulldvrm = "_aulldvrm" @ x86(2036), [OWN] (dividend: u64, divisor: u64) -> Popping<LongDivision>
        = |_cx| number::divide_unsigned(divisor, dividend).map(Popping);
    /// Shifts a number of 64 bits.
    _allshl = "_allshl" @ x86(2005), [OWN] (value: EdxEax, count: Cl) -> u64
        = |_cx| done(arithmetic::shift_left_64(value.0, count.0));
    /// Shifts a number of 64 bits.
    _allshr = "_allshr" @ x86(2004), [OWN] (value: EdxEax, count: Cl) -> u64
        = |_cx| done(arithmetic::shift_right_signed_64(value.0, count.0));
    /// Shifts a number of 64 bits.
    _aullshr = "_aullshr" @ x86(2007), [OWN] (value: EdxEax, count: Cl) -> u64
        = |_cx| done(arithmetic::shift_right_unsigned_64(value.0, count.0));
    /// Makes an integer of a floating-point number.
    _ftol = "_ftol" @ x86(2028), [OWN] (value: Top) -> u64 = |_cx| done(number::truncated(value.0));
    /// Makes an integer of a floating-point number.
    _ftol2 = "_ftol2" @ x86(2039), [OWN] (value: Top) -> u64 = |_cx| done(number::truncated(value.0));
    /// Makes an integer of a floating-point number.
    _ftol2_sse = "_ftol2_sse" @ x86(2043), [OWN] (value: Top) -> u64 = |_cx| done(number::truncated(value.0));
    /// Makes room on the stack, eax bytes.
    _chkstk = "_chkstk" @ x86(2009), [OWN]
        (size: EdxEax) -> Room
        = |cx| stack::make_room(cx, size.0 as u32, 4);
    /// Makes room on the stack, eax bytes.
    _alloca_probe = "_alloca_probe" @ x86(2010), [OWN]
        (size: EdxEax) -> Room
        = |cx| stack::make_room(cx, size.0 as u32, 4);
    /// Makes room on the stack, eax bytes.
    _alloca_probe_8 = "_alloca_probe_8" @ x86(2041), [OWN]
        (size: EdxEax) -> Room
        = |cx| stack::make_room(cx, size.0 as u32, 8);
    /// Makes room on the stack, eax bytes.
    _alloca_probe_16 = "_alloca_probe_16" @ x86(2042), [OWN]
        (size: EdxEax) -> Room
        = |cx| stack::make_room(cx, size.0 as u32, 16);
    /// Makes an integer of a floating-point number.
    _ftol2_sse_excpt = "_ftol2_sse_excpt" @ x86(2044), [OWN]
        (value: Top) -> u64
        = |_cx| done(number::truncated(value.0));
    /// A function of the top of the coprocessor's stack.
    _CIsqrt = "_CIsqrt" @ x86(2011), [OWN] (x: Top) -> f64 = |_cx| done(math::sqrt(x.0));
    /// A function of the top of the coprocessor's stack.
    _CIlog = "_CIlog" @ x86(2013), [OWN] (x: Top) -> f64 = |_cx| done(math::log(x.0));
    /// A function of the top of the coprocessor's stack.
    _CIlog10 = "_CIlog10" @ x86(2014), [OWN] (x: Top) -> f64 = |_cx| done(math::log10(x.0));
    /// A function of the top of the coprocessor's stack.
    _CIexp = "_CIexp" @ x86(2015), [OWN] (x: Top) -> f64 = |_cx| done(math::exp(x.0));
    /// A function of the top of the coprocessor's stack.
    _CIsin = "_CIsin" @ x86(2016), [OWN] (x: Top) -> f64 = |_cx| done(math::sin(x.0));
    /// A function of the top of the coprocessor's stack.
    _CIcos = "_CIcos" @ x86(2017), [OWN] (x: Top) -> f64 = |_cx| done(math::cos(x.0));
    /// A function of the top of the coprocessor's stack.
    _CItan = "_CItan" @ x86(2018), [OWN] (x: Top) -> f64 = |_cx| done(math::tan(x.0));
    /// A function of the top of the coprocessor's stack.
    _CIasin = "_CIasin" @ x86(2019), [OWN] (x: Top) -> f64 = |_cx| done(math::asin(x.0));
    /// A function of the top of the coprocessor's stack.
    _CIacos = "_CIacos" @ x86(2020), [OWN] (x: Top) -> f64 = |_cx| done(math::acos(x.0));
    /// A function of the top of the coprocessor's stack.
    _CIatan = "_CIatan" @ x86(2021), [OWN] (x: Top) -> f64 = |_cx| done(math::atan(x.0));
    /// A function of the top of the coprocessor's stack.
    _CIsinh = "_CIsinh" @ x86(2023), [OWN] (x: Top) -> f64 = |_cx| done(math::sinh(x.0));
    /// A function of the top of the coprocessor's stack.
    _CIcosh = "_CIcosh" @ x86(2024), [OWN] (x: Top) -> f64 = |_cx| done(math::cosh(x.0));
    /// A function of the top of the coprocessor's stack.
    _CItanh = "_CItanh" @ x86(2025), [OWN] (x: Top) -> f64 = |_cx| done(math::tanh(x.0));
    /// A function of the two topmost values; the second operand is on top.
    _CIpow = "_CIpow" @ x86(2012), [OWN] (operands: TopTwo) -> f64
        = |_cx| done(math::pow(operands.1, operands.0));
    /// A function of the two topmost values; the second operand is on top.
    _CIatan2 = "_CIatan2" @ x86(2022), [OWN] (operands: TopTwo) -> f64
        = |_cx| done(math::atan2(operands.1, operands.0));
    /// A function of the two topmost values; the second operand is on top.
    _CIfmod = "_CIfmod" @ x86(2026), [OWN] (operands: TopTwo) -> f64
        = |_cx| done(math::fmod(operands.1, operands.0));
}

impl Function {
    /// What is known of it.
    #[must_use]
    pub fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// Every function, in the order of the table.
    #[must_use]
    pub fn all() -> &'static [Function] {
        FUNCTIONS
    }

    /// The function that is exported by this name.
    #[must_use]
    pub fn exported_as(name: &str) -> Option<Function> {
        FUNCTIONS.iter().copied().find(|function| function.row().export == name)
    }

    /// The function that a processor's COREDLL exports at this ordinal.
    #[must_use]
    pub fn at_ordinal(processor: Processor, ordinal: u16) -> Option<Function> {
        let is_there = |row: &Row| match processor {
            Processor::X86 => row.ordinals.x86 == Some(ordinal),
            Processor::Arm => row.ordinals.arm == Some(ordinal),
        };
        FUNCTIONS.iter().copied().find(|function| is_there(function.row()))
    }

    /// Takes the call's arguments and runs the body, as far as it comes by itself.
    ///
    /// # Errors
    ///
    /// What stops the guest instead of a return. Guest memory may have been written before it.
    pub fn call(self, cx: &mut Cx<'_>) -> Result<Step, Stop> {
        run(self, cx)
    }
}

#[cfg(test)]
mod tests;
