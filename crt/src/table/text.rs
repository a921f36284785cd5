//! Strings, and the strings that are counted.

use cerium_coredll::Row;

use super::{Entry, OWN, at, settle};
use crate::bodies::safe::{Count, Places};
use crate::bodies::{heap, nls, safe};
use crate::call::VaList;
use crate::call::{Argument, Cx, Rest, Return, Stop};
use crate::nls::order;
use crate::pause::Step;
use crate::row::crt_functions;
use crate::secure::Conversion;
use crate::unit::Unit;
use crate::{codepage, secure, string};

crt_functions! {
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
}
