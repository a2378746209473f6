"""Kinds of option values: each reads a word, or says what was expected instead."""

import argparse
import math
import re


def count(text: str) -> int:
    """Read a whole number of at least 1."""
    value = natural(text)
    if value == 0:
        raise argparse.ArgumentTypeError("0 came: write a whole number of at least 1")
    return value


def natural(text: str) -> int:
    """Read a whole number of at least 0."""
    if not re.fullmatch(r"\+?\d{1,18}", text.strip()):
        raise argparse.ArgumentTypeError(f"{text!r} came: write a whole number, not negative")
    return int(text)


def seed(text: str) -> int:
    """Read a seed as PyTorch takes it."""
    if not re.fullmatch(r"[-+]?\d{1,20}", text) or not -(2**63) <= int(text) < 2**64:
        raise argparse.ArgumentTypeError(f"{text!r} came: write a whole number of 64 bits")
    return int(text)


def positive(text: str) -> float:
    """Read a finite number above 0."""
    value = not_negative(text)
    if value == 0:
        raise argparse.ArgumentTypeError(f"{text} came: write a number above 0")
    return value


def not_negative(text: str) -> float:
    """Read a finite number of at least 0."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} came: write a finite number, not negative")
    return value


def fraction(text: str) -> float:
    """Read a number in [0, 1)."""
    value = not_negative(text)
    if value >= 1:
        raise argparse.ArgumentTypeError(f"{text} came: write a number of at least 0, below 1")
    return value


def name(text: str) -> str:
    """Read a folder's name that cannot lead out of its parent."""
    if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.+=-]{0,99}", text):
        raise argparse.ArgumentTypeError(
            f"{text!r} came: write letters, digits, '_', '-', '.', '+', '=', up to 100 of them"
        )
    return text
