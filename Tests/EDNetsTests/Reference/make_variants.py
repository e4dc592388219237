"""Writes Fixtures/variants.json: narrow networks of every variant, computed by timm and torchvision.

    python -m venv /tmp/peers && /tmp/peers/bin/pip install torch torchvision timm
    /tmp/peers/bin/python Tests/EDNetsTests/Reference/make_variants.py

Parameters are generated from their PyTorch names, as GoldenGenerator.swift does, so that the file holds names, shapes and
results only. Logits and block outputs are float32; losses and gradients (evaluation mode, cross-entropy) float64. Images are
those of the first seed with which no ReLU and no maximum has a choice that rounding decides.
"""

import functools
import json
import pathlib

import numpy as np
import timm
import torch
import torchvision
from timm.layers import BatchNormAct2d, BlurPool2d, create_conv2d
from timm.models.resnet import BasicBlock, Bottleneck, ResNet
from timm.models.resnetv2 import ResNetV2
from torch import nn

SEED = 20261128
FIXTURE = pathlib.Path(__file__).resolve().parents[1] / "Fixtures" / "variants.json"


def uniform(name, count, seed=SEED):
    start = 0xCBF29CE484222325
    for byte in name.encode():
        start = (start ^ byte) * 0x100000001B3 % 2**64
    start ^= seed
    with np.errstate(over="ignore"):
        z = np.uint64(start) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return (z >> np.uint64(40)).astype(np.float64) * 2.0**-24


def tensor(name, shape, seed=SEED):
    u = uniform(name, int(np.prod(shape)), seed)
    last = name.split(".")[-1]
    if last == "input":
        u = (2 * u - 1) * 1.75
    elif last == "running_var" or (last == "weight" and len(shape) == 1):
        u = 0.5 + u
    elif last == "weight":
        u = (2 * u - 1) * (3 / int(np.prod(shape[1:]))) ** 0.5
    else:
        u = (2 * u - 1) * 0.1
    return torch.from_numpy(u.astype(np.float32)).reshape(*shape)


class OptionA(nn.Module):
    """Every stride-th pixel and zeros around the channels."""

    def __init__(self, outputs, stride):
        super().__init__()
        self.outputs, self.stride = outputs, stride

    def forward(self, x):
        more = self.outputs - x.shape[1]
        return nn.functional.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, more // 2, more - more // 2))


def narrow(block=BasicBlock, layers=(2, 1, 1, 1), **options):
    return ResNet(block, layers, num_classes=5, channels=(8, 16, 24, 32), **options)


def deep(block=BasicBlock, kind="deep", **options):
    return narrow(block, stem_type=kind, stem_width=8, **options)


def preactivated(layers=(2, 1, 1, 1), **options):
    return ResNetV2(
        layers, channels=(16, 32, 48, 64), num_classes=5, stem_chs=24, norm_layer=BatchNormAct2d,
        conv_layer=create_conv2d, **options)


def caffe():
    network = narrow(Bottleneck)
    for stage in (network.layer2, network.layer3, network.layer4):
        stage[0].conv1.stride, stage[0].conv2.stride = (2, 2), (1, 1)
    return network


def cifar_stem(block=BasicBlock):
    network = narrow(block)
    network.conv1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False)
    network.maxpool = nn.Identity()
    return network


def option_a():
    network = narrow()
    network.conv1 = nn.Conv2d(3, 8, 7, 2, 3, bias=False)
    network.bn1 = nn.BatchNorm2d(8)
    for index, outputs in enumerate((8, 16, 24, 32)):
        getattr(network, f"layer{index + 1}")[0].downsample = OptionA(outputs, 1 if index == 0 else 2)
    first = BasicBlock(8, 8)
    network.layer1[0] = first
    return network


def torchvision_dilated():
    return torchvision.models.ResNet(
        torchvision.models.resnet.Bottleneck, [1, 1, 2, 2], num_classes=5, groups=4, width_per_group=2,
        replace_stride_with_dilation=[False, True, True])


