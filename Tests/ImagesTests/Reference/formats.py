#!/usr/bin/env python3
"""Pictures in WebP, TIFF, GIF, BMP and PNM, and what Pillow decodes them to.

    formats.py            makes the small set in Fixtures/formats, from one photograph of Examples/Photos
    formats.py FOLDER     makes a large set in FOLDER, from all of them; `FormatTests` asks for it

Beside the pictures stand index.txt, a line `name width height tolerance` each, and reference.rgb, the pixels of all in the
order of the lines. Expected pixels are Pillow's after EXIF transposition, with edviz's own rules written again here:
transparency over white, rounded to nearest, and of 16 bits the high byte. Tolerance is 0 where nothing is lost on the way to
Pillow's levels, else 1: decoders of lossy formats may round in another place.

What Pillow cannot write (tiles, planes, 16 bits of colour, 2 and 4 bits of grey, run-length bitmaps) is written by hand below.
Last run with Pillow 13.0.0 (libwebp 1.6, libtiff 4.7).
"""

import io
import random
import struct
import sys
import warnings
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

HERE = Path(__file__).resolve().parent
PHOTOS = HERE.parents[2] / "Examples" / "Photos"
warnings.simplefilter("ignore")


def over_white(rgba):
    rgb, alpha = rgba[..., :3].astype(int), rgba[..., 3:].astype(int)
    return np.floor((rgb * alpha + 255 * (255 - alpha)) / 255 + 0.5).astype(np.uint8)


def expected(path):
    image = Image.open(path)
    image.seek(0)
    image.load()
    image = ImageOps.exif_transpose(image)
    if image.mode in ("I;16", "I;16B", "I;16L", "I"):
        grey = (np.asarray(image).astype(np.int64) >> 8).astype(np.uint8)
        return np.repeat(grey[..., None], 3, 2)
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        return over_white(np.asarray(image.convert("RGBA")))
    return np.asarray(image.convert("RGB"))


# TIFF by hand: samples as they are asked for, in strips or tiles, together or in planes.


def packed(samples, bits, order):
    """Rows of numbers as bytes; each row begins at one."""
    rows = samples.reshape(samples.shape[0], -1)
    if bits == 16:
        return rows.astype(order + "u2").tobytes()
    if bits == 8:
        return rows.astype(np.uint8).tobytes()
    flat = ((rows[..., None] >> np.arange(bits)[::-1]) & 1).reshape(rows.shape[0], -1).astype(np.uint8)
    return np.packbits(flat, axis=1).tobytes()


def tiff(samples, bits, photometric, order="<", tile=None, planes=False, deflate=False, extra=None, strip=16,
         palette=None, orientation=1):
    samples = samples if samples.ndim == 3 else samples[..., None]
    height, width, count = samples.shape
    parts = []
    for plane in range(count) if planes else [slice(None)]:
        one = samples[..., [plane]] if planes else samples
        if tile:
            padded = np.pad(one, ((0, -height % tile), (0, -width % tile), (0, 0)))
            for y in range(0, padded.shape[0], tile):
                for x in range(0, padded.shape[1], tile):
                    parts.append(packed(padded[y:y + tile, x:x + tile], bits, order))
        else:
            parts += [packed(one[y:y + strip], bits, order) for y in range(0, height, strip)]
    if deflate:
        parts = [zlib.compress(part) for part in parts]
    tags = {
        256: ("I", [width]), 257: ("I", [height]), 258: ("H", [bits] * count), 259: ("H", [8 if deflate else 1]),
        262: ("H", [photometric]), 274: ("H", [orientation]), 277: ("H", [count]), 284: ("H", [2 if planes else 1])}
    if extra is not None:
        tags[338] = ("H", [extra])
    if palette is not None:
        tags[320] = ("H", list(palette))
    offsets, lengths = (324, 325) if tile else (273, 279)
    if tile:
        tags[322], tags[323] = ("I", [tile]), ("I", [tile])
    else:
        tags[278] = ("I", [strip])
    tags[offsets], tags[lengths] = ("I", [0] * len(parts)), ("I", [len(part) for part in parts])
    start = 8 + 2 + 12 * len(tags) + 4
    values, data = {}, b""
    for tag, (kind, numbers) in sorted(tags.items()):
        size = len(struct.pack(order + kind, 0)) * len(numbers)
        if size > 4:
            values[tag] = start + len(data)
            data += b"\0" * (size + size % 2)
    place = start + len(data)
    tags[offsets] = ("I", [place + sum(map(len, parts[:i])) for i in range(len(parts))])
    data = bytearray(data)
    directory = struct.pack(order + "H", len(tags))
    for tag, (kind, numbers) in sorted(tags.items()):
        body = struct.pack(f"{order}{len(numbers)}{kind}", *numbers)
        directory += struct.pack(order + "HHI", tag, {"H": 3, "I": 4}[kind], len(numbers))
        if tag in values:
            data[values[tag] - start:values[tag] - start + len(body)] = body
            directory += struct.pack(order + "I", values[tag])
        else:
            directory += body.ljust(4, b"\0")
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    return head + directory + b"\0\0\0\0" + bytes(data) + b"".join(parts)


