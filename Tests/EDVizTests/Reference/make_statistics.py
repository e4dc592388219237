"""Computes what `edviz stats` computes, with NumPy and from the raw activations that `edviz taps` exports.

    python3 make_statistics.py EDVIZ > ../Fixtures/statistics.json

EDVIZ is the built program. The pictures are those of Examples/Photos, the model the bundled one. Needs NumPy alone.
"""

import json
import pathlib
import struct
import subprocess
import sys
import tempfile

import numpy as np

PHOTOS = pathlib.Path(__file__).resolve().parents[3] / "Examples/Photos"


def tensors(path):
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    for name, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        yield name, np.frombuffer(data[begin:end], "<f4").reshape(entry["shape"]).astype(np.float64)


def hoyer(x):
    n = x.size
    return (np.sqrt(n) - np.abs(x).sum() / np.linalg.norm(x)) / (np.sqrt(n) - 1)


def entropy(x):
    """In bits and relative; of the depth sum's positive part, None if there is none."""
    positive = np.maximum(x.sum(axis=0), 0).ravel()
    if positive.sum() == 0:
        return None, None
    p = positive / positive.sum()
    bits = -sum(v * np.log2(v) for v in p if v > 0)
    return bits, bits / np.log2(p.size)


def chessboard(x):
    """By the discrete Fourier transform of the depth sum: columns, rows, either."""
    depth = x.sum(axis=0)
    depth = depth[: depth.shape[0] // 2 * 2, : depth.shape[1] // 2 * 2]
    power = np.abs(np.fft.fft2(depth)) ** 2
    power[0, 0] = 0
    h, w = (side // 2 for side in depth.shape)
    columns, rows, both = power[:, w].sum(), power[h, :].sum(), power[h, w]
    return np.array([columns, rows, columns + rows - both]) / power.sum()


def main():
    program = sys.argv[1]
    pictures = sorted(PHOTOS.glob("*.jpg"))
    activations = {}
    with tempfile.TemporaryDirectory() as folder:
        for picture in pictures:
            target = pathlib.Path(folder) / (picture.stem + ".safetensors")
            subprocess.run([program, "taps", picture, "-q", "-o", target], check=True, stdout=subprocess.DEVNULL)
            for name, value in tensors(target):
                if name != "logits":
                    activations.setdefault(name, []).append(value[0])
    rows = []
    for name, values in activations.items():
        block, branch = name.rsplit(".", 1)
        everything = np.concatenate([v.reshape(v.shape[0], -1) for v in values], axis=1)
        shortcut = np.concatenate(
            [v.reshape(v.shape[0], -1) for v in activations[f"{block}.shortcut"]], axis=1)
        entropies = [entropy(v) for v in values]
        bits = [e[0] for e in entropies if e[0] is not None]
        relative = [e[1] for e in entropies if e[0] is not None]
        root = np.sqrt((everything**2).mean())
        rectified = branch in ("output", "encoder") or (everything >= 0).all()
        dead = (
            (everything <= 0).all(axis=1) if rectified else everything.std(axis=1) <= 1e-6 * root)
        rows.append({
            "block": block, "branch": branch, "rectified": bool(rectified),
            "positive": (everything > 0).mean(),
            "positiveOfPictures": [(v > 0).mean() for v in values],
            "mean": everything.mean(), "meanAbsolute": np.abs(everything).mean(), "rootMeanSquare": root,
            "rootMeanSquareToX": root / np.sqrt((shortcut**2).mean()),
            "meanAbsoluteToX": np.abs(everything).mean() / np.abs(shortcut).mean(),
            "dead": int(dead.sum()), "hoyer": np.mean([hoyer(v) for v in values]),
            "entropy": np.mean(bits) if bits else 0, "relativeEntropy": np.mean(relative) if bits else 0,
            "withoutPositivePart": len(values) - len(bits),
            "chessboard": list(np.mean([chessboard(v) for v in values], axis=0)),
            "channels": {
                "positive": list((everything > 0).mean(axis=1)[:5]), "mean": list(everything.mean(axis=1)[:5]),
                "deviation": list(everything.std(axis=1)[:5]),
            },
        })
    rows.sort(key=lambda row: (row["block"], row["branch"]))
    json.dump(
        {"pictures": [p.name for p in pictures], "rows": rows}, sys.stdout, indent=1,
        default=float)


if __name__ == "__main__":
    main()
