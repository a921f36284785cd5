//! Characters, the locale, and what is said in its way.

use cerium_coredll::Row;

use super::{Entry, OWN, at, done, settle};
use crate::bodies::locale::ToNarrow;
use crate::bodies::nls::Form;
use crate::bodies::{enumeration, locale, message, nls};
use crate::call::{Argument, Cx, Return, Stop};
use crate::ctype;
use crate::nls::locale::LCID;
use crate::nls::pages::CodePage;
use crate::pause::Step;
use crate::row::crt_functions;

crt_functions! {
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
}
