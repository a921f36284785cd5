"""Compares the x86 interpreter with Unicorn on random short sequences of integer instructions.

    python x86_oracle.py path/to/x86_oracle COUNT [SEED]

Every register, EIP, the flags but for those documented undefined, the kind of exit, and the memory that can be written are compared.
"""
import random
import struct
import subprocess
import sys
import zlib

from unicorn import *
from unicorn.x86_const import *

CODE, CODE_BYTES, DATA, READ_ONLY = 0x400000, 0x400000, 0x20000, 0x30000
# The descriptors lie where the runner has a page of its own.
DESCRIPTORS = 0xE0000000
CODE_SELECTOR, DATA_SELECTOR, THREAD_SELECTOR = 0x1B, 0x23, 0x3B
SEGMENTS = [UC_X86_REG_ES, UC_X86_REG_SS, UC_X86_REG_DS, UC_X86_REG_FS, UC_X86_REG_GS]
REGISTERS = [UC_X86_REG_EAX, UC_X86_REG_ECX, UC_X86_REG_EDX, UC_X86_REG_EBX,
             UC_X86_REG_ESP, UC_X86_REG_EBP, UC_X86_REG_ESI, UC_X86_REG_EDI]
CF, PF, AF, ZF, SF, DF, OF = 1, 4, 16, 64, 128, 1024, 2048
STATUS = CF | PF | AF | ZF | SF | OF
RESULT = 32 + 20 + 32 + 108
BATCH = 20000


def page(seed):
    state, out = seed | 1, []
    for _ in range(1024):
        state ^= state << 13 & 0xFFFFFFFF
        state ^= state >> 17
        state ^= state << 5 & 0xFFFFFFFF
        out.append(state)
    return struct.pack("<1024I", *out)


PAGES = {seed: page(seed) for seed in range(1, 65, 2)}
EDGE = [0, 1, 2, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x80, 31, 32, 33]


class Case:
    def __init__(self, rng):
        self.rng = rng
        self.regs = [self.value() for _ in range(8)]
        self.regs[4] = DATA + rng.randrange(0x100, 0xF00) & ~3
        self.flags = 0x202 | rng.getrandbits(12) & (STATUS | DF)
        self.code = b""
        self.steps = 0
        self.undefined = 0
        self.pinned = {4}
        self.branches = False
        self.writable = False
        self.null = False
        self.loads = []

    def value(self):
        rng = self.rng
        kind = rng.randrange(4)
        if kind == 0:
            return rng.choice(EDGE)
        if kind == 1:
            return rng.getrandbits(rng.randrange(1, 33))
        return rng.getrandbits(32)

    def pin(self, register, value):
        """Gives a register a value unless an earlier instruction relies on it."""
        if register not in self.pinned:
            self.regs[register] = value & 0xFFFFFFFF
            self.pinned.add(register)

    def pointer(self):
        rng = self.rng
        if rng.randrange(30) == 0:
            return DATA + rng.choice([0, 0xFFF, 0xFFE, 0xFFD, 0x1000, -1, -2, 0xFF8])
        if rng.randrange(30) == 0 and not self.writable:
            return READ_ONLY + rng.randrange(0x100, 0xF00)
        return DATA + rng.randrange(0x100, 0xF00)

    def modrm(self, reg, memory=None, half=False):
        """A ModRM byte and what follows; `memory` forces or forbids a memory operand."""
        rng = self.rng
        if memory is False or memory is None and rng.randrange(2):
            return bytes([0xC0 | reg << 3 | rng.randrange(8)])
        mod = rng.randrange(3)
        if half:
            # Sixteen bits do not reach the data, but for FS.
            rm = rng.randrange(8)
            disp = b"" if mod == 0 and rm != 6 else (bytes([rng.getrandbits(8)]) if mod == 1 else struct.pack("<H", rng.getrandbits(16)))
            return bytes([mod << 6 | reg << 3 | rm]) + disp
        rm = rng.randrange(8)
        disp = 0 if mod == 0 else (rng.randrange(-128, 128) if mod == 1 else rng.randrange(-0x8000, 0x8000))
        tail = b"" if mod == 0 else (struct.pack("<b", disp) if mod == 1 else struct.pack("<i", disp))
        target = self.pointer()
        if rm == 5 and mod == 0:
            return bytes([reg << 3 | 5]) + struct.pack("<I", target)
        if rm != 4:
            self.pin(rm, target - disp)
            return bytes([mod << 6 | reg << 3 | rm]) + tail
        scale, index, base = rng.randrange(4), rng.randrange(8), rng.randrange(8)
        offset = 0
        if index != 4:
            self.pin(index, rng.randrange(0, 64))
            offset = self.regs[index] << scale
        sib = bytes([mod << 6 | reg << 3 | 4, scale << 6 | index << 3 | base])
        if base == 5 and mod == 0:
            return sib + struct.pack("<I", target - offset & 0xFFFFFFFF)
        self.pin(base, target - offset - disp)
        return sib + tail

    def imm(self, size):
        return struct.pack("<I", self.value())[:size]

    def emit(self, prefix, body, undefined=0):
        self.code += prefix + body
        self.steps += 1
        self.undefined |= undefined

    def emit_load(self, prefix, body):
        """A load of a segment register, which may be refused."""
        self.loads.append(len(self.code))
        self.emit(prefix, body)


