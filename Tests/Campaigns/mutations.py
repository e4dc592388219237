"""Shows that the tests catch small mistakes: applies those of mutations.toml, one at a time, and names who noticed.

    python3 Tests/Campaigns/mutations.py [--only WORDS] [--all] [--keep]

The tree is copied to .build/mutants, where each mistake stands beside the right text behind a switch that the variable
EDVIZ_MUTANT throws when the program starts. So the tests are built once, and run once without a mistake (they must be
green) and then with each, suite by suite until one notices (with `--all`, all suites). A mistake whose text is not found
is an error. Exits with 1 if a mistake is not caught.
"""

import argparse
import pathlib
import shutil
import subprocess
import sys
import tomllib

import bundle as bundles

ROOT = bundles.ROOT
COPY = ROOT / ".build" / "mutants" / "edviz"
SCRATCH = ROOT / ".build" / "mutants" / "build"
# From tests of operators to tests of whole networks.
STAGES = [r"^TensorsTests\.", r"^NetworksTests\.", r"^(ONNXTests|TrainingTests)\.", "GoldenTrainTests"]

SWIFT_SWITCH = """
import func Glibc.atoi
import func Glibc.getenv

private let mutant = getenv("EDVIZ_MUTANT").map { atoi($0) } ?? 0
"""
C_SWITCH = """#ifndef EDVIZ_MUTANT_SWITCH
#define EDVIZ_MUTANT_SWITCH
#include <stdlib.h>
// A variable, because loops that call something are not vectorised.
static int mutant;
static __attribute__((constructor)) void edviz_read_mutant(void) {
  const char *asked = getenv("EDVIZ_MUTANT");
  mutant = asked ? atoi(asked) : 0;
}
#endif
"""


def place(text, mutation):
    """Where the mistake goes, from and to; exits if that is not clear."""
    def only(needle, start, end):
        if text.count(needle, start, end) != 1:
            raise SystemExit(
                f"{mutation['name']}: {mutation['file']} has its text {text.count(needle, start, end)} times: {needle}")
        return text.index(needle, start, end)

    within = mutation.get("within", "").strip("\n") or text
    start = only(within, 0, len(text))
    at = only(mutation["old"], start, start + len(within))
    return at, at + len(mutation["old"])


def mutated(path, numbered):
    """A file's text with switches for its mistakes."""
    text = path.read_text()
    parts = sorted((place(text, mutation), number, mutation) for number, mutation in numbered)
    result, end = "", 0
    for (begin, stop), number, mutation in parts:
        if begin < end:
            raise SystemExit(f"{mutation['name']}: overlaps another mistake in {mutation['file']}")
        result += text[end:begin] + f"(mutant == {number} ? ({mutation['new']}) : ({mutation['old']}))"
        end = stop
    result += text[end:]
    return result + SWIFT_SWITCH if path.suffix == ".swift" else C_SWITCH + result


def write(path, data):
    """Leaves what is the same as it is, so that it is not built again."""
    if not path.exists() or path.read_bytes() != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def copy_tree(mutations):
    files = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "Package.swift", "Package.resolved",
         "Sources", "Tests", "Examples", "README.md"], cwd=ROOT, capture_output=True, check=True, text=True)
    # SwiftPM's record of versions is not in git; with it the copy needs no network.
    if (ROOT / "Package.resolved").exists():
        write(COPY / "Package.resolved", (ROOT / "Package.resolved").read_bytes())
    names = [name for name in files.stdout.split("\0") if name and (ROOT / name).is_file()]
    by_file = {}
    for number, mutation in enumerate(mutations, start=1):
        by_file.setdefault(mutation["file"], []).append((number, mutation))
    unknown = by_file.keys() - set(names)
    if unknown:
        raise SystemExit(f"no such file: {', '.join(sorted(unknown))}")
    for name in names:
        data = mutated(ROOT / name, by_file[name]).encode() if name in by_file else (ROOT / name).read_bytes()
        write(COPY / name, data)
    for path in list(COPY.rglob("*")):
        if path.is_file() and str(path.relative_to(COPY)) not in names and path.name != "Package.resolved":
            path.unlink()


def build():
    command = ["swift", "build", "-c", "release", "-Xswiftc", "-enable-testing", "--scratch-path", SCRATCH, "--build-tests"]
    if subprocess.run(command, cwd=COPY).returncode != 0:
        raise SystemExit("the mutants do not build")
    return sorted(SCRATCH.glob("*/release/*PackageTests.xctest"))[0]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--only", help="mistakes whose names have these words")
    arguments.add_argument("--all", action="store_true", help="runs all suites with each mistake")
    arguments.add_argument("--keep", action="store_true", help="keeps the copy, which the next run builds on")
    arguments.add_argument("--skip-build", action="store_true", help="takes the copy as it was built")
    arguments = arguments.parse_args()
    mutations = tomllib.loads((pathlib.Path(__file__).parent / "mutations.toml").read_text())["mutation"]
    if arguments.skip_build:
        bundle = sorted(SCRATCH.glob("*/release/*PackageTests.xctest"))[0]
    else:
        copy_tree(mutations)
        bundle = build()

    for stage in STAGES:
        sound = bundles.run(bundle, stage, {"EDVIZ_MUTANT": None})
        if not sound.is_green:
            raise SystemExit(f"without a mistake {', '.join(sound.failures) or stage} fails\n{sound.output[-2000:]}")
        print(f"without a mistake, `{stage}`: {len(sound.passed)} tests pass, {len(sound.skipped)} are skipped")
    print()
    print("| mistake | tests that fail | first of them |\n| --- | ---: | --- |")
    survivors = []
    for number, mutation in enumerate(mutations, start=1):
        if arguments.only and arguments.only not in mutation["name"]:
            continue
        caught = []
        for stage in STAGES:
            outcome = bundles.run(bundle, stage, {"EDVIZ_MUTANT": str(number)}, seconds=600)
            caught += sorted(outcome.failures)
            if not outcome.failures and outcome.status not in (0, 1):
                caught.append(f"`{stage}` ended with status {outcome.status}")
            if caught and not arguments.all:
                break
        if not caught:
            survivors.append(mutation["name"])
        print(f"| {mutation['name']} | {len(caught)} | {', '.join(caught[:4]) or '**none**'} |", flush=True)
    if not arguments.keep:
        shutil.rmtree(ROOT / ".build" / "mutants")
    if survivors:
        print(f"\nnot caught: {', '.join(survivors)}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