# BMP by hand.


def bmp(width, height, bits, data, compression=0, palette=b"", masks=b"", header=40):
    start = 14 + header + len(masks) * (header == 40) + len(palette)
    info = struct.pack("<IiiHHIIiiII", header, width, height, 1, bits, compression, len(data), 2835, 2835,
                       len(palette) // 4, 0)
    info = (info + masks).ljust(header, b"\0")
    return b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start) + info + palette + data


def run_length(indices, bits):
    """Rows from below, in turns of runs, pixels as they are, and now and then a jump."""
    picks, out = random.Random(3), bytearray()
    for row in indices[::-1]:
        x = 0
        while x < len(row):
            left = len(row) - x
            run = 1
            while run < min(left, 255) and row[x + run] == row[x]:
                run += 1
            if run > 2 or left < 4:
                value = int(row[x])
                out += bytes([run, value if bits == 8 else value << 4 | value])
                x += run
            elif row[x] == 0 and picks.random() < 0.5:
                out += bytes([0, 2, 1, 0])
                x += 1
            else:
                count = min(left, picks.randint(3, 9))
                numbers = [int(v) for v in row[x:x + count]]
                if bits == 4:
                    numbers += [0] * (count % 2)
                    numbers = [a << 4 | b for a, b in zip(numbers[::2], numbers[1::2])]
                out += bytes([0, count] + numbers + [0] * (len(numbers) % 2))
                x += count
        out += b"\0\0"
    return bytes(out + b"\0\1")


def rows_from_below(rows):
    return b"".join(row + b"\0" * (-len(row) % 4) for row in rows[::-1])


class Maker:
    def __init__(self, folder):
        self.folder, self.lines, self.pixels = Path(folder), [], b""
        self.folder.mkdir(parents=True, exist_ok=True)

    def add(self, name, content, tolerance=0):
        path = self.folder / name
        if callable(content):
            content(path)
        else:
            path.write_bytes(content)
        pixels = expected(path)
        self.lines.append(f"{name} {pixels.shape[1]} {pixels.shape[0]} {tolerance}\n")
        self.pixels += pixels.tobytes()

    def save(self, name, image, tolerance=0, **options):
        self.add(name, lambda path: image.save(path, **options), tolerance)

    def finish(self):
        (self.folder / "index.txt").write_text("".join(self.lines))
        (self.folder / "reference.rgb").write_bytes(self.pixels)
        for kind in ["webp", "tif", "gif", "bmp", "p?m"]:
            print(kind, len(list(self.folder.glob("*." + kind))))


def with_alpha(image):
    """Opaque to the left, transparent to the right, everything between."""
    width, height = image.size
    ramp = np.clip(np.linspace(300, -45, width), 0, 255).astype(np.uint8)
    image = image.copy()
    image.putalpha(Image.fromarray(np.repeat(ramp[None], height, 0)))
    return image


def oriented(value):
    exif = Image.Exif()
    exif[0x0112] = value
    return exif