# What is tested, the words that the weights leave open, the network, and the images.
CASES = [
    ("wide", [], lambda: narrow(Bottleneck, base_width=128), (2, 3, 45, 62)),
    ("groups of three filters", [], lambda: narrow(Bottleneck, cardinality=8, base_width=12), (2, 3, 50, 59)),
    ("deep stem", [], lambda: deep(Bottleneck), (2, 3, 45, 62)),
    ("deep stem, pooled shortcuts, odd maps", [], lambda: deep(avg_down=True), (2, 3, 75, 98)),
    ("tiered stem, pooled shortcuts", [], lambda: deep(Bottleneck, "deep_tiered", avg_down=True), (2, 3, 45, 62)),
    ("CIFAR stem", [], cifar_stem, (2, 3, 21, 30)),
    ("CIFAR stem, bottlenecks", [], lambda: cifar_stem(Bottleneck), (2, 3, 21, 30)),
    ("option A", [], option_a, (2, 3, 45, 62)),
    ("one channel", [], lambda: narrow(in_chans=1), (2, 1, 45, 62)),
    ("four channels", [], lambda: narrow(in_chans=4), (2, 4, 45, 62)),
    ("step in the first 1×1", ["caffe"], caffe, (2, 3, 45, 62)),
    ("output stride 8", ["dilated-8"], lambda: narrow(layers=(1, 1, 2, 2), output_stride=8), (2, 3, 45, 62)),
    ("output stride 16, bottlenecks", ["dilated-16"], lambda: narrow(Bottleneck, output_stride=16), (2, 3, 45, 62)),
    ("output stride 8, pooled shortcuts", ["dilated-8"],
     lambda: deep(Bottleneck, layers=(1, 1, 2, 2), avg_down=True, output_stride=8), (2, 3, 45, 62)),
    ("torchvision's dilation in groups", ["dilated-8"], torchvision_dilated, (1, 3, 45, 62)),
    ("blur", ["blur"], lambda: narrow(aa_layer=BlurPool2d), (2, 3, 75, 98)),
    ("blur, deep stem, pooled shortcuts", ["blur"],
     lambda: deep(Bottleneck, avg_down=True, aa_layer=BlurPool2d), (2, 3, 75, 98)),
    ("blur, output stride 16", ["blur", "dilated-16"],
     lambda: narrow(Bottleneck, aa_layer=BlurPool2d, output_stride=16), (2, 3, 75, 98)),
    ("mean instead of steps", ["average"], lambda: narrow(Bottleneck, aa_layer=nn.AvgPool2d), (2, 3, 64, 96)),
    ("mean instead of steps, pooled shortcuts", ["average"],
     lambda: deep(avg_down=True, aa_layer=nn.AvgPool2d), (2, 3, 64, 96)),
    ("ECA", [], lambda: narrow(block_args=dict(attn_layer="eca")), (2, 3, 45, 62)),
    ("ECA, bottlenecks, tiered stem", [],
     lambda: deep(Bottleneck, "deep_tiered", avg_down=True, block_args=dict(attn_layer="eca")), (2, 3, 45, 62)),
    ("pre-activation, basic", [], lambda: preactivated(basic=True, bottle_ratio=1.0), (2, 3, 45, 62)),
    ("pre-activation, deep stem, pooled shortcuts", [],
     lambda: preactivated(stem_type="deep", avg_down=True), (2, 3, 75, 98)),
    ("pre-activation, output stride 8, SiLU", ["dilated-8", "silu"],
     lambda: preactivated((1, 1, 2, 2), output_stride=8, act_layer=nn.SiLU), (2, 3, 45, 62)),
    ("SiLU", ["silu"], lambda: narrow(act_layer=nn.SiLU), (2, 3, 45, 62)),
    ("GELU, bottlenecks, deep stem", ["gelu"], lambda: deep(Bottleneck, act_layer="gelu"), (2, 3, 45, 62)),
    ("leaky ReLU", ["leaky"], lambda: narrow(act_layer=nn.LeakyReLU), (2, 3, 45, 62)),
    ("leaky ReLU of another slope", ["leaky-0.2"],
     lambda: narrow(act_layer=functools.partial(nn.LeakyReLU, negative_slope=0.2)), (2, 3, 45, 62)),
    ("epsilon", ["eps-0.3"], lambda: narrow(norm_layer=functools.partial(nn.BatchNorm2d, eps=0.3)), (2, 3, 45, 62)),
]


