"""Says in one line, of what `scripts/test` has printed, how many tests passed and how many were skipped, and why.

    scripts/test | tee log; python3 Tests/Campaigns/skipped.py log
"""

import collections
import pathlib
import re
import sys


def summary(text):
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    total = re.findall(r"Test run with (\d+) tests? in \d+ suites? passed", text)
    if not total:
        raise SystemExit("no test run passed")
    skipped = re.findall(r"^\S+ +Test .*? skipped(?:: \"(.*)\")?\.?$", text, re.MULTILINE)
    reasons = collections.Counter(reason or "no reason given" for reason in skipped)
    ran = sum(map(int, total)) - len(skipped)
    why = "; ".join(f"{count}: {reason}" for reason, count in reasons.most_common())
    return f"passed: {ran} tests; skipped: {len(skipped)}" + (f" ({why})" if why else "")


if __name__ == "__main__":
    print(summary(pathlib.Path(sys.argv[1]).read_text(errors="replace")))