def instruction(case, last):
    """Adds a random instruction. Those with undefined flags, and branches, only come last."""
    rng = case.rng
    word = 2 if rng.randrange(3) == 0 else 4
    p66 = b"\x66" if word == 2 else b""
    p67 = rng.randrange(40) == 0
    seg = b"\x64" if rng.randrange(25) == 0 else b""
    prefix = seg + (b"\x67" if p67 else b"")

    def rm(reg=None, memory=None):
        return case.modrm(rng.randrange(8) if reg is None else reg, memory, p67)

    if rng.randrange(25) == 0:
        return segment_instruction(case, prefix, p66, rm)
    kind = rng.randrange(30 if last else 17)
    if case.loads and 23 <= kind <= 27:
        # Where a branch goes must not be taken for where a load was refused.
        kind = 10
    wide = rng.randrange(2)
    size = word if wide else 1
    if kind <= 2:
        op = rng.randrange(8)
        form = rng.randrange(5)
        if form < 4:
            case.emit(prefix + p66, bytes([op * 8 + form]) + rm())
        else:
            case.emit(p66, bytes([op * 8 + 4 + wide]) + case.imm(size))
    elif kind == 3:
        op = rng.choice([0x80, 0x81, 0x83])
        case.emit(prefix + p66, bytes([op]) + rm() + case.imm(word if op == 0x81 else 1))
    elif kind == 4:
        op = rng.randrange(4)
        if op == 0:
            case.emit(prefix + p66, bytes([0xF6 + wide]) + rm(0) + case.imm(size))
        elif op == 1:
            case.emit(prefix + p66, bytes([0xF6 + wide]) + rm(rng.choice([2, 3])))
        elif op == 2:
            case.emit(prefix + p66, bytes([0xFE + wide]) + rm(rng.choice([0, 1])))
        else:
            case.emit(p66, bytes([0x40 + rng.randrange(16)]))
    elif kind == 5:
        case.emit(prefix + p66, bytes([rng.randrange(0x84, 0x8C)]) + rm())
    elif kind == 6:
        op = rng.randrange(5)
        if op == 0:
            case.emit(prefix + p66, b"\x8d" + rm(None, True))
        elif op == 1:
            case.emit(prefix + p66, bytes([0xC6 + wide]) + rm(0) + case.imm(size))
        elif op == 2:
            reg = rng.randrange(16)
            case.emit(p66, bytes([0xB0 + reg]) + case.imm(word if reg >= 8 else 1))
        elif op == 3:
            case.emit(p66, bytes([rng.randrange(0xA0, 0xA4)]) + struct.pack("<I", case.pointer()))
        else:
            case.emit(p66, bytes([rng.choice([0x90, 0x91, 0x92, 0x93, 0x95, 0x96, 0x97, 0x98, 0x99])]))
    elif kind == 7:
        case.emit(prefix + p66, b"\x0f" + bytes([rng.choice([0xB6, 0xB7, 0xBE, 0xBF])]) + rm())
    elif kind == 8:
        cc = rng.randrange(16)
        if rng.randrange(2):
            case.emit(prefix, bytes([0x0F, 0x90 + cc]) + rm(0))
        else:
            case.emit(prefix + p66, bytes([0x0F, 0x40 + cc]) + rm())
    elif kind == 9:
        op = rng.randrange(7)
        if op == 0:
            case.emit(p66, bytes([0x50 + rng.randrange(8)]))
        elif op == 1:
            case.emit(p66, bytes([0x58 + rng.choice([0, 1, 2, 3, 5, 6, 7, 4 if last else 0])]))
        elif op == 2:
            case.emit(p66, b"\x68" + case.imm(word) if wide else b"\x6a" + case.imm(1))
        elif op == 3:
            case.emit(prefix + p66, b"\xff" + rm(6))
        elif op == 4:
            case.emit(prefix + p66, b"\x8f" + rm(0))
        elif op == 5:
            case.emit(p66, b"\x60")
        else:
            case.emit(p66, b"\x61" if last else b"\x9c")
    elif kind == 10:
        case.emit(b"", bytes([rng.choice([0xF5, 0xF8, 0xF9, 0xFC, 0xFD, 0x9E, 0x9F])]))
    elif kind == 11:
        case.emit(prefix + p66, b"\x0f" + bytes([rng.choice([0xB0, 0xB1, 0xC0, 0xC1])]) + rm())
    elif kind == 12:
        if wide and last:
            # It also does not fault where writing is refused and the comparison fails.
            case.writable = True
            # Unicorn leaves bits of its own in the flags here; only ZF changes by the manual.
            case.emit(prefix, b"\x0f\xc7" + rm(1, True), (STATUS | DF) & ~ZF)
        else:
            case.emit(b"", bytes([0x0F, 0xC8 + rng.randrange(8)]))
    elif kind in (13, 14):
        op = rng.choice([0xA4, 0xA5, 0xA6, 0xA7, 0xAA, 0xAB, 0xAC, 0xAD, 0xAE, 0xAF])
        rep = rng.choice([b"", b"\xf2", b"\xf3"]) if last else b""
        case.pin(6, case.pointer())
        case.pin(7, case.pointer())
        if rep:
            case.pin(1, rng.randrange(0, 40))
        case.emit(rep + p66 + (seg if rng.randrange(2) else b""), bytes([op]))
    elif kind == 15:
        op = rng.choice([0xD0, 0xD1, 0xD2, 0xD3, 0xC0, 0xC1])
        ext = rng.choice([0, 1, 2, 3, 4, 5, 7]) if last else rng.choice([4, 5, 7])
        if op in (0xD0, 0xD1) or last:
            undefined = 0 if op in (0xD0, 0xD1) else OF
            undefined |= AF if ext >= 4 else 0
            if not last:
                undefined = AF
            body = bytes([op]) + rm(ext) + (case.imm(1) if op in (0xC0, 0xC1) else b"")
            case.emit(prefix + p66, body, undefined)
        else:
            case.emit(b"", b"\x90")
    elif kind == 16 and not last:
        case.emit(b"", b"\x90")
    elif kind == 16:
        undefined = OF | SF | AF | PF
        bt = rng.choice([0xA3, 0xAB, 0xB3, 0xBB])
        if rng.randrange(2):
            reg = rng.randrange(8)
            case.pin(reg, rng.randrange(-1024, 1024))
            case.emit(prefix + p66, bytes([0x0F, bt]) + rm(reg), undefined)
        else:
            case.emit(prefix + p66, b"\x0f\xba" + rm(rng.randrange(4, 8)) + case.imm(1), undefined)
    elif kind in (17, 18):
        ext = rng.randrange(4, 8)
        undefined = STATUS if ext >= 6 else SF | ZF | AF | PF
        if ext >= 6 and rng.randrange(3):
            case.pin(2, rng.randrange(0, 16))
        case.emit(prefix + p66, bytes([0xF6 + wide]) + rm(ext), undefined)
    elif kind == 19:
        undefined = SF | ZF | AF | PF
        op = rng.randrange(3)
        if op == 0:
            case.emit(prefix + p66, b"\x0f\xaf" + rm(), undefined)
        elif op == 1:
            case.emit(prefix + p66, b"\x69" + rm() + case.imm(word), undefined)
        else:
            case.emit(prefix + p66, b"\x6b" + rm() + case.imm(1), undefined)
    elif kind == 20:
        op = rng.choice([0xA4, 0xA5, 0xAC, 0xAD])
        limit = 17 if word == 2 else 256
        count = rng.randrange(limit)
        if op & 1:
            case.pin(1, count)
        if op & 1 and word == 2 and case.regs[1] & 31 > 16:
            word, p66 = 4, b""
        body = bytes([0x0F, op]) + rm() + (b"" if op & 1 else bytes([count]))
        if op & 1 and 1 in case.pinned and case.regs[1] & 31 > 16:
            p66 = b""
        case.emit(prefix + p66, body, OF | AF)
    elif kind == 21:
        case.emit(prefix + p66, bytes([0x0F, rng.choice([0xBC, 0xBD])]) + rm(), STATUS & ~ZF)
    elif kind == 22:
        op = rng.choice([0x27, 0x2F, 0x37, 0x3F, 0xD4, 0xD5])
        undefined = {0x27: OF, 0x2F: OF, 0x37: OF | SF | ZF | PF, 0x3F: OF | SF | ZF | PF}.get(op, OF | AF | CF)
        case.emit(b"", bytes([op]) + (case.imm(1) if op >= 0xD4 else b""), undefined)
    elif kind == 23:
        case.branches = True
        case.emit(b"", bytes([0x70 + rng.randrange(16), rng.getrandbits(8)]))
    elif kind == 24:
        case.branches = True
        case.emit(p66 if rng.randrange(4) == 0 else b"", b"\x0f" + bytes([0x80 + rng.randrange(16)]) + case.imm(4))
    elif kind == 25:
        case.branches = True
        op = rng.choice([0xE0, 0xE1, 0xE2, 0xE3])
        case.pin(1, rng.choice([0, 1, 2, 0x10000, 0x10001]))
        case.emit(b"\x67" if p67 else b"", bytes([op, rng.getrandbits(8)]), STATUS & ~ZF if op <= 0xE1 else 0)  # Unicorn loses some.
    elif kind == 26:
        case.branches = True
        op = rng.choice([0xE8, 0xE9, 0xEB])
        case.emit(b"", bytes([op]) + case.imm(1 if op == 0xEB else 4))
    elif kind == 27:
        op = rng.choice([0xC2, 0xC3, 0xC9, 0xFF2, 0xFF4])
        case.branches = op != 0xC9
        if op == 0xC9:
            case.pin(5, case.pointer())
            case.emit(p66, b"\xc9")
        elif op >= 0xFF2:
            case.emit(prefix, b"\xff" + rm(op & 7))
        else:
            case.emit(b"", bytes([op]) + (struct.pack("<H", rng.randrange(0x8000)) if op == 0xC2 else b""))  # Unicorn extends the sign.
    elif kind == 28:
        level = rng.choice([0, 0, 1, 2, 5])
        case.pin(5, case.pointer())
        case.emit(b"", b"\xc8" + struct.pack("<H", rng.randrange(0x80)) + bytes([level]))
    else:
        if wide:
            case.pin(3, case.pointer())
            case.emit(b"", b"\xd7")
        else:
            # POPF of something without TF.
            value = rng.getrandbits(32) & (STATUS | DF)
            case.emit(b"", b"\x68" + struct.pack("<I", value))
            case.emit(b"", b"\x9d")


