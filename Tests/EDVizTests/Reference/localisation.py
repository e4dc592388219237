#!/usr/bin/env python3
"""Scores of attention maps on marked objects, computed with NumPy alone.

  localisation.py                       makes Fixtures/localisation: maps, masks and what they score (seeded)
  localisation.py RESULTS MAPS MASKS    checks RESULTS/pictures.csv, of one setting under the default protocol, against
                                        raw maps (MAPS/STEM-*.npy, by edviz heatmap) and masks (MASKS/STEM.png;
                                        of three levels 0, 128 and 255 the middle is left out); fails above 1e-6

Nothing here comes from edviz: every rule is written again from its definition. Maps are resized in float32, columns
first, so that no rounding moves a pixel over a threshold.
"""

import csv
import glob
import json
import os
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "..", "Fixtures", "localisation")


def axis(old, new):
    """Neighbours and weight of the second, half-pixel centres, clamped edges."""
    center = (np.arange(new) + 0.5) * (old / new) - 0.5
    first = np.floor(center).astype(int)
    weight = (center - first).astype(np.float32)
    weight[(first < 0) | (first >= old - 1)] = 0
    first = np.clip(first, 0, old - 1)
    return first, np.minimum(first + 1, old - 1), weight


def bilinear(values, height, width):
    values = values.astype(np.float32)
    if values.shape == (height, width):
        return values
    for dim, new in ((1, width), (0, height)):
        a, b, w = axis(values.shape[dim], new)
        w = w if dim == 1 else w[:, None]
        low, high = np.take(values, a, dim), np.take(values, b, dim)
        values = np.where(w == 0, low, low * (np.float32(1) - w) + high * w)
    return values


def nearest(mask, height, width):
    rows = (2 * np.arange(height) + 1) * mask.shape[0] // (2 * height)
    columns = (2 * np.arange(width) + 1) * mask.shape[1] // (2 * width)
    return mask[rows][:, columns]


def level(values, rule):
    values = values[np.isfinite(values)].astype(np.float64)
    if rule == "mean":
        return np.float32(values.mean())
    return np.float32(np.quantile(values, float(rule.split(":")[1])))


def largest(mask, connectivity):
    """The largest part; of equals the first from the top left. By merging labels until nothing changes."""
    labels = np.where(mask, np.arange(mask.size).reshape(mask.shape) + 1, 0)
    steps = [(0, 1), (1, 0)] + ([(1, 1), (1, -1)] if connectivity == 8 else [])
    while True:
        before = labels.copy()
        for dy, dx in steps + [(-dy, -dx) for dy, dx in steps]:
            other = np.zeros_like(labels)
            h, w = labels.shape
            other[max(0, -dy):h - max(0, dy), max(0, -dx):w - max(0, dx)] = labels[
                max(0, dy):h + min(0, dy), max(0, dx):w + min(0, dx)]
            labels = np.where(mask & (other > 0), np.minimum(labels, other), labels)
        if (labels == before).all():
            break
    names, sizes = np.unique(labels[labels > 0], return_counts=True)
    return labels == names[sizes.argmax()] if len(names) else mask


def attention(small, region, shape, rule, component):
    x0, y0, x1, y1 = region
    height, width = y1 - y0, x1 - x0
    compare = np.greater if rule["comparison"] == "above" else np.greater_equal
    source = bilinear(small, height, width) if rule["at"] == "image" else small
    mask = compare(source, level(source, rule["threshold"]))
    if component == "largest":
        mask = largest(mask, rule["connectivity"])
    if rule["at"] == "feature-map":
        if rule["resizing"] == "nearest":
            mask = nearest(mask, height, width)
        else:
            mask = bilinear(mask.astype(np.float32), height, width) > 0.5
    whole = np.zeros(shape, bool)
    whole[y0:y1, x0:x1] = mask
    return whole


def box_of(mask):
    ys, xs = np.nonzero(mask)
    return None if len(ys) == 0 else [int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1]


def box_iou(a, b):
    if a is None or b is None:
        return 0.0
    width = max(0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0, min(a[3], b[3]) - max(a[1], b[1]))
    both = width * height
    areas = [(c[2] - c[0]) * (c[3] - c[1]) for c in (a, b)]
    return both / (areas[0] + areas[1] - both)


