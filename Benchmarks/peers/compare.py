"""Times edviz beside PyTorch on the same work in one run, alternately, after checking that both compute the same.

    swift build -c release --product edviz
    swift build -c release --package-path Benchmarks
    python -m venv /tmp/peers && /tmp/peers/bin/pip install torch torchvision opencv-python-headless pillow safetensors
    /tmp/peers/bin/python Benchmarks/peers/compare.py

Prints a table in Markdown: medians, spread and ratios, with versions and processor.
"""

import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

import cv2
import numpy as np
import torch
import torchvision
from safetensors.numpy import load_file

from ednet import EDNet

ROOT = pathlib.Path(__file__).resolve().parents[2]
EDVIZ = ROOT / ".build/release/edviz"
FORWARD = ROOT / "Benchmarks/.build/release/Forward"
PHOTO = ROOT / "Examples/Photos/astronaut.jpg"
ROUNDS = 5


def network():
    """Weights whose activations stay within range: convolutions as initialised, normalisation near identity."""
    torch.manual_seed(1)
    made = EDNet().eval()
    with torch.no_grad():
        for name, value in made.state_dict().items():
            if name.endswith("running_var"):
                value.uniform_(0.5, 1.5)
            elif name.endswith(("running_mean", "bias")):
                value.uniform_(-0.1, 0.1)
            elif value.dim() == 1 and name.endswith("weight"):
                value.uniform_(0.3, 0.7)
    return made


def forward_times(command):
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return [float(line) for line in lines]


def torch_times(made, images, runs):
    times = []
    with torch.no_grad():
        for _ in range(3):
            made(images)
        for _ in range(runs):
            start = time.perf_counter()
            made(images)
            times.append(time.perf_counter() - start)
    return times


def process(command):
    """Wall seconds and peak MiB of a whole process."""
    measure = pathlib.Path(__file__).with_name("measure.py")
    done = subprocess.run([sys.executable, measure, *command], check=True, capture_output=True, text=True)
    return [float(word) for word in done.stdout.split()]


def row(name, ours, theirs, unit, scale=1):
    def cell(values):
        values = [value * scale for value in values]
        return f"{statistics.median(values):.3g} ({min(values):.3g}–{max(values):.3g})"

    ratio = statistics.median(ours) / statistics.median(theirs)
    print(f"| {name} | {cell(ours)} | {cell(theirs)} | {unit} | {ratio:.3f} |", flush=True)


def main():
    made = network()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        weights, converted = folder / "ed-resnet50.pth", folder / "ed-resnet50.safetensors"
        torch.save(made.state_dict(), weights)
        subprocess.run([EDVIZ, "convert", weights, converted, "-q"], check=True, stdout=subprocess.DEVNULL)

        images = torch.randn(2, 3, 224, 224)
        np.save(folder / "in.npy", images.numpy())
        subprocess.run(
            [EDVIZ, "taps", folder / "in.npy", "--weights", converted, "-r", "output", "--block", "last", "--output",
             folder / "taps.safetensors"], check=True, stdout=subprocess.DEVNULL)
        taps = load_file(folder / "taps.safetensors")
        with torch.no_grad():
            features = made.features(images)
            expected = {"layer4.2.output": features, "logits": made.fc(features.mean((2, 3)))}
        for name, value in expected.items():
            error = float(np.abs(taps[name] - value.numpy()).mean() / value.abs().mean())
            print(f"{name}: relative error {error:.1e}")
            assert error < 1e-4

        cpu = next(line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name"))
        print(f"\n{cpu}, {torch.get_num_threads()} threads; PyTorch {torch.__version__}, torchvision "
              f"{torchvision.__version__}, OpenCV {cv2.__version__}, Python {platform.python_version()}; medians (range) "
              f"of {ROUNDS} alternating rounds\n")
        print("| work | edviz | PyTorch | unit | ratio |\n| --- | --- | --- | --- | --- |")
        for label, side, batch, runs, taps in [
            ("ED-ResNet-50 forward, 224 px, batch 1", 224, 1, 20, []),
            ("the same, every branch of every block tapped", 224, 1, 20, ["taps"]),
            ("ED-ResNet-50 forward, 448 px, batch 1", 448, 1, 6, []),
            ("ED-ResNet-50 forward, 224 px, batch 8", 224, 8, 5, []),
        ]:
            ours, theirs = [], []
            images = torch.full((batch, 3, side, side), 0.5)
            for _ in range(ROUNDS):
                command = [FORWARD, converted, str(side), str(batch), str(runs), *taps]
                ours.append(statistics.median(forward_times(command)))
                theirs.append(statistics.median(torch_times(made, images, runs)))
            row(label, ours, theirs, "ms", 1000)

        ours, theirs = [], []
        script = pathlib.Path(__file__).with_name("heatmap.py")
        for attempt in range(ROUNDS + 1):
            pair = (
                process([EDVIZ, "heatmap", PHOTO, "--weights", converted, "--size", "224", "--output",
                         folder / f"maps-{attempt}"]),
                process([sys.executable, script, weights, PHOTO, folder / "overlay.png"]),
            )
            # The first pair warms the file cache.
            if attempt:
                ours.append(pair[0])
                theirs.append(pair[1])
        megabytes = weights.stat().st_size / 1e6
        for index, (label, unit) in enumerate([("wall time", "s"), ("peak memory", "MiB")]):
            row(f"one overlay as a whole process, {megabytes:.0f} MB of weights: {label}",
                [value[index] for value in ours], [value[index] for value in theirs], unit)
        default = [process([EDVIZ, "heatmap", PHOTO, "--output", folder / f"small-{i}"]) for i in range(ROUNDS)]
        row("the same with the bundled model: wall time", [d[0] for d in default], [t[0] for t in theirs], "s")
        row("the same with the bundled model: peak memory", [d[1] for d in default], [t[1] for t in theirs], "MiB")


main()
