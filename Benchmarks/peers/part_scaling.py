"""How time and memory grow with the side of the images, their number in a batch, the depth of the network, and the number
of photographs."""

import json
import math
import shutil

import numpy as np

from programs import EDVIZ, PHOTOS, ROOT, median, note, python, rows, run, weights

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


TITLES = {
    "side": "side of the image, px (batch 1)", "batch": "images in a batch (224 px)", "depth": "depth of ED-ResNet (224 px)",
    "heatmap": "photographs, `edviz heatmap`", "masks": "photographs, `edviz evaluate masks`",
}


def exponent(xs, ys):
    """k of y ∝ xᵏ: the slope of a least-squares line through the logarithms."""
    xs, ys = [math.log(x) for x in xs], [math.log(y) for y in ys]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys)) / sum((x - mean_x) ** 2 for x in xs)


def lines_of(points, program, unit):
    """Where a program was measured, and the medians there."""
    found = [(p["at"], median(p[program][unit])) for p in points if p.get(program, {}).get(unit)]
    return [x for x, _ in found], [y for _, y in found]


def markdown(results):
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
    draw(results)
    return "\n\n".join([
        "## Scaling",
        "Medians. The exponent is k of a curve y ∝ xᵏ fitted to the row's logarithms: 2 for the side and 1 for the others would "
        "be what the multiply-accumulates and pixels alone cost. Memory is that of the process, weights included.",
        "![Time and memory against side, batch, depth and number of photographs](scaling.svg)",
        *tables,
    ])


def label(program):
    return {"edviz": "edviz", "torch": "PyTorch"}[program]


def draw(results):
    """Benchmarks/scaling.svg and .png."""
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams["svg.hashsalt"] = "edviz"
    from matplotlib import pyplot
    from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullLocator

    figure, axes = pyplot.subplots(2, len(results), figsize=(3.3 * len(results), 5.6), constrained_layout=True)
    for column, (name, points) in zip(axes.T, results.items()):
        time_unit = "s" if name in ("heatmap", "masks") else "ms"
        for axis, unit, quantity in zip(column, (time_unit, "MiB"), ("time", "peak memory")):
            for program, color in (("edviz", "#0b6bcb"), ("torch", "#c2570c")):
                xs, ys = lines_of(points, program, unit)
                if len(xs) > 1:
                    axis.loglog(
                        xs, ys, "o-", color=color, markersize=4, linewidth=1.5,
                        label=f"{label(program)}, exponent {exponent(xs, ys):.2f}")
            ticks = [point["at"] for point in points]
            axis.xaxis.set_major_locator(FixedLocator(ticks))
            axis.xaxis.set_minor_locator(NullLocator())
            axis.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            axis.yaxis.set_minor_locator(NullLocator())
            axis.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:g}"))
            axis.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
            axis.set_xlabel(TITLES[name].replace("`", ""), fontsize=9)
            axis.set_ylabel(f"{quantity}, {unit}", fontsize=9)
            low, high = axis.get_ylim()
            # Room for a flat line, and for the legend above the curves.
            axis.set_ylim(low / 1.5, high * 2.5)
            axis.tick_params(labelsize=8)
            axis.grid(color="#e3e3e3", linewidth=0.6)
            axis.legend(fontsize=7.5, loc="upper left", frameon=False)
    for suffix in ("svg", "png"):
        figure.savefig(ROOT / f"Benchmarks/scaling.{suffix}", dpi=150, metadata={"Date": None} if suffix == "svg" else None)
    pyplot.close(figure)