def segment_instruction(case, prefix, p66, rm):
    """Reads or loads a segment register. What is loaded is taken, or it is refused; what goes through it later shows which."""
    rng = case.rng
    kind = rng.randrange(5)
    register = rng.choice([0, 2, 3, 4, 5])
    selector = rng.choice([DATA_SELECTOR, DATA_SELECTOR, DATA_SELECTOR & ~3, 0, 3, 0x27, 0x43, 0xFFFF])
    if register == 4 and rng.randrange(2):
        selector = THREAD_SELECTOR & ~rng.randrange(4)
    case.null |= kind >= 2 and selector in (0, 3)
    short = {0: 6, 1: 0xE, 2: 0x16, 3: 0x1E}
    if kind == 0:
        case.emit(prefix + p66, b"\x8c" + rm(rng.randrange(6)))
    elif kind == 1:
        register = rng.randrange(6)
        case.emit(p66, bytes([short[register]]) if register < 4 else bytes([0x0F, 0xA0 + (register - 4) * 8]))
    elif kind == 2:
        number = rng.choice([0, 1, 2, 3, 5, 6, 7])
        if number in case.pinned or case.steps:
            # What an earlier instruction has left there might be any selector.
            return case.emit(b"", b"\x90")
        case.pin(number, case.value() & 0xFFFF0000 | selector)
        case.emit_load(p66, bytes([0x8E, 0xC0 | register << 3 | number]))
    elif kind == 3:
        case.emit(b"", b"\x68" + struct.pack("<I", case.value() & 0xFFFF0000 | selector))
        case.emit_load(p66, bytes([short[register] + 1]) if register < 4 else bytes([0x0F, 0xA1 + (register - 4) * 8]))
    else:
        # The selector lies behind the offset: both are pushed.
        op = {0: b"\xc4", 2: b"\x0f\xb2", 3: b"\xc5", 4: b"\x0f\xb4", 5: b"\x0f\xb5"}[register]
        number = rng.choice([0, 1, 2, 3, 5, 6, 7])
        case.emit(b"", b"\x68" + struct.pack("<I", selector if not p66 else case.value()))
        case.emit(b"", b"\x68" + struct.pack("<I", case.value() if not p66 else selector << 16 | rng.getrandbits(16)))
        case.emit_load(p66, op + bytes([number << 3 | 4, 0x24]))


