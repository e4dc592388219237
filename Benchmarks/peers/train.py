"""Times training steps of edviz beside PyTorch's in one run, alternately, after checking that both lose the same.

    swift build -c release --package-path Benchmarks
    python -m venv /tmp/peers && /tmp/peers/bin/pip install torch safetensors
    /tmp/peers/bin/python Benchmarks/peers/train.py

Every measurement is a process of its own. Prints a table in Markdown: medians over the rounds of each process's median
step, ranges, ratios to the better of PyTorch's layouts, and peak memory.
"""

import pathlib
import statistics
import subprocess
import sys
import tempfile

import torch

HERE = pathlib.Path(__file__).resolve().parent
STEPS = HERE.parent / ".build/release/Steps"
ROUNDS = 4
WORK = [("cifar-ed-resnet20", 32, 128, 20), ("ed-resnet50", 224, 8, 4)]


def measured(command):
    """The first loss, the median seconds of the steps after two to warm up, and the peak MiB of the process."""
    script = (
        "import os, subprocess, sys\n"
        "child = subprocess.Popen(sys.argv[1:])\n"
        "_, status, usage = os.wait4(child.pid, 0)\n"
        "print('peak', usage.ru_maxrss / 1024)\n"
        "sys.exit(os.waitstatus_to_exitcode(status))\n")
    done = subprocess.run([sys.executable, "-c", script, *map(str, command)], check=True, capture_output=True, text=True)
    rows = [line.split() for line in done.stdout.splitlines()]
    steps = [(float(loss), float(seconds)) for loss, seconds in rows if loss != "peak"]
    peak = next(float(value) for word, value in rows if word == "peak")
    return steps[0][0], statistics.median(seconds for _, seconds in steps[2:]), peak


def main():
    cpu = next(line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name"))
    print(f"{cpu}, {torch.get_num_threads()} threads; PyTorch {torch.__version__}; medians (range) of {ROUNDS} "
          "alternating rounds\n")
    print("| training step | program | images/s | ratio to PyTorch's better layout | peak MiB |\n"
          "| --- | --- | --- | --- | --- |")
    for name, side, batch, runs in WORK:
        results = {"edviz": [], "PyTorch, channels last": [], "PyTorch, contiguous": []}
        with tempfile.TemporaryDirectory() as folder:
            weights = pathlib.Path(folder) / "weights.safetensors"
            for _ in range(ROUNDS):
                common = [name, side, batch, runs]
                results["edviz"].append(measured([STEPS, *common, weights]))
                for layout in ("channels_last", "contiguous"):
                    row = measured([sys.executable, HERE / "steps.py", *common, weights, layout])
                    results["PyTorch, " + layout.replace("_", " ")].append(row)
        ours, theirs = results["edviz"][0][0], results["PyTorch, channels last"][0][0]
        assert abs(ours - theirs) < 1e-4 * abs(theirs), f"{name}: losses {ours} and {theirs}"
        seconds = {program: [row[1] for row in rows] for program, rows in results.items()}
        better = min(statistics.median(v) for k, v in seconds.items() if k != "edviz")
        for program, rows in results.items():
            rates = [batch / value for value in seconds[program]]
            ratio = better / statistics.median(seconds[program])
            print(f"| {name}, {side} px, batch {batch} | {program} | {statistics.median(rates):.4g} "
                  f"({min(rates):.4g}–{max(rates):.4g}) | {ratio:.2f} | {max(row[2] for row in rows):.0f} |", flush=True)


main()
