"""Times `edviz evaluate masks` beside a PyTorch loop on the same photographs, in one run and alternately.

    swift build -c release --product edviz
    python -m venv /tmp/peers && /tmp/peers/bin/pip install torch torchvision pillow safetensors
    /tmp/peers/bin/python Benchmarks/peers/masks.py IMAGES MASKS [COUNT]

ED-ResNet-50 with the same weights, 448 px, a batch of one photograph, all cores: edviz looks at one photograph on each,
PyTorch shares out each operator. The loop does what a script for the purpose does: Pillow and torchvision bring a
photograph to 448×448, the network runs, the last block's depth sum is resized to the photograph,
cut at its mean and compared with the mask. edviz's time is that of its whole process, which computes all its other scores
too; the loop's is without imports and loading. Prints a table in Markdown and how far the mean IoUs differ.
"""

import csv
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import torch
from PIL import Image
from torch import nn
from torchvision import transforms

from ednet import with_random_weights

ROOT = pathlib.Path(__file__).resolve().parents[2]
EDVIZ = ROOT / ".build/release/edviz"
ROUNDS = 3
SIDE = 448


def torch_loop(model, pictures, layout):
    prepare = transforms.Compose([
        transforms.Resize((SIDE, SIDE)), transforms.ToTensor(),
        transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))])
    model = model.to(memory_format=layout)
    start, scores = time.perf_counter(), []
    with torch.inference_mode():
        for path, mask in pictures:
            image = Image.open(path).convert("RGB")
            depth_sum = model.features(prepare(image)[None].contiguous(memory_format=layout)).sum(1, keepdim=True)
            full = nn.functional.interpolate(
                depth_sum, (image.height, image.width), mode="bilinear", align_corners=False)[0, 0]
            region = (full > full.mean()).numpy()
            truth = np.array(Image.open(mask).convert("L")) > 127
            scores.append((region & truth).sum() / max(1, (region | truth).sum()))
    return time.perf_counter() - start, float(np.mean(scores))


def edviz_run(data, folder):
    command = [EDVIZ, "evaluate", "masks", "--images", data / "images", "--masks", data / "masks", "-w",
               data / "model.safetensors", "--size", str(SIDE),
               "--fit", "square", "-o", folder, "-q"]
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main():
    images, masks = (pathlib.Path(path).resolve() for path in sys.argv[1:3])
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 200
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for name in ("images", "masks"):
            (folder / name).mkdir()
        pictures = []
        for image in sorted(images.iterdir())[:count]:
            mask = masks / f"{image.stem}.png"
            (folder / "images" / image.name).symlink_to(image)
            (folder / "masks" / mask.name).symlink_to(mask)
            pictures.append((image, mask))
        model = with_random_weights("ed-resnet50")
        torch.save(model.state_dict(), folder / "model.pth")
        subprocess.run([EDVIZ, "convert", folder / "model.pth", folder / "model.safetensors", "-q"], check=True)
        ours, theirs = [], {torch.contiguous_format: [], torch.channels_last: []}
        for attempt in range(ROUNDS):
            ours.append(edviz_run(folder, folder / f"scores-{attempt}"))
            for layout, times in theirs.items():
                seconds, iou = torch_loop(model, pictures, layout)
                times.append(seconds)
        with open(folder / "scores-0/pictures.csv") as file:
            mean = statistics.mean(float(row["mask_iou"]) for row in csv.DictReader(file) if row["branch"] == "output")
        print(f"mean IoU: edviz {100 * mean:.3f} %, PyTorch {100 * iou:.3f} %")
        assert abs(mean - iou) < 1e-3
        print(f"{len(pictures)} photographs, {SIDE} px, batch 1, {torch.get_num_threads()} threads, PyTorch "
              f"{torch.__version__}; medians (range) of {ROUNDS} alternating rounds\n")
        print("| program | photographs/s | edviz is faster by |\n| --- | --- | --- |")
        for name, times in [("edviz", ours), *((str(layout), times) for layout, times in theirs.items())]:
            rates = [len(pictures) / value for value in times]
            factor = statistics.median(times) / statistics.median(ours)
            print(f"| {name} | {statistics.median(rates):.3g} ({min(rates):.3g}–{max(rates):.3g}) | {factor:.2f} |")


main()