class Oracle:
    def __init__(self):
        self.uc = uc = Uc(UC_ARCH_X86, UC_MODE_32)
        uc.mem_map(CODE, CODE_BYTES, UC_PROT_READ | UC_PROT_EXEC)
        uc.mem_map(DATA, 0x1000, UC_PROT_READ | UC_PROT_WRITE)
        uc.mem_map(READ_ONLY, 0x1000, UC_PROT_READ)
        self.fs = DATA + 0x400
        # All of memory as code and as data, and what FS begins at, for privilege 3.
        uc.mem_map(DESCRIPTORS, 0x1000, UC_PROT_READ | UC_PROT_WRITE)
        for selector, base, kind in ((8, 0, 0x9B), (0x10, 0, 0x93), (CODE_SELECTOR, 0, 0xFB), (DATA_SELECTOR, 0, 0xF3),
                                     (THREAD_SELECTOR, self.fs, 0xF3)):
            descriptor = 0xFFFF | (base & 0xFFFFFF) << 16 | kind << 40 | 0xCF << 48 | base >> 24 << 56
            uc.mem_write(DESCRIPTORS + (selector & ~7), struct.pack("<Q", descriptor))
        uc.reg_write(UC_X86_REG_GDTR, (0, DESCRIPTORS, 0x3F, 0))
        # Privilege 3 is reached by IRET only.
        for register, selector in ((UC_X86_REG_SS, 0x10), (UC_X86_REG_CS, 8), (UC_X86_REG_ESP, DATA)):
            uc.reg_write(register, selector)
        uc.mem_write(DATA, struct.pack("<5I", CODE + 1, CODE_SELECTOR, 0x202, DATA, DATA_SELECTOR))
        uc.mem_write(CODE, b"\xcf")
        uc.emu_start(CODE, CODE + 1)
        uc.ctl_flush_tb()

    def run(self, record, code, pc, steps, last_branch, data, loads):
        after = self.start(record, code, pc, steps, last_branch, data)
        # A segment load that is refused often ends without a word.
        refused = after[3] in (0, UC_ERR_EXCEPTION) and after[1] - pc in loads
        if after[3] in MEMORY or refused:
            if loads:
                # What was translated to the load's end is not stopped before it.
                self.uc.ctl_flush_tb()
            # What a faulting instruction leaves behind is not exact, flags least of all: ask for the state before it.
            before = self.start(record, code, pc, 0, False, data, after[1])
            # A repeated instruction has done some iterations.
            rep = code[after[1] - pc:after[1] - pc + 1] in (b"\xf2", b"\xf3")
            return after if rep else before[:3] + (after[3],) + before[4:]
        return after

    def start(self, record, code, pc, steps, last_branch, data, until=None):
        uc = self.uc
        uc.mem_write(pc, code.ljust(56, b"\xcc"))
        uc.mem_write(DATA, data)
        uc.mem_write(READ_ONLY, PAGES[record[1]])
        for segment in SEGMENTS:
            uc.reg_write(segment, THREAD_SELECTOR if segment == UC_X86_REG_FS else DATA_SELECTOR)
        for register, value in zip(REGISTERS, record[0]):
            uc.reg_write(register, value)
        uc.reg_write(UC_X86_REG_EFLAGS, record[2])
        kind = 0
        try:
            if last_branch:
                uc.emu_start(pc, 0xFFFFFFFF, count=steps)
            else:
                if until != pc:
                    uc.emu_start(pc, until or pc + len(code))
        except UcError as error:
            kind = error.errno
        return ([uc.reg_read(r) for r in REGISTERS], uc.reg_read(UC_X86_REG_EIP),
                uc.reg_read(UC_X86_REG_EFLAGS), kind, bytes(uc.mem_read(DATA, 0x1000)))