def average_precision(scores, truth):
    """As sklearn.metrics.average_precision_score: one threshold for each distinct score."""
    order = np.argsort(-scores, kind="stable")
    scores, truth = scores[order], truth[order]
    ends = np.append(np.nonzero(scores[1:] != scores[:-1])[0], len(scores) - 1)
    hits = np.cumsum(truth)[ends].astype(np.float64)
    precision, recall = hits / (ends + 1), hits / truth.sum()
    return float(np.sum(np.diff(np.append(0, recall)) * precision))


def score(small, mask, region, rule, box=None, parts=None, tolerance=0, ignored=None):
    counted = np.ones(mask.shape, bool) if ignored is None else ~ignored
    mask = mask & counted
    x0, y0, x1, y1 = region
    whole = np.full(mask.shape, -np.inf, np.float32)
    whole[y0:y1, x0:x1] = bilinear(small, y1 - y0, x1 - x0)
    kept = attention(small, region, mask.shape, rule, rule["component"])
    everything = attention(small, region, mask.shape, rule, "all")
    biggest = attention(small, region, mask.shape, rule, "largest")
    box = box or box_of(mask)
    result = {
        "mask_area": float(kept.mean()),
        "intersection": int((kept & mask).sum()),
        "union": int(((kept & counted) | mask).sum()),
        "box_iou": box_iou(box_of(everything & counted), box),
        "largest_box_iou": box_iou(box_of(biggest & counted), box),
        "average_precision": average_precision(whole[counted], mask[counted]),
    }
    result["mask_iou"] = result["intersection"] / result["union"]
    y, x = np.unravel_index(np.where(counted, whole, -np.inf).argmax(), whole.shape)
    ys, xs = np.nonzero(mask)
    result["pointing"] = bool(((ys - y) ** 2 + (xs - x) ** 2).min() <= tolerance**2)
    positive = np.where(np.isfinite(whole) & (whole > 0) & counted, whole, 0).astype(np.float64)
    result["energy"] = float(positive[mask].sum() / positive.sum()) if positive.sum() > 0 else 0.0
    if parts is not None:
        inside = [
            kept[int(np.clip(y, 0, mask.shape[0] - 1)), int(np.clip(x, 0, mask.shape[1] - 1))] for x, y in parts]
        result["parts_hit"] = int(np.sum(inside))
    seen = whole[np.isfinite(whole)]
    compare = np.greater if rule["comparison"] == "above" else np.greater_equal
    span = seen.max() - seen.min()
    normal = (whole - seen.min()) / span if span > 0 else np.where(np.isfinite(whole), 0, whole)
    curve = []
    for step in range(101):
        cut = compare(normal.astype(np.float32), np.float32(step) / np.float32(100))
        curve.append(float((cut & mask).sum() / ((cut & counted) | mask).sum()))
    result["curve"] = curve
    return result


PAPER = {
    "threshold": "mean", "comparison": "above", "at": "image", "component": "all", "connectivity": 8,
    "resizing": "nearest"}
RULES = [
    PAPER,
    PAPER | {"at": "feature-map", "component": "largest"},
    PAPER | {"threshold": "quantile:0.8", "comparison": "at-least", "component": "largest", "connectivity": 4},
    PAPER | {"at": "feature-map", "resizing": "bilinear", "threshold": "quantile:0.6"},
]


def made(random, kind):
    """A map, an object that it roughly shows, and the part of the picture that was seen."""
    shape = {"wide": (41, 67), "down": (9, 13)}.get(kind, (48, 36))
    ys, xs = np.mgrid[0:shape[0], 0:shape[1]]
    cy, cx = random.uniform(0.3, 0.7, 2) * shape
    ry, rx = random.uniform(0.15, 0.4, 2) * shape
    mask = ((ys - cy) / ry) ** 2 + ((xs - cx) / rx) ** 2 < 1
    region = [3, 5, 33, 41] if kind == "crop" else [0, 0, shape[1], shape[0]]
    size = (23, 31) if kind == "down" else (7, 7) if kind == "crop" else (8, 6)
    rows = np.linspace(region[1], region[3] - 1, size[0]).round().astype(int)
    columns = np.linspace(region[0], region[2] - 1, size[1]).round().astype(int)
    small = mask[rows][:, columns] * 1.5 + random.normal(0, 0.8, size)
    if kind == "ties":
        small = np.round(small)
    if kind == "negative":
        small = -np.abs(small) - 1
    if kind == "constant":
        small = np.full(size, 2.0)
    return small.astype(np.float32), mask, region


