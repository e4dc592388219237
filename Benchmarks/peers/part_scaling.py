"""How time and memory grow with the side of the images, their number in a batch, the depth of the network, and the number
of photographs."""

import json
import shutil

import numpy as np

from programs import EDVIZ, PHOTOS, median, note, python, rows, run, weights
from scaling_chart import TITLES, draw, exponent, label, lines_of

SIDES, BATCHES, DEPTHS = [112, 160, 224, 320, 448, 640, 896], [1, 2, 4, 8, 16, 32, 64], [50, 101, 152]
PHOTOGRAPHS = [100, 1000, 5000]
# PyTorch is measured beside edviz up to these.
TORCH_SIDE, TORCH_BATCH = 448, 16


def measure(settings):
    sides, batches, depths, photographs = (
        (SIDES[:2], BATCHES[:2], DEPTHS[:2], [4, 8]) if settings.quick
        else (SIDES, BATCHES, DEPTHS, PHOTOGRAPHS))
    series = {
        "side": [forward(settings, "ed-resnet50", side, 1, side, side <= TORCH_SIDE) for side in sides],
        "batch": [forward(settings, "ed-resnet50", 224, batch, batch, batch <= TORCH_BATCH) for batch in batches],
        "depth": [forward(settings, f"ed-resnet{depth}", 224, 1, depth, True) for depth in depths],
    }
    folders = Repeats(settings)
    series["heatmap"] = [folders.point("heatmap", count) for count in photographs]
    series["masks"] = [folders.point("masks", count) for count in photographs]
    return series


def forward(settings, name, side, batch, at, beside):
    """Milliseconds and MiB of a pass, of edviz and perhaps of PyTorch, and multiply-accumulates."""
    note(f"scaling: {name}, {side} px, batch {batch}")
    pth, safetensors, _ = weights(settings, name)
    runs = 1 if settings.quick else max(3, min(20, round(20 * 224**2 / (side**2 * batch))))
    point = {"at": at, "edviz": {"ms": [], "MiB": []}, "torch": {"ms": [], "MiB": []}}
    images, logits = settings.scratch / "scaling-input.npy", settings.scratch / "scaling-logits.npy"
    for _ in range(settings.rounds):
        bench = run(
            settings, EDVIZ, "bench", "-w", safetensors, "--size", side, "--batch", batch, "--runs", runs, "--threads",
            settings.threads, "--json")
        measured = json.loads("\n".join(bench.lines))["measured"]
        point["edviz"]["ms"].append(measured["latency"]["median"])
        point["edviz"]["MiB"].append(measured["peakMemory"] / 2**20)
        point["multiplyAccumulates"] = measured["multiplyAccumulates"]
        if beside:
            np.save(images, np.full((batch, 3, side, side), 0.5, dtype=np.float32))
            outcome = python(settings, "torch_forward.py", name, pth, images, runs, logits, "contiguous")
            point["torch"]["ms"].append(1000 * median([float(line) for line in outcome.lines]))
            point["torch"]["MiB"].append(outcome.mebibytes)
    return point


class Repeats:
    """Folders with the sample photographs again and again, and masks of them: the model's own."""

    def __init__(self, settings):
        self.settings, self.photos = settings, sorted(PHOTOS.glob("*.jpg"))
        self.masks = settings.scratch / "sample-masks"
        run(settings, EDVIZ, "mask", *self.photos, "--output", self.masks, "--force", "-q")

    def point(self, command, count):
        note(f"scaling: {command} of {count} photographs")
        images, masks = (self.settings.scratch / f"{kind}-{count}" for kind in ("images", "masks"))
        for folder in (images, masks):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
        for index in range(count):
            photo = self.photos[index % len(self.photos)]
            (images / f"{index:05}-{photo.name}").symlink_to(photo)
            (masks / f"{index:05}-{photo.stem}.png").symlink_to(self.masks / f"{photo.stem}-mask.png")
        output = self.settings.scratch / "many"
        words = {
            "heatmap": ["heatmap", images], "masks": ["evaluate", "masks", "--images", images, "--masks", masks],
        }[command]
        point = {"at": count, "edviz": {"s": [], "MiB": []}}
        for _ in range(self.settings.rounds):
            shutil.rmtree(output, ignore_errors=True)
            outcome = run(
                self.settings, EDVIZ, *words, "--output", output, "-q", "--threads", self.settings.threads)
            point["edviz"]["s"].append(outcome.seconds)
            point["edviz"]["MiB"].append(outcome.mebibytes)
        for folder in (images, masks, output):
            shutil.rmtree(folder, ignore_errors=True)
        return point


def markdown(results, charts):
    tables = []
    for name, points in results.items():
        unit = "s" if name in ("heatmap", "masks") else "ms"
        programs = ["edviz"] if unit == "s" else ["edviz", "torch"]
        headings = [TITLES[name], *(f"{label(p)}, {u}" for p in programs for u in (unit, "MiB"))]
        table = [
            [point["at"], *(f"{median(point[p][u]):.4g}" if point[p][u] else "–" for p in programs for u in (unit, "MiB"))]
            for point in points
        ]
        fits = [f"{exponent(*lines_of(points, p, u)):.2f}" for p in programs for u in (unit, "MiB")]
        tables.append(rows(headings, [*table, ["exponent", *fits]]))
    draw(results, charts)
    return "\n\n".join([
        "## Scaling",
        "Medians. The exponent is k of a curve y ∝ xᵏ fitted to the row's logarithms: 2 for the side and 1 for the others would "
        "be what the multiply-accumulates and pixels alone cost. Memory is that of the process, weights included; PyTorch is in "
        "its contiguous layout.",
        "![Time and memory against side, batch, depth and number of photographs](scaling.svg)",
        *tables,
    ])
