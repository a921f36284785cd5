#!/usr/bin/env python3
"""Compares the ARM interpreter with the Unicorn engine on random instructions. See README.md beside this."""
import argparse
import random
import struct
import subprocess
import sys
import zlib
from collections import Counter

from unicorn import Uc, UcError, UC_ARCH_ARM, UC_MODE_ARM, UC_PROT_EXEC, UC_PROT_READ, UC_PROT_WRITE
from unicorn import (UC_ERR_READ_UNMAPPED, UC_ERR_WRITE_UNMAPPED, UC_ERR_FETCH_UNMAPPED, UC_ERR_INSN_INVALID,
                     UC_ERR_EXCEPTION, UC_ERR_FETCH_PROT, UC_ERR_WRITE_PROT, UC_HOOK_INTR)
from unicorn import arm_const as arm

CODE, CODE_BYTES, DATA, DATA_BYTES = 0x10000, 0x10000, 0x30000, 0x2000
FRESH_CODE = bytes(((at * 0x9E3779B1) & 0xFFFFFFFF) >> 24 for at in range(CODE_BYTES))
FRESH = FRESH_CODE[:DATA_BYTES]
FINE, FAULT, MISALIGNED, UNDEFINED, BREAKPOINT, SVC = range(6)
KINDS = ["fine", "fault", "misaligned", "undefined", "breakpoint", "svc"]
FLAGS = 0xF8000000
REGISTERS = [arm.UC_ARM_REG_R0 + n for n in range(13)] + [arm.UC_ARM_REG_SP, arm.UC_ARM_REG_LR, arm.UC_ARM_REG_PC]
INTERESTING = [0, 1, 2, 3, 4, 8, 31, 32, 33, 63, 64, 127, 128, 255, 256, 0x7FFF, 0x8000, 0xFFFF, 0x10000,
               0x7FFFFFFF, 0x80000000, 0x80000001, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFF8000, 0x7FFF7FFF, 0x80008000]


# --- cases ------------------------------------------------------------------------------------------------------------

def bits(word, high, low):
    return word >> low & ((1 << (high - low + 1)) - 1)


# Classes of A32 instructions: fixed bits (with the condition left open) and their mask.
A32_CLASSES = {
    "data immediate": (0x02000000, 0x0E000000),
    "data shifted": (0x00000000, 0x0E000010),
    "data by register": (0x00000010, 0x0E000090),
    "multiply": (0x00000090, 0x0FC000F0),
    "multiply long": (0x00800090, 0x0F8000F0),
    "half multiply": (0x01000080, 0x0F900090),
    "saturate": (0x01000050, 0x0F900FF0),
    "clz": (0x016F0F10, 0x0FFF0FF0),
    "swap": (0x01000090, 0x0FB00FF0),
    "transfer immediate": (0x04000000, 0x0E000000),
    "transfer register": (0x06000000, 0x0E000010),
    "half transfer register": (0x00000090, 0x0E400F90),
    "half transfer immediate": (0x00400090, 0x0E400090),
    "multiple": (0x08000000, 0x0E400000),
    "branch": (0x0A000000, 0x0E000000),
    "branch register": (0x012FFF10, 0x0FFFFFD0),
    "mrs": (0x010F0000, 0x0FFF0FFF),
    "msr": (0x0128F000, 0x0FFFFFF0),
    "msr immediate": (0x0328F000, 0x0FFFF000),
    "anything": (0, 0),
}


def a32_word(rng, name):
    value, mask = A32_CLASSES[name]
    word = rng.getrandbits(32) & ~mask | value
    condition = 14 if rng.random() < 0.6 else rng.randrange(15)
    if name == "anything" and rng.random() < 0.1:
        condition = 15
    word = word & 0x0FFFFFFF | condition << 28
    if name.startswith("transfer imm") and rng.random() < 0.8:
        word &= ~0xE00  # most offsets stay on the data pages
    if name == "transfer register" and rng.random() < 0.5:
        word &= ~0xF80
    return word


