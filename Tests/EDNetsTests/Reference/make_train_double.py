"""Writes ../Fixtures/train-double.json and train-steps.json: training by PyTorch in double precision, in cases that are
well conditioned, so that every correct float32 implementation agrees closely, whatever its order of summation.

What makes training ill conditioned is choice: a ReLU whose input is within rounding of 0, a maximum whose two largest
values are, each open or shut by chance. One of them moves a layer's gradient by 1e-3 to 1e-2 of its norm. So

- the shift in front of each ReLU (a normalisation's or a linear layer's) is moved by some 4096ths, channel by channel,
  until no input of that ReLU in the first step is nearer to 0 than `--margin`; these moves are part of the fixture;
- where a ReLU cannot be helped in that way (in later steps), and for maxima, the seed is searched for.

Each case stores the margins that are left. What is printed is what PyTorch's own float32 makes of each case with one and
two threads and in both memory layouts: how often the error of a ReLU's inputs fits into their margin, and the errors of
everything that GoldenTrainTests asserts. (Channels last it sums naively, and is worst.)

    python3 -m venv scratch && scratch/bin/pip install torch numpy
    scratch/bin/python Tests/EDNetsTests/Reference/make_train_double.py
"""

import json
import pathlib
import sys
from contextlib import contextmanager

import numpy as np
import torch
from torch import nn

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "Benchmarks" / "peers"))
from ednet import (  # noqa: E402
    BasicBlock, Block, CBAMBlock, CIFAREDResNet, EDNet, Res2NetBlock, SEResNeXtBlock)

UNIT = 4096
MARGIN = 2.0**-9
PROJECTIONS = 8


class CBAMEDBlock(CBAMBlock):
    has_path = True


def two_convolutions(net):
    """The same network with two convolutions in place of each encoder and decoder."""
    for block in net.modules():
        if isinstance(block, BasicBlock):
            old = block.encoder.encoder_conv
            for part, name in [(block.encoder, "encoder_conv"), (block.decoder, "decoder_conv")]:
                setattr(part, name, nn.Conv2d(
                    old.in_channels, old.out_channels, 3, 1, 1, groups=old.groups, bias=False))
            # The decoder is called as a transposed convolution, which is told its size.
            call = block.decoder.decoder_conv.forward
            block.decoder.decoder_conv.forward = lambda x, output_size=None, call=call: call(x)
    return net


NETWORKS = {
    "ed-resnet26": lambda: EDNet(blocks=(2, 2, 2, 2), block=Block),
    "se-ed-resnext26": lambda: EDNet(blocks=(2, 2, 2, 2), block=SEResNeXtBlock),
    "cbam-ed-resnet26": lambda: EDNet(blocks=(2, 2, 2, 2), block=CBAMEDBlock),
    "ed-res2net26": lambda: EDNet(blocks=(2, 2, 2, 2), block=Res2NetBlock),
    "cifar-ed-resnet20": lambda: CIFAREDResNet(20),
    "cifar-twoconv-resnet20": lambda: two_convolutions(CIFAREDResNet(20)),
    "cifar-ed-resnet8": lambda: CIFAREDResNet(8),
    "cifar-twoconv-resnet8": lambda: two_convolutions(CIFAREDResNet(8)),
}


class Case:
    """What is trained, and how. Seeds: how many are tried for the widest margins."""

    def __init__(self, model, shape, steps=1, seeds=1, rate=0.01, momentum=0.9, decay=1e-4, nesterov=False):
        self.model, self.shape, self.steps, self.seeds = model, shape, steps, seeds
        self.rate, self.momentum, self.decay, self.nesterov = rate, momentum, decay, nesterov
        ids = range(shape[0])
        self.labels = [(3 + 7 * i) % 10 for i in ids] if model.startswith("cifar") else [3 + 7 * i for i in ids]


# Widths and sizes at which the engine's own kernels are taken; maps with even and odd sides; the last normalisations are
# over 16 values or more, because over four (64 px) rounding alone is worth 1e-3 of a gradient.
SINGLE = [
    Case("ed-resnet26", [4, 3, 128, 96], seeds=30),
    Case("se-ed-resnext26", [4, 3, 96, 80], seeds=30),
    Case("cbam-ed-resnet26", [4, 3, 96, 80], seeds=8),
    Case("ed-res2net26", [4, 3, 96, 80], seeds=30),
    Case("cifar-ed-resnet20", [8, 3, 32, 32]),
    Case("cifar-twoconv-resnet20", [8, 3, 25, 30]),
]
# Three steps: small enough that a few hundred seeds have one whose ReLUs keep a margin in the later steps, too.
THREE = [
    Case("cifar-ed-resnet8", [4, 3, 13, 10], steps=3, seeds=120, rate=0.05, decay=1e-2),
    Case("cifar-twoconv-resnet8", [4, 3, 10, 9], steps=3, seeds=120, rate=0.05, decay=1e-2, nesterov=True),
]


