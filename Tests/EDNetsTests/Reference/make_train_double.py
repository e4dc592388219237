"""Writes ../Fixtures/train-double*.json: three training steps of networks by PyTorch in double precision.

At the size of the cases in train.json and train-variants.json (64 px, batch 4) the last encoder normalises over four
values, and float32 cannot tell more: `--measure` prints how far PyTorch's own float32 moves there with the number of
threads and the memory layout, and how far it is from double. The cases that are written are larger, so that float32 and
double agree better and a tolerance means something.

    python3 -m venv scratch && scratch/bin/pip install torch numpy
    scratch/bin/python Tests/EDNetsTests/Reference/make_train_double.py [--measure]
"""

import json
import os
import sys

import numpy as np
import torch
from torch import nn

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "..", "..", "Benchmarks", "peers"))
from ednet import Block, CBAMBlock, EDNet, Res2NetBlock, SEResNeXtBlock  # noqa: E402

SEED, LABELS, RATE, MOMENTUM, DECAY = 0, [3, 10, 17, 24], 0.002, 0.9, 1e-4
BLOCKS = {
    "ed-resnet26": Block, "se-ed-resnext26": SEResNeXtBlock, "cbam-resnet26": CBAMBlock, "ed-res2net26": Res2NetBlock,
}
CASES = {
    "train-double": [("ed-resnet26", [4, 3, 160, 128])],
    "train-double-variants": [
        (model, [4, 3, 128, 96]) for model in ("se-ed-resnext26", "cbam-resnet26", "ed-res2net26")],
}


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


def numbers(values):
    return [float(f"{value:.9g}") for value in values]


def summary(tensor):
    tensor = tensor.detach().contiguous().double()
    norm, total = numbers([tensor.norm().item(), tensor.sum().item()])
    return {"norm": norm, "sum": total, "first": numbers(tensor.flatten()[:4].tolist())}


def train(model, shape, dtype=torch.float64, threads=2, layout=torch.contiguous_format):
    torch.set_num_threads(threads)
    net = EDNet(blocks=(2, 2, 2, 2), block=BLOCKS[model])
    state = {k: v if "num_batches" in k else generate(k, tuple(v.shape), SEED) for k, v in net.state_dict().items()}
    net.load_state_dict(state)
    net = net.to(dtype).to(memory_format=layout).train()
    images = generate("input", shape, SEED).to(dtype).to(memory_format=layout)
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
    final = {k: summary(v) for k, v in net.state_dict().items() if "num_batches" not in k}
    with torch.no_grad():
        logits = net.eval()(images).double()
    flat = logits.flatten()
    index = [i * (flat.numel() // 8) for i in range(8)]
    return {
        "model": model, "seed": SEED, "input": shape, "labels": LABELS, "lr": RATE, "momentum": MOMENTUM,
        "weightDecay": DECAY, "steps": steps, "final": final,
        "evalLogits": {
            "shape": list(logits.shape), "mean": flat.mean().item(), "meanAbs": flat.abs().mean().item(),
            "positive": (flat > 0).double().mean().item(), "index": index, "value": [flat[i].item() for i in index]},
    }


def difference(found, expected, count):
    """As GoldenTrainTests: of norm, sum and first values, as a share of the norm."""
    scale = max(expected["norm"], 1e-6)
    parts = [abs(found["norm"] - expected["norm"]), abs(found["sum"] - expected["sum"]) / count**0.5]
    return max(parts + [abs(a - b) for a, b in zip(found["first"], expected["first"])]) / scale


def compare(found, expected):
    """What GoldenTrainTests asserts, of two runs."""
    counts = {k: v.numel() for k, v in EDNet(blocks=(2, 2, 2, 2), block=BLOCKS[found["model"]]).state_dict().items()}
    gradients = {
        k: difference(v, expected["steps"][0]["gradients"][k], counts[k])
        for k, v in found["steps"][0]["gradients"].items()}
    worst = max(gradients, key=gradients.get)
    later = max(abs(a["loss"] - b["loss"]) / b["loss"] for a, b in zip(found["steps"], expected["steps"]))
    parameter = max(difference(v, expected["final"][k], counts[k]) for k, v in found["final"].items())
    logits = max(abs(a - b) for a, b in zip(found["evalLogits"]["value"], expected["evalLogits"]["value"]))
    return (
        f"gradient {gradients[worst]:.1e} ({worst}), later loss {later:.1e}, parameter {parameter:.1e}, "
        f"logits {logits / expected['evalLogits']['meanAbs']:.1e}")


def measure(model, shape):
    double = train(model, shape)
    one, two = (train(model, shape, torch.float32, threads) for threads in (1, 2))
    last = train(model, shape, torch.float32, 1, torch.channels_last)
    print(model, shape, "losses", [step["loss"] for step in double["steps"]])
    for title, found, expected in [
        ("float32, 1 thread, from double", one, double), ("2 threads from double", two, double),
        ("channels_last from double", last, double), ("2 threads from 1", two, one),
        ("channels_last from the usual layout", last, one),
    ]:
        print(f"    {title}: {compare(found, expected)}", flush=True)


if __name__ == "__main__":
    if "--measure" in sys.argv:
        for model in BLOCKS:
            measure(model, [4, 3, 64, 64])
        for cases in CASES.values():
            for model, shape in cases:
                measure(model, shape)
        sys.exit()
    for name, cases in CASES.items():
        with open(os.path.join(here, "..", "Fixtures", name + ".json"), "w") as file:
            json.dump([train(model, shape) for model, shape in cases], file, separators=(",", ":"))