def numbers(values, digits=9):
    return [float(f"{v:.{digits}g}") for v in values]


MARGIN = 1e-5


def margin(network, images):
    """The smallest distance of a ReLU's input from 0, and of a window's largest value from the next, in double."""
    least = [np.inf]

    def kink(module, inputs):
        least.append(inputs[0].abs().min().item())

    def choice(module, inputs):
        # ReLUs before it leave zeros, which all have one gradient.
        x = nn.functional.pad(inputs[0], (1, 1, 1, 1), value=-1.0)
        windows = x.unfold(2, 3, module.stride).unfold(3, 3, module.stride).flatten(-2)
        top = windows.topk(2).values
        gaps = (top[..., 0] - top[..., 1])[top[..., 0] > 0]
        least.append(gaps.min().item())

    kinks = (nn.ReLU, nn.LeakyReLU)
    handles = [m.register_forward_pre_hook(kink) for m in network.modules() if isinstance(m, kinks)]
    handles += [m.register_forward_pre_hook(choice) for m in network.modules() if isinstance(m, nn.MaxPool2d)]
    with torch.no_grad():
        network(images.double())
    for handle in handles:
        handle.remove()
    return min(least)


def sketch(value):
    """Shape, mean and mean absolute value, and eight values."""
    flat = value.detach().double().flatten()
    index = [int(u * len(flat)) for u in uniform("samples", 8)]
    return {
        "shape": list(value.shape), "mean": numbers([flat.mean()])[0], "meanAbs": numbers([flat.abs().mean()])[0],
        "index": index, "value": numbers(flat[index]),
    }


def case(title, words, make, shape):
    torch.manual_seed(0)
    network = make()
    state = {
        name: tensor(name, value.shape) if value.is_floating_point() else value
        for name, value in network.state_dict().items()
    }
    network.load_state_dict(state)
    network.eval()
    network.double()
    for seed in range(SEED, SEED + 200):
        images = tensor("input", shape, seed)
        if margin(network, images) > MARGIN:
            break
    else:
        raise SystemExit(f"{title}: every image leaves a choice to rounding")
    network.float()
    blocks = {}
    for stage in range(1, 5):
        is_v2 = isinstance(network, ResNetV2)
        stages = network.stages[stage - 1].blocks if is_v2 else getattr(network, f"layer{stage}")
        for position, block in enumerate(stages):
            name = f"layer{stage}.{position}"
            block.register_forward_hook(lambda m, i, o, name=name: blocks.__setitem__(name, sketch(o)))
    with torch.inference_mode():
        logits = network(images)
    assert logits.isfinite().all() and logits.std() > 0
    found = dict(blocks)

    network.double()
    labels = torch.arange(shape[0]) % 5
    network.train()
    with torch.no_grad():
        batch = nn.functional.cross_entropy(network(images.double()), labels).item()
    network.float().load_state_dict(state)
    network.double().eval()
    loss = nn.functional.cross_entropy(network(images.double()), labels)
    loss.backward()
    gradients = {}
    for name, parameter in network.named_parameters():
        probe = tensor("input", parameter.shape).double()
        gradients[name] = numbers([parameter.grad.norm(), (parameter.grad * probe).sum()], 7)
    tensors = [[name, list(v.shape)] for name, v in state.items() if v.is_floating_point()]
    return {
        "title": title, "seed": seed, "variants": words, "input": list(shape), "tensors": tensors,
        "logits": numbers(logits.flatten()), "blocks": found, "loss": loss.item(), "batchLoss": batch,
        "gradients": gradients,
    }


def main():
    cases = [case(*row) for row in CASES]
    text = "[\n" + ",\n".join(json.dumps(c, separators=(",", ":"), ensure_ascii=False) for c in cases) + "\n]\n"
    FIXTURE.write_text(text)
    print(f"torch {torch.__version__}, torchvision {torchvision.__version__}, timm {timm.__version__}")
    print(f"{FIXTURE.name}: {len(cases)} networks, {len(text)} bytes")


if __name__ == "__main__":
    main()