def a32_unpredictable(word):
    """Whether the architecture leaves the instruction's behaviour open, so that engines may differ (ARM ARM, v5TE)."""
    if word >> 28 == 15:
        # PLD's fields that should be one; BLX immediate is always defined.
        return bits(word, 27, 25) != 5 and not (word & 0xFD70F000 == 0xF550F000 and (not word >> 25 & 1 or bits(word, 3, 0) != 15))
    rn, rd, rs, rm = bits(word, 19, 16), bits(word, 15, 12), bits(word, 11, 8), bits(word, 3, 0)
    p, w, load = word >> 24 & 1, word >> 21 & 1, word >> 20 & 1
    group, low = bits(word, 27, 25), bits(word, 7, 4)
    if group == 0 and low & 9 == 9:
        if low == 9:
            op = bits(word, 24, 20)
            if op < 4:
                return 15 in (rd if op >= 2 else 0, rn, rs, rm) or (op < 2 and rd != 0)
            if op < 8:  # UMAAL, MLS: later architectures
                return False
            if op < 16:
                return 15 in (rn, rd, rs, rm) or rn == rd
            if op & 0xB == 0:
                return 15 in (rn, rd, rm) or rn in (rd, rm) or rs != 0
            return False
        register = not word >> 22 & 1
        double = not load and low in (13, 15)
        writes = not p or w
        open_ = rd == 15 or (not p and w) or (register and (rm == 15 or rs != 0)) or (writes and rn == 15)
        open_ |= writes and rn == rd
        if double:
            open_ |= rd == 14 or rd & 1 or (writes and rn == rd + 1) or (register and rm in (rd, rd + 1) and low == 13)
        return bool(open_ or (register and writes and rm == rn))
    if group in (0, 1) and bits(word, 24, 23) == 2 and not load:
        if group == 1:
            return bool(w) and (rd != 15 or word >> 22 & 1 or not bits(word, 19, 16) or bits(word, 18, 16) != 0)
        if low == 0:
            spsr = word >> 22 & 1
            if not w:
                return rd == 15 or spsr or rn != 15 or bits(word, 11, 0) != 0
            return bool(spsr or rd != 15 or rm == 15 or bits(word, 19, 16) != 8 or rs != 0)
        if low == 1 and bits(word, 22, 21) == 1:
            return bits(word, 19, 8) != 0xFFF
        if low == 1 and bits(word, 22, 21) == 3:
            return 15 in (rd, rm) or rn != 15 or rs != 15
        if low == 2:
            return True  # BXJ is of v5TEJ
        if low == 3 and bits(word, 22, 21) == 1:
            return rm == 15 or bits(word, 19, 8) != 0xFFF
        if low == 5:
            return 15 in (rn, rd, rm) or rs != 0
        if low == 7:
            return bits(word, 22, 21) == 1 and word >> 28 != 14 or bits(word, 22, 21) == 3
        if low & 9 == 8:
            op = bits(word, 22, 21)
            if op == 0 or (op == 1 and not low & 2) or op == 2:
                return 15 in (rn, rd, rs, rm) or (op == 2 and rn == rd)
            return 15 in (rn, rs, rm) or rd != 0
        return False
    if group in (0, 1):
        op, s = bits(word, 24, 21), load
        if s and rd == 15:
            return True
        if group == 0 and low & 1 and 15 in (rs, rm, rn, rd):
            return True
        if op in (13, 15) and rn != 0:
            return True
        return 8 <= op < 12 and rd != 0
    if group in (2, 3):
        writes = not p or w
        register = group == 3
        open_ = writes and (rn == 15 or rn == rd) or (register and (rm == 15 or (writes and rm == rn)))
        open_ |= word >> 22 & 1 and rd == 15
        open_ |= (not p and w) and rd == 15
        open_ |= rd == 15 and not load
        return bool(open_)
    if group == 4:
        count = bin(word & 0xFFFF).count("1")
        in_list = w and word >> rn & 1
        lowest = in_list and word & ((1 << rn) - 1) == 0
        open_ = not count or rn == 15 or word >> 22 & 1 or (in_list and (load or not lowest))
        return bool(open_ or (not load and word >> 15 & 1))
    return False


