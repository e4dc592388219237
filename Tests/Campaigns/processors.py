"""Runs the numeric tests as other processors and machines would: every combination of

    OPENBLAS_CORETYPE    kernels of OpenBLAS           unset, Prescott, Haswell, Zen, SkylakeX, Cooperlake
    EDVIZ_CPU            loops of edviz                unset, portable, avx2, avx512
    OMP_NUM_THREADS      threads                       1, 2

with ONEDNN_MAX_CPU_ISA unset, AVX2, AVX512_CORE, SSE41 and AVX in turns, so that each of them meets each of the others: first all
suites in one process, then each suite alone in some of the combinations.

    scripts/test --filter nothing
    python3 Tests/Campaigns/processors.py [--filter REGEX] [--quick]

`--quick` takes six combinations, in which every value occurs. A processor that lacks instructions runs what it has, which
is said. Exits with 1 if any test fails.
"""

import argparse
import itertools
import re
import subprocess
import sys

import bundle as bundles

CORES = [None, "Prescott", "Haswell", "Zen", "SkylakeX", "Cooperlake"]
LEVELS = [None, "portable", "avx2", "avx512"]
ISAS = [None, "AVX2", "AVX512_CORE", "SSE41", "AVX"]
THREADS = ["1", "2"]
SUITES = ["TensorsTests", "NetworksTests", "EDNetsTests", "TrainingTests", "AttentionTests", "ONNXTests", "EDVizTests"]

def combinations(quick):
    if quick:
        return [(core, LEVELS[i % 4], ISAS[i % 5], THREADS[i % 2]) for i, core in enumerate(CORES)]
    return [
        (core, level, ISAS[(i + j + 3 * k) % 5], threads)
        for (i, core), (j, level), (k, threads) in itertools.product(
            enumerate(CORES), enumerate(LEVELS), enumerate(THREADS))]


def core_taken(core):
    """What OpenBLAS says that it computes with."""
    code = ("import ctypes; b = ctypes.CDLL('libopenblas.so.0'); b.openblas_get_corename.restype = ctypes.c_char_p; "
            "print(b.openblas_get_corename().decode())")
    words = ["env"] + (["-u", "OPENBLAS_CORETYPE"] if core is None else [f"OPENBLAS_CORETYPE={core}"])
    done = subprocess.run(words + [sys.executable, "-c", code], capture_output=True, text=True)
    return done.stdout.strip() or "unknown"


def supported(flags):
    known = {"portable": set(), "avx2": {"avx2", "fma"}, "avx512": {"avx512f", "avx512bw", "avx512vl", "avx512dq"}}
    return [level for level in LEVELS if level is None or known[level] <= flags]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--filter", default=None, help="a regular expression; all numeric suites without")
    arguments.add_argument("--quick", action="store_true")
    arguments = arguments.parse_args()
    bundle = bundles.find()
    with open("/proc/cpuinfo") as file:
        flags = set(re.search(r"flags\s*:(.*)", file.read()).group(1).split())
    left_out = [level for level in LEVELS if level not in supported(flags)]
    if left_out:
        print(f"this processor has no {', '.join(left_out)}: left out\n")
    whole = arguments.filter or "^(" + "|".join(SUITES) + r")\."
    print("| OPENBLAS_CORETYPE (taken) | EDVIZ_CPU | ONEDNN_MAX_CPU_ISA | threads | tests | passed | skipped | failed | s |")
    print("| --- | --- | --- | ---: | --- | ---: | ---: | --- | ---: |")
    taken = {core: core_taken(core) for core in CORES}
    failed, runs = {}, 0

    def check(combination, title, pattern):
        nonlocal runs
        core, level, isa, threads = combination
        outcome = bundles.run(bundle, pattern, {
            "OPENBLAS_CORETYPE": core, "EDVIZ_CPU": level, "ONEDNN_MAX_CPU_ISA": isa, "OMP_NUM_THREADS": threads})
        runs += 1
        bad = list(outcome.failures) + sorted(outcome.unfinished)
        if not outcome.is_green and not bad:
            bad = [f"exit status {outcome.status}, {len(outcome.passed)} tests"]
        for test in bad:
            failed.setdefault(test, []).append((combination, outcome.failures.get(test, outcome.output[-300:])))
        words = [f"{core or 'unset'} ({taken[core]})", level or "unset", isa or "unset", threads, title]
        print("|", " | ".join(words), "|", f"{len(outcome.passed)} | {len(outcome.skipped)} |",
              ", ".join(bad) or "none", f"| {outcome.seconds:.1f} |", flush=True)

    chosen = [c for c in combinations(arguments.quick) if c[1] not in left_out]
    for combination in chosen:
        check(combination, "whole", whole)
    suites = [arguments.filter] if arguments.filter else [rf"^{suite}\." for suite in SUITES] + ["Golden"]
    for index, (combination, suite) in enumerate(
            (chosen[(5 * i) % len(chosen)], suites[i % len(suites)]) for i in range(len(suites) * (1 if arguments.quick else 3))):
        check(combination, f"`{suite}` alone", suite)
    print(f"\n{runs} runs; tests that failed somewhere: {len(failed)}")
    for test, places in failed.items():
        print(f"\n{test}: in {len(places)} runs")
        for combination, text in places[:3]:
            print(f"    {combination}: {text[:400]}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
