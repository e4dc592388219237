"""Carries weights between edviz and PyTorch's public networks, both ways, and compares their logits.

    swift build -c release --product edviz
    python -m venv /tmp/peers && /tmp/peers/bin/pip install torch torchvision timm
    /tmp/peers/bin/python Tests/EDNetsTests/Reference/check_public_weights.py [--edviz PROGRAM] [NAME...]

Out: parameters from a seed go through `edviz convert --names torchvision` and must load there with strict=True. In: a
state dictionary with values from a seed, as torch.save and as safetensors write it, must load in edviz without --model.
What weights leave open of their network (NETWORKS' fourth column) is said with --variant.
CBAM has no package: its authors' code (github.com/Jongchan/attention-module) is torchvision's bottleneck with their gate,
under their names, below. Exits with 77 where a package is missing, with 1 where a name is missing or unexpected, the
network is not recognised, or logits or the last block's output differ by 1e-4 of their mean absolute value or more.
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
    from timm.layers import BlurPool2d
    from torch import nn
except ImportError as error:
    print(f"skipped: {error}", file=sys.stderr)
    sys.exit(77)

ROOT = pathlib.Path(__file__).resolve().parents[3]
TOLERANCE = 1e-4
SIDES = (75, 98)


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


def caffe(network):
    """The step of a bottleneck in its first 1×1 convolution."""
    for stage in (network.layer2, network.layer3, network.layer4):
        stage[0].conv1.stride, stage[0].conv2.stride = (2, 2), (1, 1)
    return network


def cifar_stem(network):
    network.conv1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False)
    network.maxpool = nn.Identity()
    return network


class OptionA(nn.Module):
    def __init__(self, outputs):
        super().__init__()
        self.outputs = outputs

    def forward(self, x):
        more = self.outputs - x.shape[1]
        return nn.functional.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, more // 2, more - more // 2))


def option_a(network):
    for index, outputs in enumerate((128, 256, 512)):
        getattr(network, f"layer{index + 2}")[0].downsample = OptionA(outputs)
    return network


def batch_norm(epsilon):
    return lambda channels, **options: nn.BatchNorm2d(channels, eps=epsilon)


def channels(network, count):
    network.conv1 = nn.Conv2d(count, 64, 7, 2, 3, bias=False)
    return network


# What edviz calls it, whose it is, what they call it, how it is made, and what the weights leave open of it.
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
    + [
        (ours, "torchvision", theirs, public(theirs))
        for ours, theirs in [
            ("resnet50-wide-2", "wide_resnet50_2"), ("resnet101-wide-2", "wide_resnet101_2"),
            ("resnext101-32x8d", "resnext101_32x8d"), ("resnext101-64x4d", "resnext101_64x4d"),
        ]
    ]
    + [
        (ours, "timm", theirs, of_timm(theirs))
        for ours, theirs in [
            ("resnet10-t", "resnet10t"), ("resnet14-t", "resnet14t"), ("resnet18-d", "resnet18d"), ("resnet26-d", "resnet26d"),
            ("resnet26-t", "resnet26t"), ("resnet34-d", "resnet34d"), ("resnet50-c", "resnet50c"), ("resnet50-d", "resnet50d"),
            ("resnet50-s", "resnet50s"), ("resnet50-t", "resnet50t"), ("resnet101-d", "resnet101d"), ("resnet152-d", "resnet152d"),
            ("resnet200-d", "resnet200d"), ("resnext50-d", "resnext50d_32x4d"), ("se-resnet50-t", "seresnet50t"),
            ("se-resnet152-d", "seresnet152d"), ("eca-resnet26-t", "ecaresnet26t"), ("eca-resnet50-d", "ecaresnet50d"),
            ("eca-resnet50-t", "ecaresnet50t"), ("eca-resnet101-d", "ecaresnet101d"), ("eca-resnext26-t", "ecaresnext26t_32x4d"),
            ("resnext101-32x16d", "resnext101_32x16d"), ("resnet18-v2", "resnetv2_18"), ("resnet34-v2", "resnetv2_34"),
            ("resnet50-v2", "resnetv2_50"), ("resnet50-d-v2", "resnetv2_50d"), ("resnet50-t-v2", "resnetv2_50t"),
            ("resnet101-v2", "resnetv2_101"),
        ]
    ]
    + [
        ("resnet18", "timm", "resnetblur18", of_timm("resnetblur18"), "blur"),
        ("resnet50", "timm", "resnetblur50", of_timm("resnetblur50"), "blur"),
        ("resnet50-d", "timm", "resnetblur50d", of_timm("resnetblur50d"), "blur"),
        ("resnet50", "timm", "resnetaa50", of_timm("resnetaa50"), "average"),
        ("resnet50-d", "timm", "resnetaa50d", of_timm("resnetaa50d"), "average"),
        ("resnet34-d", "timm", "resnetaa34d", of_timm("resnetaa34d"), "average"),
        ("resnet50", "torchvision", "resnet50, steps as in caffe", lambda: caffe(public("resnet50")()), "caffe"),
        ("resnet50", "torchvision", "resnet50, replace_stride_with_dilation",
         lambda: torchvision.models.resnet50(weights=None, replace_stride_with_dilation=[False, True, True]), "dilated-8"),
        ("resnet50", "timm", "resnet50, output_stride 16", lambda: timm.create_model("resnet50", output_stride=16), "dilated-16"),
        ("resnet50-d", "timm", "resnet50d, output_stride 8", lambda: timm.create_model("resnet50d", output_stride=8), "dilated-8"),
        ("resnet18", "timm", "resnet18, SiLU", lambda: timm.create_model("resnet18", act_layer=nn.SiLU), "silu"),
        ("resnet50", "timm", "resnet50, GELU", lambda: timm.create_model("resnet50", act_layer="gelu"), "gelu"),
        ("resnet18", "timm", "resnet18, leaky ReLU", lambda: timm.create_model("resnet18", act_layer=nn.LeakyReLU), "leaky"),
        ("resnet18", "torchvision", "resnet18, epsilon 1e-3",
         lambda: torchvision.models.resnet18(weights=None, norm_layer=batch_norm(1e-3)), "eps-0.001"),
        ("resnet18-cifar-stem", "torchvision", "resnet18, 3×3 stem", lambda: cifar_stem(public("resnet18")())),
        ("resnet50-cifar-stem", "torchvision", "resnet50, 3×3 stem", lambda: cifar_stem(public("resnet50")())),
        ("resnet18-option-a", "torchvision", "resnet18, option A", lambda: option_a(public("resnet18")())),
        ("resnet34-option-a", "torchvision", "resnet34, option A", lambda: option_a(public("resnet34")())),
        ("resnet18-channels-1", "torchvision", "resnet18, one channel", lambda: channels(public("resnet18")(), 1)),
        ("resnet50-d-channels-1", "timm", "resnet50d, in_chans 1", lambda: timm.create_model("resnet50d", in_chans=1)),
        ("resnet18-channels-4", "torchvision", "resnet18, four channels", lambda: channels(public("resnet18")(), 4)),
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
    def __init__(self, program, name, variant, theirs, make, folder):
        self.program, self.make, self.folder = program, make, folder
        self.name = f"{name}-{variant}" if variant else name
        self.options = ("--variant", variant) if variant else ()
        self.generator = torch.Generator().manual_seed(20240817)
        self.images = torch.randn((2, self.make_channels(), *self.sides(theirs)), generator=self.generator)
        np.save(folder / "images.npy", self.images.numpy())

    def make_channels(self):
        return next(self.make().parameters()).shape[1]

    @staticmethod
    def sides(theirs):
        """timm's means instead of steps need even maps."""
        return (64, 96) if "aa" in theirs else SIDES

    def edviz(self, *words):
        done = subprocess.run([self.program, *words], cwd=self.folder, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{self.name}: edviz {' '.join(words)}: {done.stderr}")
        return done

    def difference(self, network, weights, *options):
        """Of edviz' logits and last block from the network's, as a share of the latter's mean absolute value."""
        words = ("--block", "last", "--branch", "output", "--output", "taps.safetensors", "--force")
        self.edviz("taps", "images.npy", "--weights", weights, *options, *words)
        taps = load_file(self.folder / "taps.safetensors")
        last = []
        stage = network.stages[3].blocks if hasattr(network, "stages") else network.layer4
        stage[-1].register_forward_hook(lambda m, i, o: last.append(o))
        with torch.inference_mode():
            logits = network.eval()(self.images)
        worst = 0
        block = next(name for name in taps if name != "logits")
        for ours, theirs in ((taps["logits"], logits), (taps[block], last[0])):
            assert ours.shape == theirs.shape and theirs.isfinite().all() and theirs.std() > 0
            worst = max(worst, ((ours - theirs).abs().max() / theirs.abs().mean()).item())
        return worst

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
        told = self.edviz("convert", "net.pth", "converted.safetensors", *self.options).stderr
        assert f"net.pth: {self.name}," in told, told
        return max(self.difference(network, weights, *self.options) for weights in ("net.pth", "net.safetensors"))


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--edviz", default=ROOT / ".build/release/edviz")
    arguments.add_argument("names", nargs="*", help="edviz' names; all if none is given")
    arguments = arguments.parse_args()
    program = str(pathlib.Path(arguments.edviz).resolve())
    unknown = set(arguments.names) - {"-".join((ours, *variant)) for ours, _, _, _, *variant in NETWORKS}
    if unknown:
        raise SystemExit(f"no network is called {', '.join(sorted(unknown))}")
    print(f"torch {torch.__version__}, torchvision {torchvision.__version__}, timm {timm.__version__}")
    print("| edviz | theirs | out of edviz, strict | into edviz, recognised |\n| --- | --- | ---: | ---: |")
    worst = 0
    for ours, owner, theirs, make, *variant in NETWORKS:
        if arguments.names and "-".join((ours, *variant)) not in arguments.names:
            continue
        with tempfile.TemporaryDirectory() as folder:
            case = Case(program, ours, variant[0] if variant else "", theirs, make, pathlib.Path(folder))
            out, back = case.out(), case.back()
        print(f"| {case.name} | {owner}: {theirs} | {out:.1e} | {back:.1e} |", flush=True)
        worst = max(worst, out, back)
    print(f"worst: {worst:.1e} of the logits' mean absolute value")
    sys.exit(0 if worst < TOLERANCE else 1)


if __name__ == "__main__":
    main()
