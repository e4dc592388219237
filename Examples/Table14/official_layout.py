"""Makes CUB-200-2011's official layout of a folder with smaller copies of some of its photographs.

    python official_layout.py SMALL ROOT

SMALL holds images.txt (`id path original_width original_height width height`, the path beginning with train/ or val/),
image_class_labels.txt, bounding_boxes.txt, part_locs.txt and parts.txt with the original's coordinates in original pixels,
and the photographs. ROOT, a new folder, gets links to the photographs, the split that the paths tell, and coordinates in
pixels of the small copies.
"""

import pathlib
import sys

small, root = (pathlib.Path(path).resolve() for path in sys.argv[1:])


def rows(name):
    lines = (small / name).read_text().splitlines()
    return [line.split() for line in lines if line and not line.startswith("#")]


(root / "parts").mkdir(parents=True)
(root / "parts/parts.txt").write_text((small / "parts.txt").read_text())
labels = dict(rows("image_class_labels.txt"))
scale, species, images, splits = {}, {}, [], []
for number, path, *sizes in rows("images.txt"):
    wide, high, width, height = map(float, sizes)
    scale[number] = width / wide, height / high
    split, folder, name = path.split("/")
    species.setdefault(folder, str(len(species) + 1))
    (root / "images" / folder).mkdir(parents=True, exist_ok=True)
    (root / "images" / folder / name).symlink_to(small / path)
    images.append(f"{number} {folder}/{name}")
    splits.append(f"{number} {int(split == 'train')}")
    labels[number] = species[folder]
boxes = []
for number, *box in rows("bounding_boxes.txt"):
    (sx, sy), (x, y, width, height) = scale[number], map(float, box)
    boxes.append(f"{number} {x * sx:.3f} {y * sy:.3f} {width * sx:.3f} {height * sy:.3f}")
parts = []
for number, part, x, y, visible in rows("part_locs.txt"):
    sx, sy = scale[number]
    parts.append(f"{number} {part} {float(x) * sx:.3f} {float(y) * sy:.3f} {visible}")
for name, lines in [
    ("images.txt", images), ("train_test_split.txt", splits), ("bounding_boxes.txt", boxes),
    ("image_class_labels.txt", [f"{number} {labels[number]}" for number in scale]),
    ("classes.txt", [f"{number} {folder}" for folder, number in species.items()]),
    ("parts/part_locs.txt", parts),
]:
    (root / name).write_text("\n".join(lines) + "\n")
