#!/usr/bin/env python3
"""Writes table.tsv: functions of doubles, rounded correctly from 300 bits. Needs mpmath; the same bytes on every run."""
import random
import struct
import sys

import mpmath
from mpmath import mp, mpf

mp.prec = 300
RANDOM = random.Random(20240229)
PER_FUNCTION = 400


def bits(x):
    return struct.unpack("<Q", struct.pack("<d", x))[0]


def rounded(value):
    """The nearest double, ties to even, subnormal numbers and infinity included."""
    if value == 0:
        return 0.0
    sign, man, exp, bc = mpf(value)._mpf_
    exponent = max(exp + bc - 53, -1074)
    shift = exponent - exp
    if shift > 0:
        whole, rest = man >> shift, man & ((1 << shift) - 1)
        half = 1 << (shift - 1)
        whole += rest > half or (rest == half and whole & 1)
    else:
        whole = man << -shift
    try:
        result = float(whole) * 2.0**exponent if exponent > -1000 else float(whole) * 2.0**-500 * 2.0 ** (exponent + 500)
    except OverflowError:
        result = float("inf")
    return -result if sign else result


def uniform(low, high):
    return lambda: RANDOM.uniform(low, high)


def spread(low, high, signed=True):
    """Numbers whose powers of two are spread evenly."""
    def make():
        x = RANDOM.uniform(1, 2) * 2.0 ** RANDOM.randint(low, high)
        return -x if signed and RANDOM.random() < 0.5 else x
    return make


def either(*makers):
    return lambda: RANDOM.choice(makers)()


ONE = {
    "acos": (mpmath.acos, either(uniform(-1, 1), spread(-60, -1))),
    "asin": (mpmath.asin, either(uniform(-1, 1), spread(-60, -1))),
    "atan": (mpmath.atan, either(uniform(-4, 4), spread(-60, 70))),
    "cos": (mpmath.cos, either(uniform(-10, 10), spread(-30, 30), spread(30, 1020))),
    "sin": (mpmath.sin, either(uniform(-10, 10), spread(-60, 30), spread(30, 1020))),
    "tan": (mpmath.tan, either(uniform(-10, 10), spread(-60, 30), spread(30, 1020))),
    "cosh": (mpmath.cosh, either(uniform(-5, 5), uniform(-700, 700), spread(-30, 8))),
    "sinh": (mpmath.sinh, either(uniform(-5, 5), uniform(-700, 700), spread(-60, 8))),
    "tanh": (mpmath.tanh, either(uniform(-3, 3), uniform(-22, 22), spread(-60, 5))),
    "exp": (mpmath.exp, either(uniform(-5, 5), uniform(-700, 700), spread(-60, 8))),
    "log": (mpmath.log, either(uniform(0.5, 2), spread(-1000, 1000, False))),
    "log10": (mpmath.log10, either(uniform(0.5, 2), spread(-1000, 1000, False))),
    "sqrt": (mpmath.sqrt, spread(-1000, 1000, False)),
}
TWO = {
    "atan2": (mpmath.atan2, spread(-40, 40), spread(-40, 40)),
    "fmod": (lambda x, y: mpmath.sign(x) * mpmath.fmod(abs(x), abs(y)), spread(-20, 60), spread(-20, 20)),
    "hypot": (mpmath.hypot, spread(-40, 40), spread(-40, 40)),
    "pow": (mpmath.power, either(spread(-20, 20, False), uniform(0.5, 2)), either(uniform(-40, 40), uniform(-3, 3))),
}


def main(out):
    out.write("# Function, arguments, the correctly rounded result: the bits of doubles. Written by table.py.\n")
    for name, (function, argument) in ONE.items():
        for _ in range(PER_FUNCTION):
            x = argument()
            mp.prec = 300 + (1100 if abs(x) > 1e9 else 0)
            out.write(f"{name}\t{bits(x):016x}\t\t{bits(rounded(function(mpf(x)))):016x}\n")
    for name, (function, first, second) in TWO.items():
        for _ in range(PER_FUNCTION):
            x, y = first(), second()
            mp.prec = 300
            out.write(f"{name}\t{bits(x):016x}\t{bits(y):016x}\t{bits(rounded(function(mpf(x), mpf(y)))):016x}\n")


if __name__ == "__main__":
    main(sys.stdout)
