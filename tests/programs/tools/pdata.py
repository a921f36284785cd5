#!/usr/bin/env python3
"""pdata.py - gives compiled functions for ARM the function table of Windows CE.

  pdata.py IN.s OUT.s
      IN.s is what clang writes with -S -funwind-tables: its directives .save, .setfp and .pad stand before
      the instructions of a prologue. OUT.s has none of them; instead each function has a line in .pdata: its
      address, and packed the lengths of its prologue and of the whole in instructions, and their width.

Needs only Python 3.
"""
import re
import sys

DROPPED = re.compile(r"\s*\.(fnstart|fnend|save|setfp|pad|cantunwind|personality|handlerdata)\b")
PROLOGUE = re.compile(r"\s*\.(save|setfp|pad)\b")
INSTRUCTION = re.compile(r"\s+[a-z]")


def table(lines):
    out, name, thumb, pending, number = [], None, False, False, 0
    for line in lines:
        kind = re.match(r"\s*\.type\s+([\w.$]+),%function", line)
        if kind:
            name, prologue = kind.group(1), None
        thumb = {".code\t16": True, ".code\t32": False}.get(line.strip(), thumb)
        if name and line.startswith(name + ":"):
            out += [line, ".Lbegin%d:" % number, ".Lprologue%d_0:" % number]
            steps = 0
            continue
        if PROLOGUE.match(line):
            pending = True
        if DROPPED.match(line):
            continue
        out.append(line)
        if pending and INSTRUCTION.match(line):
            pending, steps = False, steps + 1
            out.append(".Lprologue%d_%d:" % (number, steps))
        if name and re.match(r"\s*\.size\s+" + re.escape(name) + ",", line):
            unit = 2 if thumb else 4
            out += [".Lend%d:" % number,
                    '\t.section .pdata.%s,"ao",%%progbits,.text.%s' % (name, name),
                    "\t.long\t%s" % name,
                    "\t.long\t((.Lprologue%d_%d - .Lbegin%d) / %d) | ((.Lend%d - .Lbegin%d) / %d) << 8 | %d << 30"
                    % (number, steps, number, unit, number, number, unit, not thumb),
                    '\t.section .text.%s,"ax",%%progbits' % name]
            name, number = None, number + 1
    return out


source, target = sys.argv[1:]
open(target, "w").write("\n".join(table(open(source).read().split("\n"))))
