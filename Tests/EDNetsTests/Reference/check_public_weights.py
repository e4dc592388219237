"""Carries weights between edviz and PyTorch's public networks, both ways, and compares their logits.

    swift build -c release --product edviz
    python -m venv /tmp/peers && /tmp/peers/bin/pip install torch torchvision timm
    /tmp/peers/bin/python Tests/EDNetsTests/Reference/check_public_weights.py [--edviz PROGRAM] [NAME...]

Out: parameters from a seed go through `edviz convert --names torchvision` and must load there with strict=True. In: a
state dictionary with values from a seed, as torch.save and as safetensors write it, must load in edviz without --model.
CBAM has no package: its authors' code (github.com/Jongchan/attention-module) is torchvision's bottleneck with their gate,
under their names, below. Exits with 77 where a package is missing, with 1 where a name is missing or unexpected, the
network is not recognised, or logits differ by 1e-4 of their mean absolute value or more.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

try:
    import numpy as np
    import timm
    import torch
    import torchvision
    from safetensors.torch import load_file, save_file
    from torch import nn
except ImportError as error:
    print(f"skipped: {error}", file=sys.stderr)
    sys.exit(77)

ROOT = pathlib.Path(__file__).resolve().parents[3]
TOLERANCE = 1e-4
SHAPE = (2, 3, 75, 98)


class CBAM(nn.Module):
    """As published: F gated by channel, then by position."""

    def __init__(self, channels):
        super().__init__()
        self.ChannelGate = nn.Module()
        self.ChannelGate.mlp = nn.Sequential(
            nn.Flatten(), nn.Linear(channels, channels // 16), nn.ReLU(), nn.Linear(channels // 16, channels))
        self.SpatialGate = nn.Module()
        self.SpatialGate.spatial = spatial = nn.Module()
        spatial.conv = nn.Conv2d(2, 1, 7, padding=3, bias=False)
        spatial.bn = nn.BatchNorm2d(1, momentum=0.01)

    def forward(self, x):
        mlp, spatial = self.ChannelGate.mlp, self.SpatialGate.spatial
        x = x * torch.sigmoid(mlp(x.mean((2, 3))) + mlp(x.amax((2, 3))))[:, :, None, None]
        pooled = torch.cat((x.amax(1, keepdim=True), x.mean(1, keepdim=True)), 1)
        return x * torch.sigmoid(spatial.bn(spatial.conv(pooled)))


class CBAMBottleneck(torchvision.models.resnet.Bottleneck):
    def __init__(self, inplanes, planes, *rest, **options):
        super().__init__(inplanes, planes, *rest, **options)
        self.cbam = CBAM(planes * self.expansion)

    def forward(self, x):
        f = self.relu(self.bn1(self.conv1(x)))
        f = self.relu(self.bn2(self.conv2(f)))
        f = self.cbam(self.bn3(self.conv3(f)))
        return self.relu(f + (x if self.downsample is None else self.downsample(x)))


def cbam(depths, **options):
    return lambda: torchvision.models.ResNet(CBAMBottleneck, depths, **options)


def public(name):
    return lambda: getattr(torchvision.models, name)(weights=None)


def of_timm(name):
    return lambda: timm.create_model(name)


# What edviz calls it, whose it is, what they call it, and how it is made.
NETWORKS = (
    [(name, "torchvision", name, public(name)) for name in ("resnet18", "resnet34", "resnet50", "resnet101", "resnet152")]
    + [("resnext50", "torchvision", "resnext50_32x4d", public("resnext50_32x4d"))]
    + [
        (ours, "timm", theirs, of_timm(theirs))
        for ours, theirs in [
            ("resnet26", "resnet26"), ("resnet50", "resnet50"), ("resnext101", "resnext101_32x4d"),
            ("se-resnet50", "seresnet50"), ("se-resnet101", "seresnet101"),
            ("se-resnext50", "seresnext50_32x4d"), ("se-resnext101", "seresnext101_32x4d"),
            ("res2net50", "res2net50_26w_4s"), ("res2net101", "res2net101_26w_4s"), ("res2next50", "res2next50"),
        ]
    ]
    + [
        ("cbam-resnet50", "CBAM's code", "resnet50", cbam([3, 4, 6, 3])),
        ("cbam-resnext50", "CBAM's code", "resnext50", cbam([3, 4, 6, 3], groups=32, width_per_group=4)),
    ]
)


def values(name, shape, generator):
    """Values that keep activations within range and make every parameter matter."""
    u = torch.rand(shape, generator=generator)
    if name.endswith("running_var") or (name.endswith("weight") and len(shape) == 1):
        return 0.5 + u
    if name.endswith("weight"):
        return (2 * u - 1) * (3 / int(np.prod(shape[1:]))) ** 0.5
    return (2 * u - 1) * 0.1


class Case:
    def __init__(self, program, name, make, folder):
        self.program, self.name, self.make, self.folder = program, name, make, folder
        self.generator = torch.Generator().manual_seed(20240817)
        self.images = torch.randn(SHAPE, generator=self.generator)
        np.save(folder / "images.npy", self.images.numpy())

    def edviz(self, *words):
        done = subprocess.run([self.program, *words], cwd=self.folder, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{self.name}: edviz {' '.join(words)}: {done.stderr}")
        return done

    def difference(self, network, weights, *options):
        """Of edviz' logits from the network's, as a share of the latter's mean absolute value."""
        words = ("--block", "last", "--branch", "output", "--output", "taps.safetensors", "--force")
        self.edviz("taps", "images.npy", "--weights", weights, *options, *words)
        ours = load_file(self.folder / "taps.safetensors")["logits"]
        with torch.inference_mode():
            theirs = network.eval()(self.images)
        assert ours.shape == theirs.shape and theirs.isfinite().all() and theirs.std() > 0
        return ((ours - theirs).abs().max() / theirs.abs().mean()).item()

    def out(self):
        records = json.loads(self.edviz("models", "parameters", self.name, "--json").stdout)
        tensors = {r["name"]: values(r["name"], r["shape"], self.generator) for r in records}
        save_file(tensors, self.folder / "ours.safetensors")
        self.edviz("convert", "ours.safetensors", "theirs.safetensors", "--names", "torchvision", "--model", self.name)
        network = self.make()
        found = network.load_state_dict(load_file(self.folder / "theirs.safetensors"), strict=True)
        assert not found.missing_keys and not found.unexpected_keys
        return self.difference(network, "ours.safetensors", "--model", self.name)

    def back(self):
        network = self.make()
        state = {
            name: values(name, value.shape, self.generator) if value.is_floating_point() else value
            for name, value in network.state_dict().items()
        }
        network.load_state_dict(state)
        torch.save({"state_dict": network.state_dict(), "epoch": 1}, self.folder / "net.pth")
        save_file(network.state_dict(), self.folder / "net.safetensors")
        told = self.edviz("convert", "net.pth", "converted.safetensors").stderr
        assert f"net.pth: {self.name}," in told, told
        return max(self.difference(network, weights) for weights in ("net.pth", "net.safetensors"))


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--edviz", default=ROOT / ".build/release/edviz")
    arguments.add_argument("names", nargs="*", help="edviz' names; all if none is given")
    arguments = arguments.parse_args()
    program = str(pathlib.Path(arguments.edviz).resolve())
    unknown = set(arguments.names) - {ours for ours, *_ in NETWORKS}
    if unknown:
        raise SystemExit(f"no network is called {', '.join(sorted(unknown))}")
    print(f"torch {torch.__version__}, torchvision {torchvision.__version__}, timm {timm.__version__}")
    print("| edviz | theirs | out of edviz, strict | into edviz, recognised |\n| --- | --- | ---: | ---: |")
    worst = 0
    for ours, owner, theirs, make in NETWORKS:
        if arguments.names and ours not in arguments.names:
            continue
        with tempfile.TemporaryDirectory() as folder:
            case = Case(program, ours, make, pathlib.Path(folder))
            out, back = case.out(), case.back()
        print(f"| {ours} | {owner}: {theirs} | {out:.1e} | {back:.1e} |", flush=True)
        worst = max(worst, out, back)
    print(f"worst: {worst:.1e} of the logits' mean absolute value")
    sys.exit(0 if worst < TOLERANCE else 1)


if __name__ == "__main__":
    main()
