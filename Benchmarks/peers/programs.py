"""The programs that are measured, and how each is run: as a process of its own, on so many threads."""

import dataclasses
import os
import pathlib
import statistics
import subprocess
import sys

PEERS = pathlib.Path(__file__).resolve().parent
ROOT = PEERS.parents[1]
EDVIZ = ROOT / ".build/release/edviz"
FORWARD = ROOT / "Benchmarks/.build/release/Forward"
STEPS = ROOT / "Benchmarks/.build/release/Steps"
PHOTOS = ROOT / "Examples/Photos"


@dataclasses.dataclass
class Settings:
    """What all parts share."""

    rounds: int
    threads: int
    quick: bool
    scratch: pathlib.Path

    @property
    def environment(self):
        count = str(self.threads)
        return os.environ | {"OMP_NUM_THREADS": count, "OPENBLAS_NUM_THREADS": count, "MKL_NUM_THREADS": count}


@dataclasses.dataclass
class Outcome:
    """What a process printed, its wall seconds and its peak memory in MiB."""

    lines: list
    seconds: float
    mebibytes: float


def run(settings, *command):
    """Runs a program to its end; what goes wrong in it ends this one with its words."""
    words = [str(word) for word in command]
    done = subprocess.run(
        [sys.executable, PEERS / "measure.py", *words], capture_output=True, text=True, env=settings.environment)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(words)} ended with status {done.returncode}:\n{done.stderr}")
    *lines, last = done.stdout.splitlines()
    _, seconds, mebibytes = last.split()
    return Outcome(lines, float(seconds), float(mebibytes))


def python(settings, script, *words):
    return run(settings, sys.executable, PEERS / script, *words)


def weights(settings, name):
    """Weight files of a network with random weights: PyTorch's, safetensors and ONNX."""
    stem = settings.scratch / name
    files = [stem.with_name(name + suffix) for suffix in (".pth", ".safetensors", ".onnx")]
    if not files[-1].exists():
        python(settings, "make_weights.py", name, files[0])
        run(settings, EDVIZ, "convert", files[0], files[1], "--model", name, "-q")
        run(settings, EDVIZ, "convert", files[1], files[2], "-q")
    return files


def median(values):
    return statistics.median(values)


def cell(values, scale=1.0):
    """"53.1 (46.7–57.9)": the median and the range."""
    scaled = [value * scale for value in values]
    if len(scaled) == 1:
        return number(scaled[0])
    return f"{number(median(scaled))} ({number(min(scaled))}–{number(max(scaled))})"


def number(value):
    return f"{value:.3g}" if value < 1000 else f"{value:.0f}"


def rows(headings, lines):
    """A table in Markdown."""
    rule = ["---"] + ["---:"] * (len(headings) - 1)
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in [headings, rule, *lines])


def note(text):
    print(text, file=sys.stderr, flush=True)
