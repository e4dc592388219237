"""Writes ../Fixtures/train-double.json: three training steps of ED-ResNet-26 by PyTorch in double precision.

At the size of the case in train.json (64 px, batch 4) the last encoder normalises over four values, and float32 cannot
tell more: PyTorch's own gradients there move by 3e-3 to 8e-3 with the number of threads or the memory layout. This case
is larger (160×128 px), where float32 and double agree to about 1e-4, so that a tolerance of 1e-3 means something.

    python3 -m venv scratch && scratch/bin/pip install torch numpy
    scratch/bin/python Tests/EDNetsTests/Reference/make_train_double.py
"""

import json
import os
import sys

import numpy as np
import torch
from torch import nn

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "..", "..", "Benchmarks", "peers"))
from ednet import EDResNet50  # noqa: E402

SEED, SHAPE, LABELS, RATE, MOMENTUM, DECAY = 0, [4, 3, 160, 128], [3, 10, 17, 24], 0.002, 0.9, 1e-4


def generate(name, shape, seed):
    """As GoldenGenerator: SplitMix64 started from FNV-1a of the name."""
    state = 0xCBF29CE484222325
    for byte in name.encode():
        state = ((state ^ byte) * 0x100000001B3) % 2**64
    count = int(np.prod(shape))
    with np.errstate(over="ignore"):
        z = np.uint64(state ^ seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    u = (z >> np.uint64(40)).astype(np.float64) * 2.0**-24
    last = name.split(".")[-1]
    if last == "input":
        values = (2 * u - 1) * 1.75
    elif last == "running_var" or (last == "weight" and len(shape) == 1):
        values = 0.5 + u
    elif last == "weight":
        values = (2 * u - 1) * np.sqrt(3 / (count / shape[0]))
    else:
        values = (2 * u - 1) * 0.1
    return torch.tensor(values.astype(np.float32)).reshape(shape)


def summary(tensor):
    return {"norm": tensor.norm().item(), "sum": tensor.sum().item(), "first": tensor.flatten()[:4].tolist()}


def train(dtype):
    net = EDResNet50(blocks=(2, 2, 2, 2))
    state = {k: v if "num_batches" in k else generate(k, tuple(v.shape), SEED) for k, v in net.state_dict().items()}
    net.load_state_dict(state)
    net = net.to(dtype).train()
    images = generate("input", SHAPE, SEED).to(dtype)
    optimizer = torch.optim.SGD(net.parameters(), RATE, MOMENTUM, weight_decay=DECAY)
    steps = []
    for step in range(3):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(images), torch.tensor(LABELS))
        loss.backward()
        steps.append({"loss": loss.item()})
        if step == 0:
            steps[0]["gradients"] = {k: summary(p.grad) for k, p in net.named_parameters()}
        optimizer.step()
    final = {k: summary(v.to(dtype)) for k, v in net.state_dict().items() if "num_batches" not in k}
    with torch.no_grad():
        logits = net.eval()(images)
    flat = logits.flatten()
    index = [i * (flat.numel() // 8) for i in range(8)]
    return {
        "model": "ed-resnet26", "seed": SEED, "input": SHAPE, "labels": LABELS, "lr": RATE, "momentum": MOMENTUM,
        "weightDecay": DECAY, "steps": steps, "final": final,
        "evalLogits": {
            "shape": list(logits.shape), "mean": flat.mean().item(), "meanAbs": flat.abs().mean().item(),
            "positive": (flat > 0).double().mean().item(), "index": index, "value": [flat[i].item() for i in index]},
    }


case = train(torch.float64)
single = train(torch.float32)
worst = max(
    abs(single["steps"][0]["gradients"][k]["norm"] - v["norm"]) / v["norm"]
    for k, v in case["steps"][0]["gradients"].items())
print("losses", [s["loss"] for s in case["steps"]], [s["loss"] for s in single["steps"]])
print("PyTorch's float32 against double, gradient norms:", worst)
print("final", max(abs(single["final"][k]["norm"] - v["norm"]) / v["norm"] for k, v in case["final"].items()))
with open(os.path.join(here, "..", "Fixtures", "train-double.json"), "w") as file:
    json.dump([case], file, separators=(",", ":"))
