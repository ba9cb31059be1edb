"""Torture the endpoint and the build: ``python -m tests.torture [--minutes M] [--seed N] [--only SECTION] [--trials K]``.

Prints how often each section was tried and what broke. Every trial is derived from a seed; ``--only SECTION --seed N --trials 1``
repeats one.
"""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import AbstractContextManager
from typing import cast

from tests.torture.sections import SECTIONS, Section, Trial

SHOWN = 5


def run(section: Section, seconds: float, first: int, trials: int) -> tuple[int, list[tuple[int, str]], float]:
    """Return the number of trials, the failures by seed, and the seconds taken."""
    began, broken, count = time.monotonic(), [], 0
    with cast("AbstractContextManager[Trial]", section.open()) as trial:
        while count < trials and (count == 0 or time.monotonic() - began < seconds):
            wrong = trial(first + count)
            if wrong:
                broken.append((first + count, wrong))
            count += 1
    return count, broken, time.monotonic() - began


def main() -> int:
    """Run the sections; return 1 if anything broke."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=8.0, help="time for all sections together")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="the first seed (default: the time)")
    parser.add_argument("--only", choices=[section.name for section in SECTIONS], help="one section, which then has all the time")
    parser.add_argument("--trials", type=int, help="trials of each section, at most")
    options = parser.parse_args()
    chosen = [section for section in SECTIONS if options.only in (None, section.name)]
    together = sum(section.share for section in chosen)
    rows, failed = [], []
    for section in chosen:
        seconds = options.minutes * 60 * section.share / together
        most = options.trials or (section.most if options.only is None else sys.maxsize)
        count, broken, took = run(section, seconds, options.seed, most)
        rows.append(f"{section.name:<20} {count:>9,} {len(broken):>7,} {took:>8.0f} s")
        failed += [(section.name, *each) for each in broken]
    print(f"{'tried':<20} {'times':>9} {'broke':>7} {'took':>10}   (first seed {options.seed})", *rows, sep="\n")
    for name, seed, wrong in failed[:SHOWN]:
        print(f"\n{name}, --seed {seed}: {wrong}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
