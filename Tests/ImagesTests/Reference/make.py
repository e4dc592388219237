"""Makes the reference data of ImagesTests with other decoders and resizers: Pillow, OpenCV, and the PNG reader
below, in plain Python.

    EDVIZ_DATA=… python Tests/ImagesTests/Reference/make.py

Pictures are noted as width, height and CRC-32 of their RGB bytes: comparisons are exact, so nothing more is
needed.
Last run with Pillow 13.0.0 (libjpeg-turbo 3.2), OpenCV 5.0.0 and numpy 2.
"""

import os
import struct
import warnings
import zlib
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps

HERE = Path(__file__).parent
FIXTURES = HERE.parent / "Fixtures"
DATA = Path(os.environ["EDVIZ_DATA"]) / "images"
warnings.simplefilter("ignore")


def entry(name, rgb):
    rgb = np.ascontiguousarray(rgb)
    assert rgb.dtype == np.uint8 and rgb.shape[2] == 3
    return f"{name} {rgb.shape[1]} {rgb.shape[0]} {zlib.crc32(rgb.tobytes()):08x}\n"


# PNG


def unfilter(data, width, height, bits):
    """Rows of one pass without their filters, and what is left of the data."""
    length = (width * bits + 7) // 8
    step = max(bits // 8, 1)
    rows, above = [], bytearray(length)
    for y in range(height):
        kind, row = data[0], bytearray(data[1 : length + 1])
        data = data[length + 1 :]
        for i in range(length):
            a = row[i - step] if i >= step else 0
            b = above[i]
            c = above[i - step] if i >= step else 0
            if kind == 1:
                row[i] = (row[i] + a) & 255
            elif kind == 2:
                row[i] = (row[i] + b) & 255
            elif kind == 3:
                row[i] = (row[i] + (a + b) // 2) & 255
            elif kind == 4:
                p = a + b - c
                distances = (abs(p - a), abs(p - b), abs(p - c))
                row[i] = (row[i] + (a, b, c)[distances.index(min(distances))]) & 255
        rows.append(row)
        above = row
    return rows, data


def samples(row, width, channels, depth):
    if depth == 16:
        return np.frombuffer(bytes(row), ">u2").reshape(width, channels)
    bits = np.unpackbits(np.frombuffer(bytes(row), np.uint8)).reshape(-1, depth)[: width * channels]
    return (bits @ (1 << np.arange(depth)[::-1])).reshape(width, channels)


ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def read_png(path):
    """RGB as edviz reads it: high byte of 16, then transparency over white, rounded to nearest; no gamma."""
    data, position, chunks = path.read_bytes(), 8, {}
    while position < len(data):
        length, kind = struct.unpack(">I4s", data[position : position + 8])
        chunks[kind] = chunks.get(kind, b"") + data[position + 8 : position + 8 + length]
        position += length + 12
    width, height, depth, color, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[color]
    rest = zlib.decompress(chunks[b"IDAT"])
    values = np.zeros((height, width, channels), int)
    for x0, y0, dx, dy in ADAM7 if interlaced else [(0, 0, 1, 1)]:
        w, h = len(range(x0, width, dx)), len(range(y0, height, dy))
        if w == 0 or h == 0:
            continue
        rows, rest = unfilter(rest, w, h, channels * depth)
        for y, row in enumerate(rows):
            values[y0 + y * dy, x0::dx] = samples(row, w, channels, depth)
    alpha = np.full((height, width), 255)
    trns = chunks.get(b"tRNS")
    if color == 3:
        palette = np.frombuffer(chunks[b"PLTE"], np.uint8).reshape(-1, 3)
        index = values[:, :, 0]
        if trns:
            alpha = np.array(list(trns) + [255] * (256 - len(trns)))[index]
        rgb = palette[index].astype(int)
    else:
        if trns and color in (0, 2):
            key = np.frombuffer(trns, ">u2").astype(int)
            alpha = np.where((values == key).all(axis=2), 0, 255)
        eight = values >> 8 if depth == 16 else values * 255 // ((1 << depth) - 1)
        if color in (4, 6):
            alpha = eight[:, :, -1]
            eight = eight[:, :, :-1]
        rgb = np.broadcast_to(eight, (height, width, 3)) if eight.shape[2] == 1 else eight
    a = alpha[:, :, None]
    return ((2 * (rgb * a + 255 * (255 - a)) + 255) // 510).astype(np.uint8)


def make_pngsuite():
    lines = []
    for path in sorted((FIXTURES / "pngsuite").glob("*.png")):
        rgb = read_png(path)
        with Image.open(path) as image:
            # Where Pillow keeps everything, both readers must agree.
            if image.mode in ("1", "L", "P", "RGB") and "transparency" not in image.info:
                assert (np.array(image.convert("RGB")) == rgb).all(), path
        lines.append(entry(path.name, rgb))
    (FIXTURES / "pngsuite.txt").write_text("".join(lines))


# JPEG


def make_jpeg_fixtures():
    """Small files of each kind, from a photograph free to redistribute (skimage's chelsea)."""
    chelsea = Image.open(DATA / "skimage/chelsea.png").convert("RGB")
    photo = chelsea.crop((120, 40, 320, 200)).resize((67, 51))
    folder = FIXTURES / "jpeg"
    folder.mkdir(exist_ok=True)
    photo.save(folder / "baseline.jpg", quality=80)
    photo.save(folder / "progressive.jpg", quality=80, progressive=True)
    photo.save(folder / "full-chroma.jpg", quality=80, subsampling=0)
    photo.save(folder / "restarts.jpg", quality=80, restart_marker_rows=1)
    photo.convert("L").save(folder / "grey.jpg", quality=80)
    photo.convert("CMYK").save(folder / "cmyk.jpg", quality=80)


def make_jpeg():
    paths = sorted((FIXTURES / "jpeg").glob("*.jpg"))
    lines = [entry(path.name, np.array(Image.open(path).convert("RGB"))) for path in paths]
    (FIXTURES / "jpeg.txt").write_text("".join(lines))
    lines = []
    for folder in ["jpeg-reftest", "exif", "libjpeg-turbo", "skimage"]:
        for path in sorted((DATA / folder).rglob("*.jp*g")):
            if path.read_bytes()[:3] != b"\xff\xd8\xff":
                continue
            name = path.relative_to(DATA).as_posix()
            try:
                image = ImageOps.exif_transpose(Image.open(path))
                lines.append(entry(name, np.array(image.convert("RGB"))))
            except OSError:
                lines.append(f"{name} 0 0 refused\n")
    (FIXTURES / "jpeg-data.txt").write_text("".join(lines))


# Resampling, colours


def noise(count, seed):
    """The generator of the tests (Noise.swift): the high byte of a 32-bit linear congruence."""
    state, out = seed, np.empty(count, np.uint8)
    for i in range(count):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        out[i] = state >> 24
    return out


SIZES = [(1, 1), (2, 3), (5, 5), (16, 17), (31, 9), (37, 23), (64, 48), (101, 67), (224, 160), (37, 50), (80, 23)]


def make_resize():
    for ending, resampling in [("", "BILINEAR"), ("-bicubic", "BICUBIC"), ("-lanczos", "LANCZOS")]:
        lines = []
        for width, height in [(37, 23), (1, 7), (101, 4), (200, 150)]:
            image = Image.fromarray(noise(width * height * 3, 7).reshape(height, width, 3))
            for w, h in SIZES:
                resized = np.array(image.resize((w, h), Image.Resampling[resampling]))
                lines.append(entry(f"{width} {height}", resized))
        (FIXTURES / f"resize{ending}.txt").write_text("".join(lines))


FLOAT_SIZES = [
    ((7, 7), (64, 48)),
    ((7, 5), (13, 31)),
    ((23, 37), (5, 11)),
    ((14, 14), (29, 27)),
    ((1, 3), (4, 2)),
    ((20, 9), (7, 18)),
]


def make_float_resize():
    out = b""
    for (width, height), size in FLOAT_SIZES:
        values = noise(width * height, 3).astype(np.float32).reshape(height, width) / 16 - 5
        out += cv2.resize(values, size, interpolation=cv2.INTER_LINEAR).astype("<f4").tobytes()
    (FIXTURES / "float-resize.f32").write_bytes(out)


def make_colors():
    ramp = np.arange(256, dtype=np.uint8)[:, None]
    lines = []
    for name in ["jet", "turbo", "viridis", "magma"]:
        colors = cv2.applyColorMap(ramp, getattr(cv2, f"COLORMAP_{name.upper()}"))[:, :, ::-1]
        lines.append(entry(name, colors))
    (FIXTURES / "colormaps.txt").write_text("".join(lines))


def make_blend():
    """Every pair of levels, in each channel."""
    below = np.repeat(np.tile(np.arange(256, dtype=np.uint8), 256), 3).reshape(256, 256, 3)
    above = np.repeat(np.repeat(np.arange(256, dtype=np.uint8), 256), 3).reshape(256, 256, 3)
    alphas = [0.0, 0.1, 0.25, 0.3, 0.4, 0.5, 0.7, 0.9, 1.0]
    lines = [entry(str(a), cv2.addWeighted(below, 1 - a, above, a, 0)) for a in alphas]
    (FIXTURES / "blend.txt").write_text("".join(lines))


if __name__ == "__main__":
    make_pngsuite()
    make_jpeg_fixtures()
    make_jpeg()
    make_resize()
    make_float_resize()
    make_colors()
    make_blend()