def t16_unpredictable(half):
    if half >> 10 == 0x11:  # high registers
        op, rd, rm = half >> 8 & 3, half >> 4 & 8 | half & 7, half >> 3 & 15
        if op == 3:
            return bool(half & 7) or (half >> 7 & 1 and rm == 15) or rm == 15
        return (op == 1 and (15 in (rd, rm))) or (rd < 8 and rm < 8)
    if half >> 12 == 0xC:
        rn = half >> 8 & 7
        in_list = half >> rn & 1
        if not half & 0xFF:
            return True
        return bool(not half >> 11 & 1 and in_list and half & ((1 << rn) - 1))
    if half & 0xF600 == 0xB400:
        return not half & 0x1FF
    return False


def t16_later(half):
    """Undefined in ARMv5TE but carried out by the reference: CBZ, CBNZ, IT, hints, an odd BLX."""
    return half & 0xF500 == 0xB100 or half >> 8 == 0xBF or half & 0xF801 == 0xE801


def random_register(rng):
    kind = rng.random()
    if kind < 0.45:
        near = DATA + DATA_BYTES // 2 + rng.randrange(-64, 64) * 8
        return near if rng.random() < 0.85 else near + rng.randrange(8)
    if kind < 0.5:
        return DATA + rng.choice([0, 4, 8, 64, DATA_BYTES - 4, DATA_BYTES - 8, DATA_BYTES - 32, DATA_BYTES, -4])
    if kind < 0.7:
        return rng.choice(INTERESTING)
    if kind < 0.8:
        return rng.randrange(-64, 64) * 4 & 0xFFFFFFFF
    return rng.getrandbits(32)


def make_case(rng, codes, thumb, count):
    size = 2 if thumb else 4
    pc = CODE + rng.randrange(64, CODE_BYTES - 0x440) // size * size
    flags = rng.getrandbits(5) << 27
    registers = [random_register(rng) for _ in range(15)]
    code = b"".join(struct.pack("<H" if thumb else "<I", word) for word in codes).ljust(32, b"\0")
    return (pc, flags | 0x10 | (0x20 if thumb else 0), count, registers, code, codes)


def a32_single(rng, number):
    names = list(A32_CLASSES)
    return make_case(rng, [a32_word(rng, names[number % len(names)])], False, 1)


def t16_single(rng, number):
    half = number & 0xFFFF
    case = make_case(rng, [half], True, 1)
    if half >> 11 == 0x1E:
        # The reference takes the first half of a call on its own only at the end of its pages.
        case = (case[0] | 0x3FE, *case[1:])
    return case


def a32_sequence(rng, _):
    """Eight defined instructions; what is behind a branch is data."""
    names, codes = [name for name in A32_CLASSES if name not in ("anything", "branch", "branch register")], []
    while len(codes) < 8:
        word = a32_word(rng, rng.choice(names))
        is_transfer = bits(word, 27, 26) == 1 or bits(word, 27, 25) == 4
        if is_transfer and rng.random() < 0.6:
            continue  # most of them fault, and end the sequence
        if not a32_unpredictable(word) and not writes_pc(word):
            codes.append(word)
    return make_case(rng, codes, False, 8)


def writes_pc(word):
    group = bits(word, 27, 25)
    return (group in (0, 1, 2, 3) and bits(word, 15, 12) == 15) or (group == 4 and word >> 15 & 1)


def t16_sequence(rng, _):
    codes = []
    while len(codes) < 8:
        half = rng.getrandbits(16)
        if half >> 12 in (5, 6, 7, 8, 12) and rng.random() < 0.8:
            continue  # transfers: most of them fault, and end the sequence
        branch = half >> 13 >= 6 and half >> 12 != 0xC or half & 0xFF00 in (0xBD00, 0x4700)
        to_pc = half >> 10 == 0x11 and half & 0x87 == 0x87
        if not branch and not to_pc and not t16_unpredictable(half):
            codes.append(half)
    return make_case(rng, codes, True, 8)


