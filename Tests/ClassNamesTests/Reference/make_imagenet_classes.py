#!/usr/bin/env python3
"""Writes Sources/ClassNames/ImageNetClasses+Table.swift: ILSVRC2012's classes in the order of torchvision's and timm's logits.

Names are torchvision's (torchvision.models._meta, BSD-3-Clause), synsets those of WordNet as timm lists them
(data/_info/imagenet_synsets.txt, Apache-2.0); the order of both is that of the synsets. Last run with torchvision 0.29.2.
"""

from pathlib import Path

import timm
from torchvision.models._meta import _IMAGENET_CATEGORIES as names

HERE = Path(__file__).resolve().parent
synsets = (Path(timm.__file__).parent / "data" / "_info" / "imagenet_synsets.txt").read_text().split()
assert len(names) == len(synsets) == len(set(names)) == 1000 and synsets == sorted(synsets)
licence = next(Path(timm.__file__).parent.parent.glob("torchvision-*.dist-info/**/LICENSE")).read_text()
lines = ["// Made by Tests/ClassNamesTests/Reference/make_imagenet_classes.py. The names are torchvision's:", "//"]
lines += [("// " + line.strip()).strip() for line in licence.strip().splitlines()]
lines += ["", "extension ImageNetClasses {", "  /// The number of each synset of WordNet 3.0, and what torchvision calls it.", '  static let table = """']
lines += [f"    {synset[1:]} {name}" for synset, name in zip(synsets, names)]
lines += ['    """', "}", ""]
(HERE.parents[2] / "Sources" / "ClassNames" / "ImageNetClasses+Table.swift").write_text("\n".join(lines))