def webp(make, name, image, orientations=range(1, 9)):
    for quality in (20, 80, 100):
        make.save(f"{name}-q{quality}.webp", image, 1, quality=quality)
        make.save(f"{name}-alpha-q{quality}.webp", with_alpha(image), 1, quality=quality)
    make.save(f"{name}-lossless.webp", image, lossless=True)
    make.save(f"{name}-alpha-lossless.webp", with_alpha(image), lossless=True, exact=True)
    make.save(f"{name}-grey.webp", image.convert("L"), lossless=True)
    other = ImageOps.mirror(image)
    make.save(f"{name}-animated.webp", image, save_all=True, append_images=[other], duration=50, lossless=True)
    make.save(f"{name}-animated-alpha.webp", with_alpha(image), save_all=True, append_images=[with_alpha(other)],
              duration=50, lossless=True)
    for value in orientations:
        make.save(f"{name}-exif{value}.webp", image, lossless=True, exif=oriented(value))


def tiffs(make, name, image, orientations=range(1, 9)):
    grey, deep = image.convert("L"), np.asarray(image.convert("L")).astype(int) * 257 - 13
    deep = np.clip(deep + np.arange(deep.shape[1]) % 200, 0, 65535)
    palette, bits = image.quantize(37), image.convert("1")
    for how in ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"):
        for label, picture in [("rgb", image), ("grey", grey), ("palette", palette), ("rgba", with_alpha(image)),
                               ("cmyk", image.convert("CMYK")), ("la", with_alpha(grey))]:
            make.save(f"{name}-{label}-{how}.tif", picture, compression=None if how == "raw" else how)
    for how in ("group3", "group4", "packbits"):
        make.save(f"{name}-bits-{how}.tif", bits, compression=how)
    for how in ("zstd", "lzma"):
        make.save(f"{name}-rgb-{how}.tif", image, compression=how)
    make.save(f"{name}-rgb-jpeg.tif", image, 1, compression="jpeg", quality=85)
    make.save(f"{name}-grey-jpeg.tif", grey, 1, compression="jpeg", quality=85)
    make.save(f"{name}-ycbcr-jpeg.tif", image.convert("YCbCr"), 1, compression="jpeg")
    make.save(f"{name}-deep.tif", Image.fromarray(deep.astype(np.uint16)), compression="tiff_lzw")
    make.save(f"{name}-big.tif", image, big_tiff=True)
    make.save(f"{name}-pages.tif", image, save_all=True, append_images=[ImageOps.mirror(image)])
    for value in orientations:
        make.save(f"{name}-exif{value}.tif", image, compression="tiff_lzw", tiffinfo={274: value})
    rgb = np.asarray(image)
    rgba = np.asarray(with_alpha(image))
    wide = rgb.astype(int) * 256 + np.arange(rgb.shape[1])[None, :, None] % 256
    for order, letter in (("<", "le"), (">", "be")):
        make.add(f"{name}-wide-{letter}.tif", tiff(wide, 16, 2, order))
        make.add(f"{name}-deep-{letter}.tif", tiff(deep, 16, 1, order, deflate=True))
    for tile in (16, 48):
        make.add(f"{name}-tiles{tile}.tif", tiff(rgb, 8, 2, tile=tile, deflate=tile == 48))
        make.add(f"{name}-tiles{tile}-planes.tif", tiff(rgb, 8, 2, ">", tile=tile, planes=True, deflate=True))
        make.add(f"{name}-tiles{tile}-rgba.tif", tiff(rgba, 8, 2, tile=tile, extra=2))
    make.add(f"{name}-planes.tif", tiff(rgb, 8, 2, planes=True))
    make.add(f"{name}-unspecified.tif", tiff(rgba, 8, 2, extra=0))
    make.add(f"{name}-unsaid.tif", tiff(rgba, 8, 2))
    multiplied = np.dstack([rgba[..., :3].astype(int) * rgba[..., 3:] // 255, rgba[..., 3]])
    make.add(f"{name}-premultiplied.tif", tiff(multiplied, 8, 2, extra=1), 1)
    level = np.asarray(grey).astype(int)
    for depth in (1, 2, 4):
        make.add(f"{name}-black{depth}.tif", tiff(level >> (8 - depth), depth, 1))
        make.add(f"{name}-white{depth}.tif", tiff(level >> (8 - depth), depth, 0))
    make.add(f"{name}-white8.tif", tiff(level, 8, 0, tile=32))
    colors = [random.Random(1).randrange(65536) for _ in range(3 * 16)]
    make.add(f"{name}-palette4.tif", tiff(level >> 4, 4, 3, palette=colors))
    make.add(f"{name}-transversed.tif", tiff(rgb, 8, 2, orientation=7))


def gifs(make, name, image):
    for colors in (2, 7, 64, 256):
        make.save(f"{name}-{colors}.gif", image.quantize(colors))
        make.save(f"{name}-{colors}-interlaced.gif", image.quantize(colors), interlace=1)
    make.save(f"{name}-grey.gif", image.convert("L"))
    make.save(f"{name}-plain.gif", image.quantize(16), interlace=0)
    spotted = image.quantize(31)
    make.save(f"{name}-transparent.gif", spotted, transparency=4)
    make.save(f"{name}-transparent-interlaced.gif", spotted, transparency=9, interlace=1)
    make.save(f"{name}-animated.gif", spotted, save_all=True, append_images=[ImageOps.mirror(image).quantize(31)],
              duration=40, loop=0)

    def shifted(transparency):
        """The frame in the middle of a larger canvas."""
        options = {} if transparency is None else {"transparency": transparency}
        buffer = io.BytesIO()
        spotted.save(buffer, "GIF", interlace=0, **options)
        content = bytearray(buffer.getvalue())
        place = content.index(b"\x2c" + struct.pack("<HHHH", 0, 0, *spotted.size), 13)
        content[place + 1:place + 5] = struct.pack("<HH", 5, 3)
        content[6:10] = struct.pack("<HH", spotted.width + 11, spotted.height + 9)
        return bytes(content)

    make.add(f"{name}-shifted.gif", shifted(None))
    make.add(f"{name}-shifted-transparent.gif", shifted(2))


def bmps(make, name, image):
    width, height = image.size
    for label, picture in [("rgb", image), ("grey", image.convert("L")), ("palette", image.quantize(100)),
                           ("bits", image.convert("1")), ("rgba", with_alpha(image))]:
        make.save(f"{name}-{label}.bmp", picture)
    rgb = np.asarray(image).astype(int)
    data = rows_from_below([bytes(row[:, ::-1].astype(np.uint8).ravel()) for row in rgb])
    make.add(f"{name}-below.bmp", bmp(width, height, 24, data))
    top = b"".join(bytes(row[:, ::-1].astype(np.uint8).ravel()) + b"\0" * (-3 * width % 4) for row in rgb)
    make.add(f"{name}-above.bmp", bmp(width, -height, 24, top))
    five = (rgb[..., 0] >> 3) << 10 | (rgb[..., 1] >> 3) << 5 | rgb[..., 2] >> 3
    six = (rgb[..., 0] >> 3) << 11 | (rgb[..., 1] >> 2) << 5 | rgb[..., 2] >> 3
    make.add(f"{name}-555.bmp", bmp(width, height, 16, rows_from_below([row.astype("<u2").tobytes() for row in five])))
    make.add(f"{name}-565.bmp", bmp(
        width, height, 16, rows_from_below([row.astype("<u2").tobytes() for row in six]), 3,
        masks=struct.pack("<III", 0xF800, 0x7E0, 0x1F)))
    long = rgb[..., 0] << 16 | rgb[..., 1] << 8 | rgb[..., 2]
    make.add(f"{name}-32.bmp", bmp(width, height, 32, rows_from_below([row.astype("<u4").tobytes() for row in long])))
    swapped = long << 8
    make.add(f"{name}-fields.bmp", bmp(
        width, height, 32, rows_from_below([row.astype("<u4").tobytes() for row in swapped]), 3,
        masks=struct.pack("<III", 0xFF000000, 0xFF0000, 0xFF00)))
    for bits, colors in ((8, 200), (4, 16), (1, 2)):
        spotted = image.quantize(colors)
        indices = np.asarray(spotted)
        table = np.zeros((colors, 4), np.uint8)
        found = np.array(spotted.getpalette()[:3 * colors]).reshape(-1, 3)
        table[:len(found), :3] = found[:, ::-1]
        plain = [packed(row[None, :, None], bits, "<") for row in indices]
        make.add(f"{name}-index{bits}.bmp", bmp(width, height, bits, rows_from_below(plain), palette=table.tobytes()))
        if bits > 1:
            make.add(f"{name}-rle{bits}.bmp", bmp(
                width, height, bits, run_length(indices, bits), 1 if bits == 8 else 2, palette=table.tobytes()))
    core = b"BM" + struct.pack("<IHHI", 26 + len(data), 0, 0, 26) + struct.pack("<IHHHH", 12, width, height, 1, 24)
    make.add(f"{name}-core.bmp", core + data)


def pnms(make, name, image):
    width, height = image.size
    grey = np.asarray(image.convert("L")).astype(int)
    rgb = np.asarray(image).astype(int)
    for ending, picture in [("ppm", image), ("pgm", image.convert("L")), ("pbm", image.convert("1"))]:
        make.save(f"{name}.{ending}", picture)

    def text(kind, values, most):
        head = f"P{kind}\n# words\n{width} {height}\n" + ("" if most is None else f"{most}\n")
        return (head + "\n".join(" ".join(map(str, row)) for row in values.reshape(height, -1)) + "\n").encode()

    bits = (grey < 120).astype(int)
    make.add(f"{name}-text.pbm", text(1, bits, None))
    make.add(f"{name}-dense.pbm", f"P1 {width} {height}\n".encode() + "".join(map(str, bits.ravel())).encode())
    make.add(f"{name}-text.pgm", text(2, grey, 255))
    make.add(f"{name}-text.ppm", text(3, rgb, 255))
    for most in (1, 15, 100, 254):
        make.add(f"{name}-most{most}.pgm", text(2, grey * most // 255, most))
        make.add(f"{name}-most{most}.ppm", f"P6 {width} {height} {most}\n".encode()
                 + (rgb * most // 255).astype(np.uint8).tobytes())
    for most in (1023, 65535):
        make.add(f"{name}-most{most}.pgm", f"P5\n{width}\n{height}\n{most}\n".encode()
                 + (grey * most // 255).astype(">u2").tobytes())
        make.add(f"{name}-most{most}.ppm", f"P6\n{width} {height}\n{most}\n".encode()
                 + (rgb * most // 255).astype(">u2").tobytes())


def large(folder):
    make = Maker(folder)
    sizes = {"astronaut": (91, 67), "coffee": (120, 90), "rocket": (40, 133)}
    for name, size in sizes.items():
        image = Image.open(PHOTOS / f"{name}.jpg").convert("RGB").resize(size, Image.Resampling.LANCZOS)
        webp(make, name, image)
        tiffs(make, name, image)
        gifs(make, name, image)
        bmps(make, name, image)
        pnms(make, name, image)
    for size in ((1, 1), (1, 9), (7, 1), (33, 2)):
        image = Image.open(PHOTOS / "coffee.jpg").convert("RGB").resize(size)
        name = f"tiny-{size[0]}-{size[1]}"
        make.save(f"{name}.webp", image, lossless=True)
        make.save(f"{name}.tif", image)
        make.save(f"{name}.gif", image.quantize(4))
        make.save(f"{name}.bmp", image)
        make.save(f"{name}.ppm", image)
    make.finish()


def small(folder):
    make = Maker(folder)
    image = Image.open(PHOTOS / "coffee.jpg").convert("RGB").resize((21, 14), Image.Resampling.LANCZOS)
    webp(make, "a", image, [6])
    tiffs(make, "a", image, [6])
    gifs(make, "a", image)
    bmps(make, "a", image)
    pnms(make, "a", image)
    make.finish()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        large(sys.argv[1])
    else:
        small(HERE.parent / "Fixtures" / "formats")
