/* libc_text - conversions, formatting and scanning, narrow and wide; code pages,
 * the locale, messages.  No arithmetic of doubles: they are looked at as bits. */
#include "ce.h"
#include "libc.h"

/* What compilers for Windows ask of whoever links code with floating point. */
int _fltused = 1;

static int same(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static int same_wide(const WCHAR *a, const WCHAR *b)
{
    return wcscmp(a, b) == 0;
}

static UINT64 bits_of(double d)
{
    UINT64 bits;
    memcpy(&bits, &d, sizeof bits);
    return bits;
}

static int numbers(void)
{
    char *end;
    WCHAR *wide_end, wide[80];
    char text[80];

    CHECK(10, strtol("  -123x", &end, 10) == -123 && *end == 'x');
    CHECK(11, strtoul("0xFFFFFFFF", &end, 0) == 0xFFFFFFFFUL && *end == 0);
    CHECK(12, wcstol(L"7fffffff", &wide_end, 16) == 0x7FFFFFFF && *wide_end == 0);
    CHECK(13, _atoi64("-9000000000") == -9000000000LL);
    CHECK(14, bits_of(strtod("-2.5e3!", &end)) == 0xC0A3880000000000ULL && *end == '!');
    CHECK(15, bits_of(wcstod(L".1", &wide_end)) == 0x3FB999999999999AULL && *wide_end == 0);
    CHECK(16, bits_of(atof("1e400")) == 0x7FF0000000000000ULL);
    CHECK(17, same(_itoa(-42, text, 10), "-42") && same(_ultoa(255, text, 2), "11111111"));
    CHECK(18, same_wide(_itow(-1, wide, 16), L"ffffffff") && same_wide(_ltow(35, wide, 36), L"z"));
    CHECK(19, _itow_s(12345, wide, 5, 10) == 34 && wide[0] == 0);
    return 0;
}

static int formats(void)
{
    char text[200];
    WCHAR wide[200];

    CHECK(20, sprintf(text, "%I64d|%#x|%+05d|%-4s|%S", -9000000000LL, 255, 42, "ab", L"wide") == 32);
    CHECK(21, same(text, "-9000000000|0xff|+0042|ab  |wide"));
    CHECK(22, swprintf(wide, L"%s|%hs|%ls|%S|%c|%C", L"one", "two", L"three", "four", 'x', 'y') > 0);
    CHECK(23, same_wide(wide, L"one|two|three|four|x|y"));
    CHECK(24, sprintf(text, "%.3f %e %g %10.1f", 3.14159, 1234.5, 0.0001, -2.25) > 0);
    CHECK(25, same(text, "3.142 1.234500e+003 0.0001       -2.3"));
    CHECK(26, _snwprintf(wide, 4, L"%d", 123456) == -1 && wide[0] == '1' && wide[3] == '4');
    CHECK(27, _scprintf("%*d", 9, 1) == 9);
    CHECK(28, sprintf_s(text, 3, "%d", 1234) == -1 && text[0] == 0);
    CHECK(29, StringCchPrintfW(wide, 6, L"%s", L"longer") == 0x8007007A && same_wide(wide, L"longe"));
    return 0;
}

static int scans(void)
{
    int one = 0, two = 0;
    char word[20];
    WCHAR wide[20];
    INT64 big = 0;
    double number;

    CHECK(30, sscanf("12,0x1f rest", "%d,%i %4s", &one, &two, word) == 3);
    CHECK(31, one == 12 && two == 31 && same(word, "rest"));
    CHECK(32, swscanf(L"abc-9000000000", L"%[a-c]%I64d", wide, &big) == 2);
    CHECK(33, same_wide(wide, L"abc") && big == -9000000000LL);
    CHECK(34, sscanf("2.5", "%lf", &number) == 1 && bits_of(number) == 0x4004000000000000ULL);
    CHECK(35, sscanf("", "%d", &one) == -1 && sscanf("x", "%d", &one) == 0);
    CHECK(36, sscanf_s("hello", "%s", word, 4) == 0 && word[0] == 0);
    return 0;
}

static int strings(void)
{
    char text[40] = "a,b;;c";
    WCHAR wide[40] = L"one two";
    size_t made = 0;

    CHECK(40, same(strtok(text, ",;"), "a") && same(strtok(NULL, ",;"), "b"));
    CHECK(41, same(strtok(NULL, ",;"), "c") && strtok(NULL, ",;") == NULL);
    CHECK(42, same_wide(wcstok(wide, L" "), L"one") && same_wide(wcstok(NULL, L" "), L"two"));
    CHECK(43, wcstombs(text, L"\x20AC!", 10) == 2 && (BYTE)text[0] == 0x80 && text[2] == 0);
    CHECK(44, mbstowcs(wide, "\x80?", 10) == 2 && wide[0] == 0x20AC);
    CHECK(45, mbstowcs_s(&made, wide, 3, "abc", 10) == 34 && wide[0] == 0);
    CHECK(46, _wcsicmp(L"\xC9t\xC9", L"\xE9T\xE9") == 0 && _stricmp("ABC", "abd") < 0);
    CHECK(47, same_wide(_wcsrev(wcscpy(wide, L"abc")), L"cba") && same(_strupr(strcpy(text, "az")), "AZ"));
    CHECK(48, memcmp("abc", "abd", 2) == 0 && memchr("abc", 'c', 2) == NULL);
    return 0;
}

static int locale(void)
{
    WCHAR wide[80];
    WORD moment[8] = { 2004, 2, 0, 29, 13, 5, 9, 0 };
    char narrow[20];
    BOOL used = 0;

    CHECK(50, GetUserDefaultLCID() == 0x409 && GetACP() == 1252 && GetOEMCP() == 437);
    CHECK(51, GetLocaleInfoW(0x400, 0x1F, wide, 80) == 9 && same_wide(wide, L"M/d/yyyy"));
    CHECK(52, CompareStringW(0x409, 1, L"ABC", -1, L"abc", -1) == 2);
    CHECK(53, CompareStringW(0x409, 0, L"co-op", -1, L"coop", -1) == 3);
    CHECK(54, LCMapStringW(0x409, 0x200, L"h\xE9", -1, wide, 80) == 3 && same_wide(wide, L"H\xC9"));
    CHECK(55, GetDateFormatW(0x409, 2, moment, NULL, wide, 80) == 26);
    CHECK(56, same_wide(wide, L"Sunday, February 29, 2004"));
    CHECK(57, GetTimeFormatW(0x409, 2, moment, NULL, wide, 80) == 8 && same_wide(wide, L"1:05 PM"));
    CHECK(58, GetNumberFormatW(0x409, 0, L"-1234.5", NULL, wide, 80) > 0 && same_wide(wide, L"-1,234.50"));
    CHECK(59, WideCharToMultiByte(1252, 0, L"a\x4E00", -1, narrow, 20, "#", &used) == 3);
    CHECK(60, used && same(narrow, "a#"));
    CHECK(61, MultiByteToWideChar(65001, 0, "\xE2\x82\xAC", -1, wide, 80) == 2 && wide[0] == 0x20AC);
    CHECK(62, MultiByteToWideChar(437, 0, "\x81", 1, wide, 80) == 1 && wide[0] == 0xFC);
    CHECK(63, MultiByteToWideChar(932, 0, "a", 1, wide, 80) == 0 && GetLastError() == 87);
    return 0;
}

static int messages(void)
{
    WCHAR wide[80], *made = NULL;
    DWORD words[2] = { 7, (DWORD)(SIZE_T)L"many" };

    CHECK(70, FormatMessageW(0x2400, L"%2 of %1!04d!%n", 0, 0, wide, 80, words) == 14);
    CHECK(71, same_wide(wide, L"many of 0007\r\n"));
    CHECK(72, FormatMessageW(0x1100, NULL, 5, 0, (WCHAR *)&made, 0, NULL) == 19);
    CHECK(73, same_wide(made, L"Access is denied.\r\n") && LocalFree(made) == NULL);
    CHECK(74, FormatMessageW(0x1000, NULL, 99999, 0, wide, 80, NULL) == 0 && GetLastError() == 317);
    return 0;
}

int GuestMain(HINSTANCE inst, const WCHAR *cmdline)
{
    int result;

    (void)inst; (void)cmdline;
    if ((result = numbers()) || (result = formats()) || (result = scans()) || (result = strings())
        || (result = locale()) || (result = messages()))
        return result;
    printf("libc_text: %s %.2f %I64x %S\n", "ok", 2.5, 0x123456789ABCLL, L"wide");
    return 0;
}
