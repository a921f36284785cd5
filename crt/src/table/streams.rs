//! Formatting, streams, and message boxes.

use cerium_coredll::Row;

use super::{Entry, OWN, at, done, settle};
use crate::bodies::print::returned;
use crate::bodies::stdio::input::{self, Line};
use crate::bodies::stdio::{opening, output};
use crate::bodies::{message_box, stdio};
use crate::call::VaList;
use crate::call::{Argument, Cx, Rest, Return, Stop, Stream};
use crate::format::{print, win32};
use crate::pause::Step;
use crate::row::crt_functions;
use crate::scan::Sizes;
use crate::{bodies, scan, secure};

crt_functions! {
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

    // Message boxes.

    /// Shows a message box: prints and answers it.
    MessageBox = "MessageBoxW" @ at(858), [OWN, "printed on the standard output, answered by `--answer` or by default"]
        (_hWnd: u32, lpText: u32, lpCaption: u32, uType: u32) -> u32
        = |cx| message_box::show(cx, lpText, lpCaption, uType);
}
