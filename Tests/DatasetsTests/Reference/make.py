"""Makes the reference data of DatasetsTests with Python, NumPy, Pillow and torchvision.

    python Tests/DatasetsTests/Reference/make.py

Last run with Python 3, NumPy 2.4, Pillow 13.0 and torchvision 0.29.

Writes into Fixtures:
  python3-protocol2/, python3-protocol4/
                     a test batch and class names in CIFAR-10's layout, by `pickle` of Python 3
  python2/           the same as Python 2 wrote them: the published files' operations, spelt by hand
  images.zip         pictures of two classes in two splits, deflated by `zipfile`
  augmentation.json  an 8x6 picture after torchvision's colour functions, flips and crops, and the moments of the boxes
                     that RandomResizedCrop draws
"""

import io
import json
import pickle
import struct
import zipfile
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torchvision import transforms
from torchvision.transforms import functional as F

FIXTURES = Path(__file__).parent.parent / "Fixtures"
CLASSES = ["airplane", "automobile", "bird"]


def noise(count, seed):
    """The high byte of a linear congruence, as in the tests."""
    out, state = bytearray(), seed
    for _ in range(count):
        state = (state * 1664525 + 1013904223) % 2**32
        out.append(state >> 24)
    return bytes(out)


def batch(number):
    """One image a file: red, green and blue planes of noise; label number % 3."""
    return np.frombuffer(noise(3072, number), np.uint8).reshape(1, 3072).copy(), [number % 3], [f"image_{number}.png"]


def python3(protocol):
    folder = FIXTURES / f"python3-protocol{protocol}"
    folder.mkdir(parents=True, exist_ok=True)
    # Protocol 2 needs two bytes for each one above 127: a file is enough to see that.
    names = ["test_batch"]
    for name in names:
        data, labels, filenames = batch(6)
        content = {b"batch_label": b"x", b"labels": labels, b"data": data, b"filenames": [f.encode() for f in filenames]}
        (folder / name).write_bytes(pickle.dumps(content, protocol=protocol))
    (folder / "batches.meta").write_bytes(pickle.dumps({"label_names": CLASSES, "num_vis": 3072}, protocol=protocol))


def python2():
    """The published files' operations in their order (python -m pickletools data_batch_1)."""
    folder = FIXTURES / "python2"
    folder.mkdir(parents=True, exist_ok=True)

    def old(text):
        text = text if isinstance(text, bytes) else text.encode()
        return b"U" + bytes([len(text)]) + text if len(text) < 256 else b"T" + struct.pack("<i", len(text)) + text

    def small(value):
        return b"K" + bytes([value]) if value < 256 else b"M" + struct.pack("<H", value)

    def strings(values):
        return b"]q\x09(" + b"".join(old(v) for v in values) + b"e"

    for number, name in [(6, "test_batch")]:
        data, labels, filenames = batch(number)
        array = (
            b"cnumpy.core.multiarray\n_reconstruct\nq\x06cnumpy\nndarray\nq\x07K\x00\x85U\x01b\x87Rq\x08"
            + b"(K\x01" + small(data.shape[0]) + small(data.shape[1]) + b"\x86"
            + b"cnumpy\ndtype\nq\x0aU\x02u1K\x00K\x01\x87Rq\x0b(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
            + b"\x89" + old(data.tobytes()) + b"tb"
        )
        content = (
            b"\x80\x02}q\x01(" + old("batch_label") + old("testing batch 1 of 1")
            + old("labels") + b"]q\x04(" + b"".join(small(v) for v in labels) + b"e"
            + old("data") + array + old("filenames") + strings(filenames) + b"u."
        )
        with_python = pickle.loads(content, encoding="bytes")
        assert (with_python[b"data"] == data).all() and with_python[b"labels"] == labels
        (folder / name).write_bytes(content)
    (folder / "batches.meta").write_bytes(
        b"\x80\x02}q\x01(" + old("num_cases_per_batch") + b"M\x10'" + old("label_names") + strings(CLASSES) + b"u."
    )


def archive():
    """Folders around everything, a classes.txt, names with spaces, a file that is no picture, macOS's copies."""
    with zipfile.ZipFile(FIXTURES / "images.zip", "w", zipfile.ZIP_DEFLATED) as out:

        def add(name, content):
            info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            out.writestr(info, content, zipfile.ZIP_DEFLATED)

        add("birds/classes.txt", "n2, zebra finch\nn1, wren\n")
        for position, name in enumerate(["train/n1/a b.png", "train/n2/c.png", "train/n1/d.png", "val/n2/e.png"]):
            picture = io.BytesIO()
            Image.new("RGB", (16, 12), (position * 10, 20, 30)).save(picture, "PNG")
            add("birds/" + name, picture.getvalue() + bytes(200))
        add("birds/train/n1/boxes.txt", "d.png 0 0 1 1\n" * 20)
        add("__MACOSX/birds/train/n1/._d.png", "x" * 100)


def augmentation():
    width, height = 8, 6
    pixels = np.frombuffer(noise(width * height * 3, 1), np.uint8).reshape(height, width, 3).copy()
    # Grey, black, white and saturated pixels, which hue and saturation treat apart.
    pixels[0, :6] = [[90, 90, 90], [0, 0, 0], [255, 255, 255], [255, 0, 0], [0, 255, 0], [0, 0, 255]]
    image = Image.fromarray(pixels)
    cases = []

    def case(name, value, result):
        cases.append({"step": name, "value": value, "pixels": np.asarray(result).reshape(-1).tolist()})

    for value in [0.0, 0.4, 1.0, 1.7]:
        case("brightness", value, F.adjust_brightness(image, value))
        case("contrast", value, F.adjust_contrast(image, value))
        case("saturation", value, F.adjust_saturation(image, value))
    for value in [-0.5, -0.2, -0.004, 0.0, 0.1, 0.37, 0.5]:
        case("hue", value, F.adjust_hue(image, value))
    case("flip", 0, F.hflip(image))

    torch.manual_seed(1)
    moments = []
    for size in [(64, 48), (20, 200), (300, 40)]:
        picture = Image.new("RGB", size)
        draws = 40_000
        boxes = np.array(
            [transforms.RandomResizedCrop.get_params(picture, [0.08, 1.0], [3 / 4, 4 / 3]) for _ in range(draws)], float
        )
        top, left, h, w = boxes.T
        values = {"x": left, "y": top, "w": w, "h": h, "area": w * h, "whole": (w * h == size[0] * size[1]) * 1.0}
        moments.append(
            {
                "width": size[0], "height": size[1], "draws": draws,
                "mean": {k: float(v.mean()) for k, v in values.items()},
                "deviation": {k: float(v.std()) for k, v in values.items()},
            }
        )
    out = {"width": width, "height": height, "input": pixels.reshape(-1).tolist(), "cases": cases, "crops": moments}
    (FIXTURES / "augmentation.json").write_text(json.dumps(out, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    python3(2)
    python3(4)
    python2()
    archive()
    augmentation()
