#!/usr/bin/env python3
"""Measures edviz beside busy threads: how it waits by itself against one thread, threads that always spin for each other and
threads that always sleep; and writes Benchmarks/BUSY.md.

    Benchmarks/busy.py                                   everything: half an hour or so
    Benchmarks/busy.py --work forward --busy 0,3 --rounds 5   some of it anew; the rest as it was measured last
    Benchmarks/busy.py --built                           with the programs as they are
    Benchmarks/busy.py --tables                          nothing anew: the tables from what was measured last

The busy threads are processes of this script's session that only count, so that the kernel deals out time thread by thread.
The ways take turns in every round. What was measured stays in Output/busy.json.
"""

import argparse
import contextlib
import datetime
import json
import os
import pathlib
import platform
import shlex
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Benchmarks/peers"))
from programs import EDVIZ, PHOTOS, STEPS, cell, median, note, rows  # noqa: E402

MEASURED = ROOT / "Output/busy.json"
BUSY = [0, 1, 2, 3, 4]
# What the environment says; with a count for spinning edviz leaves the matter alone. 300000 is libgomp's own.
WAYS = {
    "edviz": {},
    "one thread": {"OMP_NUM_THREADS": "1"},
    "spinning": {"GOMP_SPINCOUNT": "300000"},
    "sleeping": {"GOMP_SPINCOUNT": "0"},
}


def output(way, *command):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("OMP_", "GOMP_"))}
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, env=environment | WAYS[way])
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(words)} ended with status {done.returncode}:\n{done.stderr}")
    return done.stdout


def forward(way):
    """Milliseconds of the middle pass of ResNet-50 at 224 px."""
    return json.loads(output(way, EDVIZ, "bench", "-m", "resnet50", "--runs", 15, "--json"))["measured"]["latency"]["median"]


def step(way):
    """Milliseconds of the middle training step of cifar-ed-resnet20, batch 128."""
    lines = output(way, STEPS, "cifar-ed-resnet20", 32, 128, 8).splitlines()[2:]
    return 1000 * median([float(line.split()[1]) for line in lines])


def heatmap(way):
    """Milliseconds of `edviz heatmap` of one photograph as a whole process."""
    with tempfile.TemporaryDirectory() as folder:
        start = datetime.datetime.now()
        for _ in range(5):
            output(way, EDVIZ, "heatmap", PHOTOS / "chelsea.jpg", "-o", f"{folder}/{len(os.listdir(folder))}", "-q")
        return (datetime.datetime.now() - start) / datetime.timedelta(milliseconds=1) / 5


WORK = {"forward": forward, "step": step, "heatmap": heatmap}


@contextlib.contextmanager
def busy(count):
    """So many threads that only count."""
    threads = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for thread in threads:
            thread.kill()
            thread.wait()


def measure(name, count, rounds):
    note(f"{name} beside {count} busy threads")
    milliseconds = {way: [] for way in WAYS}
    with busy(count):
        for _ in range(rounds):
            for way, values in milliseconds.items():
                values.append(WORK[name](way))
    return milliseconds


def ratio(milliseconds):
    """How much longer edviz takes than the best of the other ways."""
    others = [median(values) for way, values in milliseconds.items() if way != "edviz"]
    return median(milliseconds["edviz"]) / min(others)


def paired(milliseconds):
    """The middle of the ratios of edviz to spinning in the same round."""
    return median([own / spun for own, spun in zip(milliseconds["edviz"], milliseconds["spinning"])])


def markdown(results):
    parts = ["# On a busy machine", f"Written by [busy.py](busy.py). {results['about']}", """\
Milliseconds beside so many threads that only count: the median over the rounds, and the range. edviz as it is; on one thread; \
with a thread for each core that spins for the others as libgomp has it (`GOMP_SPINCOUNT=300000`); with threads that sleep at \
once (`GOMP_SPINCOUNT=0`). The last column is edviz over the best of the other three; on a quiet machine also the middle \
of its ratios to spinning in the same round."""]
    for name, work in WORK.items():
        lines = []
        for count in BUSY:
            found = results["milliseconds"].get(name, {}).get(str(count))
            if not found:
                continue
            last = f"**{ratio(found):.2f}**" + (f"; paired {paired(found):.3f}" if count == 0 else "")
            lines.append([count, *(cell(found[way]) for way in WAYS), last])
        parts += [f"## {work.__doc__.rstrip('.')}", rows(["busy threads", *WAYS, "ratio"], lines)]
    return "\n\n".join(parts) + "\n"


def build():
    for words in (["--product", "edviz"], ["--package-path", "Benchmarks", "--product", "Steps"]):
        subprocess.run(["swift", "build", "-c", "release", *words], check=True, cwd=ROOT, stdout=sys.stderr)


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", default=",".join(WORK), help="what to measure, of " + ", ".join(WORK))
    parser.add_argument("--busy", default=",".join(map(str, BUSY)), help="beside how many busy threads; default: %(default)s")
    parser.add_argument("--rounds", type=int, default=5, help="rounds in which the ways take turns; default: %(default)s")
    parser.add_argument("--built", action="store_true", help="do not build edviz and Steps first")
    parser.add_argument("--tables", action="store_true", help="only write BUSY.md from what was measured last")
    given = parser.parse_args()
    work, counts = given.work.split(","), [int(count) for count in given.busy.split(",")]
    if unknown := set(work) - set(WORK) or set(counts) - set(BUSY):
        parser.error(f"there is no {', '.join(map(str, sorted(unknown)))}")
    if given.rounds < 1:
        parser.error("--rounds begins at 1")
    results = json.loads(MEASURED.read_text()) if MEASURED.exists() else {"milliseconds": {}}
    if not given.tables:
        if not given.built:
            build()
        commit = subprocess.run(
            ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, cwd=ROOT).stdout.strip()
        results["about"] = (
            f"Measured last: `{' '.join(['Benchmarks/busy.py', *map(shlex.quote, sys.argv[1:])])}` on "
            f"{datetime.date.today()}, {processor()}, {len(os.sched_getaffinity(0))} cores, at {commit}.")
        for name in work:
            for count in counts:
                results["milliseconds"].setdefault(name, {})[str(count)] = measure(name, count, given.rounds)
                MEASURED.parent.mkdir(exist_ok=True)
                MEASURED.write_text(json.dumps(results))
    (ROOT / "Benchmarks/BUSY.md").write_text(markdown(results))


main()