def bits(name, count, seed):
    """SplitMix64 started from FNV-1a of the name, as GoldenGenerator."""
    state = 0xCBF29CE484222325
    for byte in name.encode():
        state = ((state ^ byte) * 0x100000001B3) % 2**64
    with np.errstate(over="ignore"):
        z = np.uint64(state ^ seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def generate(name, shape, seed):
    count = int(np.prod(shape))
    u = (bits(name, count, seed) >> np.uint64(40)).astype(np.float64) * 2.0**-24
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


class Restart(Exception):
    """A shift has changed that was already used."""


class Choices:
    """Watches every ReLU and maximum of a network while it computes, in double, and keeps them away from 0."""

    def __init__(self, net, margin, shifts):
        self.net, self.margin, self.shifts, self.seen, self.margins = net, margin, shifts, {}, {}
        self.names = {id(module): name for name, module in net.named_modules()}
        self.last = None
        self.inputs = None
        for module in net.modules():
            if isinstance(module, (nn.BatchNorm2d, nn.Linear)):
                module.register_forward_hook(self.remember)

    def remember(self, module, _, __):
        self.last = module

    def note(self, kind, margin):
        self.margins[kind] = min(self.margins.get(kind, float("inf")), margin)

    def relu(self, x):
        if self.margin and isinstance(self.last, (nn.BatchNorm2d, nn.Linear)):
            x = self.away_from_zero(x, self.last)
        self.note("relu", x.detach().abs().min().item())
        if self.inputs is not None:
            self.inputs.append(x.detach().double().contiguous())
        return x.clamp(min=0)

    def away_from_zero(self, x, module):
        values = x.detach().movedim(1, 0).flatten(1)
        before = self.seen.get(id(module))
        together = values if before is None else torch.cat((before, values), 1)
        moves = torch.zeros(len(values), dtype=torch.int64)
        # What was moved before has been rounded to float32.
        for channel in (together.abs().amin(1) < 0.99 * self.margin).nonzero().flatten().tolist():
            moves[channel] = self.move(together[channel].numpy())
        self.seen[id(module)] = together + moves[:, None] / UNIT
        if not moves.any():
            return x
        name = self.names[id(module)] + ".bias"
        found = self.shifts.setdefault(name, {})
        with torch.no_grad():
            for channel in moves.nonzero().flatten().tolist():
                found[channel] = found.get(channel, 0) + moves[channel].item()
                shifted(module.bias, generate(name, module.bias.shape, self.net.seed), channel, found[channel])
        if before is not None:
            raise Restart
        return x + (moves.double() / UNIT).reshape(1, -1, *[1] * (x.dim() - 2))

    def move(self, values):
        """The smallest number of units that takes every value far enough from 0, or else the best."""
        values = np.sort(values)
        units = np.array(sorted(range(-600, 601), key=abs))
        places = np.searchsorted(values, -units / UNIT)
        above = np.append(values, np.inf)[places] + units / UNIT
        below = np.append(-np.inf, values)[places] + units / UNIT
        distance = np.minimum(np.abs(above), np.abs(below))
        enough = np.flatnonzero(distance >= self.margin)
        return int(units[enough[0] if len(enough) else distance.argmax()])

    def pool(self, x, module):
        """Windows overlap 0 from outside, which ReLU has made their least value."""
        padded = nn.functional.pad(x.detach(), [module.padding] * 4)
        windows = padded.unfold(2, module.kernel_size, module.stride).unfold(3, module.kernel_size, module.stride)
        best = windows.flatten(4).topk(2, dim=4).values
        self.note("pool", (best[..., 0] - best[..., 1])[best[..., 0] > 0].min().item())
        return nn.functional.max_pool2d(x, module.kernel_size, module.stride, module.padding)

    def amax(self, x, dim):
        dims = dim if isinstance(dim, tuple) else (dim,)
        best = x.detach().movedim(dims, tuple(range(-len(dims), 0))).flatten(-len(dims)).topk(2).values
        self.note("max", (best[..., 0] - best[..., 1]).min().item())
        return NATIVE_AMAX(x, dim)


NATIVE_AMAX = torch.Tensor.amax


@contextmanager
def watched(choices):
    """ReLUs, poolings and maxima go through `choices`."""
    net = choices.net
    relu, functional = torch.relu, nn.functional.relu
    torch.relu = choices.relu
    nn.functional.relu = lambda x, inplace=False: choices.relu(x)
    torch.Tensor.amax = lambda x, dim: choices.amax(x, dim)
    if hasattr(net, "pool"):
        net.pool.forward = lambda x, module=net.pool: choices.pool(x, module)
    try:
        yield
    finally:
        torch.relu, nn.functional.relu, torch.Tensor.amax = relu, functional, NATIVE_AMAX
        if hasattr(net, "pool"):
            del net.pool.forward


def shifted(parameter, generated, channel, units):
    """One channel's shift, added in float32 as GoldenTrainTests does."""
    value = np.float32(generated[channel].item()) + np.float32(units / UNIT)
    parameter[channel] = float(value)


def network(case, seed, shifts, dtype=torch.float64):
    net = NETWORKS[case.model]()
    state = {k: v if "num_batches" in k else generate(k, tuple(v.shape), seed) for k, v in net.state_dict().items()}
    net.load_state_dict(state)
    net = net.to(dtype)
    net.seed = seed
    with torch.no_grad():
        parameters = dict(net.named_parameters())
        for name, units in shifts.items():
            for channel, count in units.items():
                shifted(parameters[name], state[name], channel, count)
    return net.train()


def moved(case, seed):
    """The shifts that keep the first step's ReLUs away from 0, and the margins of that step."""
    shifts = {}
    images = generate("input", case.shape, seed).double()
    while True:
        choices = Choices(network(case, seed, shifts), MARGIN, shifts)
        try:
            with torch.no_grad(), watched(choices):
                choices.net(images)
            return shifts, choices.margins
        except Restart:
            continue


def stem_margin(case, seed):
    """The margin of the pooling, which depends on the stem alone."""
    net = network(case, seed, {})
    choices = Choices(net, 0, {})
    with torch.no_grad():
        x = net.bn1(net.conv1(generate("input", case.shape, seed).double()))
        choices.pool(x.clamp(min=0), net.pool)
    return choices.margins["pool"]


def sketch(name, tensor):
    """The norm, and sums with signs from the name: differences of sums tell the norm of a difference."""
    values = tensor.detach().contiguous().double().flatten().numpy()
    words = bits(name + ".sketch", len(values), 0)
    sums = [float(np.dot(1.0 - 2.0 * ((words >> np.uint64(j)) & np.uint64(1)).astype(np.float64), values))
            for j in range(PROJECTIONS)]
    return {"norm": float(np.linalg.norm(values)), "sums": sums}


def train(case, seed, shifts, dtype=torch.float64, threads=2, layout=torch.contiguous_format, keeps_inputs=False):
    """Everything that is compared, whole; and what the ReLUs were given."""
    torch.set_num_threads(threads)
    net = network(case, seed, shifts, dtype).to(memory_format=layout)
    images = generate("input", case.shape, seed).to(dtype).to(memory_format=layout)
    before = {k: v.detach().double().clone() for k, v in net.state_dict().items()}
    optimizer = torch.optim.SGD(
        net.parameters(), case.rate, case.momentum, weight_decay=case.decay, nesterov=case.nesterov)
    choices = Choices(net, 0, {})
    choices.inputs = [] if keeps_inputs else None
    losses, gradients = [], []
    with watched(choices):
        for _ in range(case.steps):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(net(images), torch.tensor(case.labels))
            loss.backward()
            losses.append(loss.item())
            gradients.append({k: p.grad.double().clone() for k, p in net.named_parameters()})
            optimizer.step()
    changes = {
        k: v.detach().double() - before[k] for k, v in net.state_dict().items() if "num_batches" not in k}
    with torch.no_grad():
        logits = net.eval()(images).double()
    return {
        "losses": losses, "gradients": gradients, "changes": changes, "logits": logits, "margins": choices.margins,
        "inputs": choices.inputs}


def relative(found, expected):
    """L2 of the difference as a share of the norm: of all tensors together, and of the worst one with its name."""
    gaps = {k: (found[k] - v).norm().item() for k, v in expected.items()}
    norms = {k: v.norm().item() for k, v in expected.items()}
    whole = np.linalg.norm(list(gaps.values())) / np.linalg.norm(list(norms.values()))
    worst = max(gaps, key=lambda k: gaps[k] / max(norms[k], 1e-30))
    return f"{whole:.1e} (worst {gaps[worst] / norms[worst]:.1e}, {worst})"


def safety_of(found, expected):
    """Of a ReLU's inputs: how often the largest error of a channel fits between its values and 0, at least."""
    error = (found - expected).abs().movedim(1, 0).flatten(1).amax(1)
    return (expected.abs().movedim(1, 0).flatten(1).amin(1) / error.clamp(min=1e-12)).min().item()


def measure(case, seed, shifts):
    double = train(case, seed, shifts, keeps_inputs=True)
    print(case.model, case.shape, "seed", seed, "margins", double["margins"], "losses", double["losses"])
    for title, options in [
        ("1 thread", {"threads": 1}), ("2 threads", {"threads": 2}),
        ("channels last", {"threads": 1, "layout": torch.channels_last}),
    ]:
        found = train(case, seed, shifts, torch.float32, keeps_inputs=True, **options)
        safety = min(safety_of(a, b) for a, b in zip(found["inputs"], double["inputs"]))
        flips = sum(((a > 0) != (b > 0)).sum().item() for a, b in zip(found["inputs"], double["inputs"]))
        learnt = double["gradients"][0].keys()
        print(f"  float32, {title}: margins are {safety:.1f} times the error, {flips} flips")
        for step, (a, b) in enumerate(zip(found["gradients"], double["gradients"])):
            loss = abs(found["losses"][step] / double["losses"][step] - 1)
            print(f"    step {step}: loss {loss:.1e}, gradients {relative(a, b)}")
        for part, keys in [("changes", learnt), ("statistics", double["changes"].keys() - learnt)]:
            print(f"    {part}", relative(*({k: run["changes"][k] for k in keys} for run in (found, double))))
        print(f"    logits {(found['logits'] - double['logits']).norm() / double['logits'].norm():.1e}", flush=True)


def found(case):
    """The best of the seeds, its shifts and the margins of all steps."""
    best = None
    seeds = range(case.seeds)
    if case.steps == 1 and case.seeds > 1:
        seeds = sorted(seeds, key=lambda seed: stem_margin(case, seed), reverse=True)
        if not case.model.startswith("cbam"):
            seeds = seeds[:1]
    for seed in seeds:
        shifts, margins = moved(case, seed)
        if case.steps > 1:
            margins = train(case, seed, shifts)["margins"]
        # A shift helps a ReLU, but not a maximum.
        least = min(v if k == "relu" else v * 4 for k, v in margins.items()) if case.steps == 1 else margins["relu"]
        if best is None or least > best[0]:
            best = (least, seed, shifts)
    return best[1:]


def rounded(value):
    if isinstance(value, float):
        return float(f"{value:.7g}")
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return [rounded(v) for v in value] if isinstance(value, list) else value


def record(case, seed, shifts):
    run = train(case, seed, shifts)
    return rounded({
        "model": case.model, "seed": seed, "input": case.shape, "labels": case.labels, "lr": case.rate,
        "momentum": case.momentum, "nesterov": case.nesterov, "weightDecay": case.decay, "margins": run["margins"],
        # Channel, units, channel, units…
        "shifts": {k: [number for pair in v.items() for number in pair] for k, v in shifts.items()},
        "losses": run["losses"],
        "gradients": {k: sketch(k, v) for k, v in run["gradients"][0].items()},
        # One step of a parameter says no more than its gradient.
        "changes": {k: sketch(k, v) for k, v in run["changes"].items() if case.steps > 1 or "running" in k},
        "logits": run["logits"].flatten().tolist() if run["logits"].numel() < 200
        else run["logits"][:, ::50].flatten().tolist()})


def main():
    for name, cases in [("train-double", SINGLE), ("train-steps", THREE)]:
        records = []
        for case in cases:
            seed, shifts = found(case)
            measure(case, seed, shifts)
            records.append(record(case, seed, shifts))
        with open(HERE.parent / "Fixtures" / f"{name}.json", "w") as file:
            json.dump(records, file, separators=(",", ":"))


if __name__ == "__main__":
    main()