def t16_call(rng, _):
    """Both halves of BL or BLX."""
    return make_case(rng, [0xF000 | rng.getrandbits(11), rng.choice([0xF800, 0xE800]) | rng.getrandbits(10) << 1], True, 2)


SUITES = {"a32": a32_single, "t16": t16_single, "a32-sequence": a32_sequence, "t16-sequence": t16_sequence, "t16-call": t16_call}


# --- the two engines --------------------------------------------------------------------------------------------------

class Reference:
    def __init__(self):
        self.uc = Uc(UC_ARCH_ARM, UC_MODE_ARM)
        self.uc.ctl_set_cpu_model(arm.UC_CPU_ARM_926)
        self.uc.mem_map(CODE, CODE_BYTES, UC_PROT_READ | UC_PROT_EXEC)
        self.uc.mem_map(DATA, DATA_BYTES, UC_PROT_READ | UC_PROT_WRITE)
        self.uc.mem_write(CODE, FRESH_CODE)
        self.uc.hook_add(UC_HOOK_INTR, self.on_interrupt)
        self.interrupt = None

    def on_interrupt(self, uc, number, _):
        self.interrupt = number
        uc.emu_stop()

    def run(self, case):
        pc, cpsr, count, registers, code, codes = case
        if len(codes) == 2 and (pc + 2) % 1024:
            count = 1  # the reference takes both halves of a Thumb call as one instruction, but where its pages end
        uc = self.uc
        uc.mem_write(pc, code)
        uc.ctl_remove_cache(pc, pc + 32)
        uc.mem_write(DATA, FRESH)
        uc.reg_write(arm.UC_ARM_REG_CPSR, cpsr)
        for name, value in zip(REGISTERS, registers):
            uc.reg_write(name, value)
        self.interrupt, kind = None, FINE
        try:
            uc.emu_start(pc | (cpsr >> 5 & 1), 0xFFFFFFFF, 0, count)
        except UcError as error:
            kind = {UC_ERR_READ_UNMAPPED: FAULT, UC_ERR_WRITE_UNMAPPED: FAULT, UC_ERR_WRITE_PROT: FAULT,
                    UC_ERR_FETCH_UNMAPPED: FINE,
                    UC_ERR_FETCH_PROT: FINE, UC_ERR_INSN_INVALID: UNDEFINED, UC_ERR_EXCEPTION: UNDEFINED}.get(error.errno, 100 + error.errno)
        if self.interrupt is not None:
            kind = {1: UNDEFINED, 2: SVC, 7: BREAKPOINT}.get(self.interrupt, 200 + self.interrupt)
        uc.mem_write(pc, FRESH_CODE[pc - CODE:pc - CODE + 32])
        values = [uc.reg_read(name) & 0xFFFFFFFF for name in REGISTERS]
        return kind, values, uc.reg_read(arm.UC_ARM_REG_CPSR), zlib.crc32(uc.mem_read(DATA, DATA_BYTES))


def run_ours(binary, cases):
    packed = b"".join(struct.pack("<18I", pc, cpsr, count, *registers) + code for pc, cpsr, count, registers, code, _ in cases)
    out = subprocess.run([binary], input=packed, stdout=subprocess.PIPE, check=True).stdout
    assert len(out) == 80 * len(cases), "the interpreter's program ended early"
    return [struct.unpack_from("<20I", out, 80 * n) for n in range(len(cases))]


# --- comparison -------------------------------------------------------------------------------------------------------

def differences(case, theirs, ours):
    """What differs, as text; None if nothing does."""
    kind, values, cpsr, crc = theirs
    if KINDS[ours[0]] != (KINDS[kind] if kind < 6 else kind):
        return f"ended {KINDS[ours[0]]}, reference {KINDS[kind] if kind < 6 else kind}"
    if kind not in (FINE, SVC):
        return None  # the reference's state after a fault is not exact: see `before_the_stop`
    mine = list(ours[2:18])
    if kind == SVC:
        mine[15] = values[15] = 0
    return state_differences(mine, values, ours[18], cpsr, ours[19], crc)