MEMORY = {UC_ERR_READ_UNMAPPED, UC_ERR_WRITE_UNMAPPED, UC_ERR_READ_PROT, UC_ERR_WRITE_PROT}


def main():
    binary, total = sys.argv[1], int(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    print(f"seed {seed}, {total} cases")
    rng = random.Random(seed)
    oracle = Oracle()
    failures, faults, slot = 0, 0, 0
    image = struct.pack("<7I", 0xFFFF037F, 0xFFFF0000, 0xFFFFFFFF, 0, 0, 0, 0xFFFF0000) + bytes(80)
    for start in range(0, total, BATCH):
        cases, records = [], []
        # Each batch is a new process with nothing in its memory.
        oracle.uc.mem_write(CODE, bytes(CODE_BYTES))
        oracle.uc.ctl_flush_tb()
        for _ in range(min(BATCH, total - start)):
            case = Case(rng)
            count = rng.choice([1, 1, 2, 3, 4])
            for n in range(count):
                instruction(case, n == count - 1)
            case.pc = CODE + slot * 64
            slot = (slot + 1) % (CODE_BYTES // 64 - 1)
            if slot == 0:
                oracle.uc.ctl_flush_tb()
            case.seed = rng.randrange(1, 65) | 1
            if case.seed not in PAGES:
                case.seed = 1
            case.data = PAGES[case.seed]
            cases.append(case)
            # Repeated instructions take more than one step; the code ends with a breakpoint for us.
            record = struct.pack("<8I", *case.regs) + struct.pack(
                "<6I", case.flags, 100000, 56, case.seed, case.pc, oracle.fs)
            record += (case.code + b"\xcc").ljust(56, b"\xcc") + case.data[0x800:0x820] + image
            records.append(record.ljust(256, b"\0"))
        # A branch is not followed: it is retired, and that is all.
        for index, case in enumerate(cases):
            if case.branches:
                records[index] = records[index][:36] + struct.pack("<I", case.steps) + records[index][40:]
        out = subprocess.run([binary], input=b"".join(records), stdout=subprocess.PIPE, check=True).stdout
        for index, case in enumerate(cases):
            mine = out[index * RESULT:(index + 1) * RESULT]
            theirs = oracle.run((case.regs, case.seed, case.flags), case.code, case.pc, case.steps, case.branches, case.data, case.loads)
            problem, faulted = compare(case, mine, theirs)
            if problem:
                # Seldom it runs on over its count: once more, with nothing translated before.
                oracle.uc.ctl_flush_tb()
                theirs = oracle.run((case.regs, case.seed, case.flags), case.code, case.pc, case.steps, case.branches, case.data, case.loads)
                problem, faulted = compare(case, mine, theirs)
            faults += faulted
            if problem:
                failures += 1
                if failures <= 25:
                    print(case.code.hex(" "), problem, "| regs", " ".join(f"{r:x}" for r in case.regs), f"fl {case.flags:x}")
    print(f"{total} cases, {faults} of them with exceptions, {failures} failures")
    sys.exit(failures != 0)


def compare(case, mine, theirs):
    regs = struct.unpack("<8I", mine[:32])
    eip, flags, kind, _, crc = struct.unpack("<5I", mine[32:52])
    their_regs, their_eip, their_flags, error, data = theirs
    if case.writable and kind == 2:
        return "", True
    their_kind = 0 if error == 0 else 2 if error in MEMORY or error == UC_ERR_EXCEPTION else 3 if error == UC_ERR_INSN_INVALID else 6
    if kind in (1, 4):
        kind = 0
    if case.branches and error in (UC_ERR_FETCH_UNMAPPED, UC_ERR_FETCH_PROT):
        # It looks at the target at once.
        their_kind = 0
    if error == 0 and kind in (2, 6):
        # It stops at a division error and at #GP without a word; EIP tells.
        their_kind = kind if their_eip < case.pc + len(case.code) else 0
    if case.null and kind == 2:
        # It goes to memory through a null selector as if it were flat.
        return "", True
    problems = []
    rep = case.code[their_eip - case.pc:their_eip - case.pc + 1] in (b"\xf2", b"\xf3")
    if kind != their_kind:
        problems.append(f"exit {kind} not {their_kind} (error {error})")
    for name, a, b in zip("eax ecx edx ebx esp ebp esi edi".split(), regs, their_regs):
        if a != b:
            problems.append(f"{name} {a:x} not {b:x}")
    if eip != their_eip:
        problems.append(f"eip {eip:x} not {their_eip:x}")
    mask = (STATUS | DF) & ~(case.undefined if kind == 0 else 0)
    if (flags ^ their_flags) & mask:
        problems.append(f"flags {flags & 0xFFF:x} not {their_flags & 0xFFF:x}")
    # A store across the page's end is done in parts there, which only a repeated instruction shows.
    if crc != zlib.crc32(data) and not (their_kind == 2 and rep):
        problems.append("memory")
    return "; ".join(problems), their_kind != 0


if __name__ == "__main__":
    main()