def bootstrap(random):
    """Means and a pooled ratio of three columns, their intervals, and a paired difference with its p."""
    first = random.beta(4, 5, 60)
    second = np.clip(first + random.normal(0.02, 0.08, 60), 0, 1)
    second[[3, 17]] = np.nan
    above, below = random.integers(0, 500, 60).astype(float), random.integers(500, 900, 60).astype(float)
    draws = random.integers(0, 60, (20000, 60))

    def interval(values):
        return [float(v) for v in np.quantile(values, [0.025, 0.975])]

    third = first + random.normal(0.015, 0.05, 60)
    difference = third - first
    signs = random.choice([-1, 1], (20000, 60))
    flipped = np.abs((signs * difference).mean(1))
    return {
        "first": first.tolist(), "second": [None if np.isnan(v) else v for v in second], "third": third.tolist(),
        "above": above.tolist(), "below": below.tolist(),
        "intervals": [
            interval(first[draws].mean(1)), interval(np.nanmean(second[draws], 1)),
            interval(above[draws].sum(1) / below[draws].sum(1)), interval(difference[draws].mean(1))],
        "p": float((1 + (flipped >= abs(difference.mean())).sum()) / 20001),
    }


def make():
    os.makedirs(OUT, exist_ok=True)
    random = np.random.default_rng(5)
    cases = []
    for number, kind in enumerate(["plain", "wide", "ties", "negative", "crop", "down", "constant"]):
        small, mask, region = made(random, kind)
        np.save(os.path.join(OUT, f"{number}-map.npy"), small)
        np.save(os.path.join(OUT, f"{number}-mask.npy"), mask.astype(np.float32))
        box = [2, 3, 7, 8] if kind == "down" else [4, 6, 25, 30] if kind == "crop" else None
        parts = [[float(v) for v in random.uniform(0, 1, 2) * mask.shape[::-1]] for _ in range(5)] + [
            [float(mask.shape[1]), -1.0]]
        tolerance = 3 if kind == "wide" else 0
        for rule in RULES:
            result = score(small, mask, region, rule, box, parts, tolerance)
            cases.append({
                "kind": kind, "number": number, "region": region, "box": box, "parts": parts,
                "tolerance": tolerance, "rule": rule, "scores": result})
    with open(os.path.join(OUT, "scores.json"), "w") as file:
        json.dump({"cases": cases, "bootstrap": bootstrap(random)}, file)


def check(results, maps, masks):
    from PIL import Image

    worst, count = {}, 0
    with open(os.path.join(results, "pictures.csv"), newline="") as file:
        for line in csv.DictReader(file):
            if not line["model"]:
                continue
            stem = os.path.splitext(os.path.basename(line["picture"]))[0]
            small = np.load(glob.glob(os.path.join(glob.escape(maps), glob.escape(stem) + "-*.npy"))[0])
            levels = np.asarray(Image.open(os.path.join(masks, stem + ".png")).convert("L"))
            border = levels == 128 if set(np.unique(levels)) == {0, 128, 255} else None
            mask = levels > 127
            found = score(small, mask, [0, 0, mask.shape[1], mask.shape[0]], PAPER, ignored=border)
            for name, value in found.items():
                if name in line:
                    worst[name] = max(worst.get(name, 0), abs(float(line[name]) - float(value)))
            count += 1
    print(f"{count} pictures; largest differences:")
    for name, value in worst.items():
        print(f"  {name:20} {value:.3g}")
    return count > 0 and max(worst.values()) <= 1e-6


if __name__ == "__main__":
    if len(sys.argv) == 1:
        make()
    elif not check(*sys.argv[1:]):
        sys.exit(1)