def before_the_stop(case, reference, ours):
    """What differs between our state where we stopped and the reference's after as many instructions as we retired."""
    pc, cpsr, count, registers, code, codes = case
    retired = count - ours[1]
    if retired == 0:
        values, flags, crc = [*registers, pc], cpsr, zlib.crc32(FRESH)
    else:
        kind, values, flags, crc = reference.run((pc, cpsr, retired, registers, code, codes))
        if kind != FINE:
            return f"stopped after {retired}, where the reference is {kind}"
    return state_differences(ours[2:18], values, ours[18], flags, ours[19], crc)


def state_differences(mine, values, status, cpsr, memory, crc):
    text = []
    for n, (a, b) in enumerate(zip(mine, values)):
        if a != b:
            text.append(f"r{n} {a:08x} reference {b:08x}")
    if (status ^ cpsr) & (FLAGS | 0x20):
        text.append(f"cpsr {status:08x} reference {cpsr:08x}")
    if memory != crc:
        text.append("memory")
    return "; ".join(text) or None


def is_open(case):
    thumb = case[1] >> 5 & 1
    if len(case[5]) == 1 and case[5][0] >> 11 == 0x1F and case[3][14] & 1:
        return True  # the second half of a call alone, with an odd lr
    return any(t16_unpredictable(code) if thumb else a32_unpredictable(code) for code in case[5])


def excuse(case, theirs, ours):
    """Why a difference is none of ours; None if it is."""
    if ours[0] == MISALIGNED:
        return "misaligned, which the reference does not check"
    if is_open(case):
        return "unpredictable"
    if case[1] >> 5 & 1 and ours[0] == UNDEFINED and any(t16_later(code) for code in case[5]):
        return "a later architecture's"
    if ours[0] == theirs[0] == FINE and not ours[18] & 0x20 and (ours[17] ^ theirs[1][15]) & ~3 == 0 and ours[17] & 3:
        return "branch to ARM code at a misaligned address"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary")
    parser.add_argument("--suite", choices=[*SUITES, "all"], default="all")
    parser.add_argument("--cases", type=int, default=10000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=20)
    arguments = parser.parse_args()
    reference, failed = Reference(), False
    for suite in SUITES if arguments.suite == "all" else [arguments.suite]:
        rng = random.Random(f"{suite} {arguments.seed}")
        tally, shown, compared, retired = Counter(), 0, 0, 0
        ended = Counter()
        for start in range(0, arguments.cases, 20000):
            cases = [SUITES[suite](rng, n) for n in range(start, min(start + 20000, arguments.cases))]
            for case, ours in zip(cases, run_ours(arguments.binary, cases)):
                theirs = reference.run(case)
                difference = differences(case, theirs, ours)
                why = None if difference is None else excuse(case, theirs, ours)
                if ours[0] not in (FINE, SVC):
                    stopped = before_the_stop(case, reference, ours)
                    if stopped is not None and not is_open(case):
                        why, difference = None, f"{KINDS[ours[0]]}: {stopped}"
                compared += 1
                retired += case[2] - ours[1]
                ended[KINDS[ours[0]]] += 1
                if difference is None:
                    tally["agree"] += 1
                    continue
                tally[why or "DIFFER"] += 1
                if why is None and shown < arguments.show:
                    shown += 1
                    codes = " ".join(f"{code:08x}" for code in case[5])
                    state = " ".join(f"{value:08x}" for value in case[3])
                    print(f"  {codes} at {case[0]:08x} cpsr {case[1]:08x}: {difference}\n    {state}")
        failed |= tally["DIFFER"] > 0
        print(f"{suite}: seed {arguments.seed}, {compared} cases, {retired} instructions: {dict(tally)}; ours ended {dict(ended)}", flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
