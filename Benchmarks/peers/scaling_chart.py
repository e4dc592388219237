"""The chart of how time and memory grow, and the exponents in it."""

import math

from programs import median

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


def label(program):
    return {"edviz": "edviz", "torch": "PyTorch"}[program]


def draw(results, folder):
    """scaling.svg and scaling.png in a folder."""
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
        figure.savefig(
            folder / f"scaling.{suffix}", dpi=150, metadata={"Date": None} if suffix == "svg" else None)
    pyplot.close(figure)
