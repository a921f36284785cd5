//! Blocks of bytes, heaps, words that threads share, regions of address space, digests.

use cerium_coredll::Row;

use super::{Entry, OWN, arm, at, done, settle};
use crate::bodies::{digest, heap, probe, virtual_memory};
use crate::call::{Argument, Cx, Return, Stop};
use crate::pause::{FiberCall, Step};
use crate::row::crt_functions;
use crate::{block, hash, secure, sort};

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
}
