"""What the commands of this folder have in common: words, numbers, tables, and how they end."""

import argparse
import contextlib
import re
import signal
import sys

from machine import Trouble


def say(*words):
    print(*words, file=sys.stderr, flush=True)


class Attempts:
    """Goes on with the next thing where one fails, says so, and counts."""

    def __init__(self, command):
        self.command = command
        self.failures = 0

    @contextlib.contextmanager
    def __call__(self, what):
        say(f"# {what}")
        try:
            yield
        except Trouble as e:
            self.failures += 1
            say(f"{self.command}: {what}: {e}")


# ---- Arguments ---------------------------------------------------------------------------------------


def positive(text):
    if seconds_or_none(text) == 0:
        raise argparse.ArgumentTypeError(f"{text} (expected: more than 0)")
    return float(text)


def seconds_or_none(text):
    if not re.fullmatch(r"\d{1,6}(\.\d*)?", text):
        raise argparse.ArgumentTypeError(f"{text} (expected: a number like 5 or 0.5)")
    return float(text)


def count(text):
    if not re.fullmatch(r"[1-9]\d{0,6}", text):
        raise argparse.ArgumentTypeError(f"{text} (expected: a whole number from 1 on)")
    return int(text)


def names_of(known):
    """Reads names with commas in between, each of which is known."""
    def read(text):
        names = text.split(",")
        for name in names:
            if name not in known:
                raise argparse.ArgumentTypeError(f"{name} (expected: {', '.join(known)})")
        return names
    return read


# ---- Tables: columns are key, heading and form -------------------------------------------------------


def cell(row, key, form):
    value = row.get(key)
    return "-" if value is None else form.format(value)


def lines_of(columns, rows):
    return [[heading for _, heading, _ in columns],
            *([cell(row, key, form) for key, _, form in columns] for row in rows)]


def table(columns, rows, words):
    """Aligned; the columns of the keys that are words to the left."""
    lines = lines_of(columns, rows)
    widths = [max(len(line[i]) for line in lines) for i in range(len(columns))]
    return "\n".join(
        "  ".join(word.ljust(width) if key in words else word.rjust(width)
                  for word, width, (key, _, _) in zip(line, widths, columns)).rstrip()
        for line in lines)


def markdown(columns, rows):
    """The same for a README."""
    head, *rest = lines_of(columns, rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, ["---"] * len(columns), *rest])


# ---- The end -----------------------------------------------------------------------------------------


def main(command, arguments, run):
    """Runs with what the arguments say, and gives the exit status; a signal ends it in order."""
    given = arguments()
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    try:
        return run(*given)
    except Trouble as e:
        say(f"{command}: {e}")
        return 2
