#!/usr/bin/env python3
"""Makes Fixtures/regions.json: random polygons and runs, and the pixels that the COCO API (pycocotools) fills.

Runs are given as numbers and as the API's letters. Last run with pycocotools 2.0.11.
"""

import json
from pathlib import Path

import numpy as np
from pycocotools import mask as api

random = np.random.default_rng(4)
cases = []
for number in range(60):
    width, height = (int(v) for v in random.integers(1, 24, 2))
    if number % 3 < 2:
        count = int(random.integers(3, 9))
        low, high = (-4, 4) if number % 6 == 0 else (0, 0)
        points = np.stack(
            [random.uniform(low, width + high, count), random.uniform(low, height + high, count)], 1)
        points = points.round(int(random.integers(0, 3)))
        polygon = [float(v) for v in points.ravel()]
        filled = api.decode(api.frPyObjects([polygon], height, width))[..., 0]
        cases.append({"width": width, "height": height, "polygon": polygon})
    else:
        filled = np.asfortranarray(random.uniform(size=(height, width)) < random.uniform(0.1, 0.9), np.uint8)
        flat = filled.ravel(order="F")
        ends = np.flatnonzero(np.diff(flat)) + 1
        runs = np.diff(np.concatenate([[0], ends, [flat.size]])).tolist()
        runs = ([0] if flat[0] else []) + runs
        cases.append({"width": width, "height": height, "runs": runs, "letters": api.encode(filled)["counts"].decode()})
    cases[-1]["filled"] = "".join("#" if v else "." for v in filled.ravel())
(Path(__file__).resolve().parent.parent / "Fixtures" / "regions.json").write_text(json.dumps(cases))
