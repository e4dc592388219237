"""Writes the fixtures of CheckpointFormsTests: one small network, saved in the ways in which people save, and what PyTorch makes of it.

    python make_checkpoints.py ../Fixtures/checkpoints

Needs torch and numpy. All weights are views of one short storage, so that a file is small whatever the network's size; in pickles
of arrays they are small integers of a byte.
"""

import collections
import json
import math
import pathlib
import pickle
import re
import sys

import numpy
import torch
from torch import nn

out = pathlib.Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
CLASSES = 5


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(y + (x if self.downsample is None else self.downsample(x)))


class Network(nn.Module):
    """cifar-resnet20."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.relu = nn.ReLU()
        channels = 16
        for stage, width in enumerate([16, 32, 64], 1):
            blocks = []
            for block in range(3):
                blocks.append(Block(channels, width, 2 if block == 0 and stage > 1 else 1))
                channels = width
            setattr(self, f"layer{stage}", nn.Sequential(*blocks))
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(64, CLASSES)

    def forward(self, x):
        x = self.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        features = torch.flatten(self.avgpool(x), 1)
        return features, self.fc(features)


storage = torch.tensor([math.sin(0.7 * i) * (1 + i % 7) / 7 for i in range(2000)], dtype=torch.float32)
variances = 0.6 + storage.abs()[:200].clone()


def view(name, shape, number):
    """A view of the storage, of the size of the network's weights; positive where a variance is wanted."""
    if name.endswith("running_var"):
        return variances.as_strided(shape, [1], number % 100)
    strides = [(13, 7, 3, 1), (11, 1)][len(shape) == 2] if len(shape) > 1 else [1] * len(shape)
    found = storage.as_strided(shape, strides, number % 300)
    return found


def state():
    network = Network()
    made = collections.OrderedDict()
    for number, (name, value) in enumerate(network.state_dict().items()):
        if name.endswith("num_batches_tracked"):
            made[name] = torch.tensor(7)
        else:
            made[name] = view(name, value.shape, 17 * number)
    network.load_state_dict(made)
    return network.eval(), made


network, weights = state()
images = torch.tensor([math.sin(0.31 * i) for i in range(3 * 16 * 12)], dtype=torch.float32).reshape(1, 3, 16, 12)
with torch.no_grad():
    features, logits = network(images)
body = collections.OrderedDict((name, value) for name, value in weights.items() if not name.startswith("fc."))
expected = {}


def note(name, classes=True, **options):
    expected[name] = {"values": (logits if classes else features)[0].tolist(), "classes": CLASSES if classes else 0, **options}


def save(name, value, classes=True, **options):
    torch.save(value, out / name)
    note(name, classes, **options)


def behind(prefix, values=weights):
    return collections.OrderedDict((prefix + name, value) for name, value in values.items())


def within(wrapper):
    """What a wrapper of every module puts into names."""
    return collections.OrderedDict((".".join(f"{wrapper}.{part}" for part in n.split(".")[:-1]) + "." + n.split(".")[-1], v) for n, v in weights.items())


def renamed(*rules, values=weights):
    made = collections.OrderedDict()
    for name, value in values.items():
        for pattern, replacement in rules:
            name = re.sub(pattern, replacement, name)
        made[name] = value
    return made


# Wrappers and dictionaries.
save("lightning.ckpt", {"epoch": 3, "state_dict": behind("model.") | {"criterion.weight": torch.ones(CLASSES)}, "hyper_parameters": {"lr": 0.1}},
     prefix="model.", key="state_dict", leftOver=["criterion.weight"])
save("compiled-parallel.pth", {"net": behind("_orig_mod.module.")}, prefix="_orig_mod.module.", key="net")
save("sharded.pth", {"model": within("_fsdp_wrapped_module")}, prefix="_fsdp_wrapped_module.", key="model")
save("averaged.pth", {"n_averaged": torch.tensor(9)} | behind("module."), prefix="module.", leftOver=["n_averaged"])
save("deep.pth", {"a": {"b": [{"c": behind("encoder.")}]}}, prefix="encoder.", key="a.b.0.c")
save("modules.pth", {"conv1": {"weight": weights["conv1.weight"]}} | {
    top: {n[len(top) + 1:]: v for n, v in weights.items() if n.startswith(top + ".")} for top in ["bn1", "layer1", "layer2", "layer3", "fc"]})
ema = collections.OrderedDict((n, (v + 0).to(v.dtype) if n.startswith("bn1") else v) for n, v in weights.items())
torch.save({"state_dict": weights, "state_dict_ema": behind("module.", ema)}, out / "ema.pth")
expected["ema.pth"] = {"choices": ["--key state_dict", "--key state_dict_ema"]}
torch.save({"student": behind("module.backbone.", ema), "teacher": behind("backbone.")}, out / "teacher.pth")
expected["teacher.pth"] = {"choices": ["--key student", "--key teacher"]}
moco = behind("module.encoder_q.", ema) | behind("module.encoder_k.") | {"module.queue": torch.ones(2, 3)}
save("moco.pth.tar", {"state_dict": moco}, classes=False, prefix="module.encoder_q.", key="state_dict",
     leftOver=["module.encoder_k.", "module.queue"])
save("twice.pth", {"state_dict": behind("backbone.") | behind("features.", renamed((r"^conv1", "0"), (r"^bn1", "1"), (r"^layer(\d)", lambda m: str(int(m[1]) + 2)), values=body))},
     prefix="backbone.", key="state_dict", leftOver=["features."])

# Heads.
save("headless.pth", body, classes=False)
save("dropout.pth", renamed((r"^fc", "fc.1")))
save("head-beside.pth", {"state_dict": behind("backbone.", body) | {"head.fc.weight": weights["fc.weight"], "head.fc.bias": weights["fc.bias"]}},
     prefix="backbone.", key="state_dict")
save("convolution.pth", body | {"classifier.weight": weights["fc.weight"][:, :, None, None], "classifier.bias": weights["fc.bias"]})
without = {"values": (logits - weights["fc.bias"])[0].tolist(), "classes": CLASSES}
torch.save(body | {"fc.weight": weights["fc.weight"]}, out / "no-bias.pth")
expected["no-bias.pth"] = without
save("layers.pth", body | {"fc.0.weight": torch.ones(8, 64), "fc.0.bias": torch.ones(8), "fc.2.weight": torch.ones(3, 8), "fc.2.bias": torch.ones(3)}, classes=False)
save("cosine.pth", body | {"fc.weight_v": torch.ones(3, 64), "fc.weight_g": torch.ones(3, 1)}, classes=False)
save("two-heads.pth", body | {"head_a.weight": torch.ones(3, 64), "head_a.bias": torch.ones(3), "head_b.weight": torch.ones(2, 64), "head_b.bias": torch.ones(2)}, classes=False)

# Names.
face = renamed(
    (r"^conv1\.", "resnet.embedder.embedder.convolution."), (r"^bn1\.", "resnet.embedder.embedder.normalization."),
    (r"^layer(\d)\.(\d)\.", lambda m: f"resnet.encoder.stages.{int(m[1]) - 1}.layers.{m[2]}."),
    (r"\.conv(\d)\.", lambda m: f".layer.{int(m[1]) - 1}.convolution."), (r"\.bn(\d)\.", lambda m: f".layer.{int(m[1]) - 1}.normalization."),
    (r"downsample\.0", "shortcut.convolution"), (r"downsample\.1", "shortcut.normalization"), (r"^fc", "classifier.1"))
(out / "huggingface").mkdir(exist_ok=True)
(out / "timm").mkdir(exist_ok=True)
save("huggingface/pytorch_model.bin", face, prefix="resnet.", names="Hugging Face")
labels = ["cat", "dog", "owl", "elk", "emu"]
(out / "huggingface/config.json").write_text(json.dumps({
    "architectures": ["ResNetForImageClassification"], "model_type": "resnet", "hidden_act": "relu", "layer_type": "basic",
    "id2label": {str(i): label for i, label in enumerate(labels)}}))
(out / "huggingface/preprocessor_config.json").write_text(json.dumps({
    "crop_pct": 0.875, "do_normalize": True, "image_mean": [0.5, 0.4, 0.3], "image_std": [0.25, 0.2, 0.1], "resample": 3, "size": {"shortest_edge": 96}}))
save("timm/pytorch_model.bin", weights)
(out / "timm/config.json").write_text(json.dumps({
    "architecture": "resnet20", "num_classes": CLASSES, "label_names": ["n1", "n2", "n3", "n4", "n5"],
    "label_descriptions": {"n1": "cat", "n2": "dog"},
    "pretrained_cfg": {"input_size": [3, 64, 64], "mean": [0.1, 0.2, 0.3], "std": [0.4, 0.5, 0.6], "interpolation": "bicubic", "crop_pct": 0.95}}))
save("sequential.pth", renamed((r"^conv1\.", "0."), (r"^bn1\.", "1."), (r"^layer(\d)", lambda m: str(int(m[1]) + 2)), (r"^fc", "8")), names="nn.Sequential")
save("fastai.pth", {"model": behind("0.", renamed((r"^conv1\.", "0."), (r"^bn1\.", "1."), (r"^layer(\d)", lambda m: str(int(m[1]) + 3)), values=body))
     | {"1.2.weight": torch.ones(128), "1.4.weight": torch.ones(8, 128), "1.8.weight": torch.ones(3, 8)}, "opt": {}},
     classes=False, prefix="0.", key="model", names="nn.Sequential")
save("cadene.pth", renamed((r"^conv1\.", "layer0.conv1."), (r"^bn1\.", "layer0.bn1."), (r"^fc", "last_linear")), names="Cadene's SENet")
save("cifar100.pth", renamed(
    (r"^conv1\.", "conv1.0."), (r"^bn1\.", "conv1.1."), (r"^layer(\d)\.", lambda m: f"conv{int(m[1]) + 1}_x."),
    (r"_x\.(\d)\.conv1", r"_x.\1.residual_function.0"), (r"_x\.(\d)\.bn1", r"_x.\1.residual_function.1"),
    (r"_x\.(\d)\.conv2", r"_x.\1.residual_function.3"), (r"_x\.(\d)\.bn2", r"_x.\1.residual_function.4"), ("downsample", "shortcut")), names="pytorch-cifar100")
detectron = renamed(
    (r"^conv1\.", "stem.conv1."), (r"^bn1\.", "stem.conv1.norm."), (r"^layer(\d)\.", lambda m: f"res{int(m[1]) + 1}."),
    (r"\.bn(\d)\.", r".conv\1.norm."), (r"downsample\.0", "shortcut"), (r"downsample\.1", "shortcut.norm"), (r"^fc", "stem.fc"))
save("detection.pth", {"model": behind("backbone.bottom_up.", {n: v for n, v in detectron.items() if "fc" not in n})
     | {"backbone.fpn_lateral5.weight": torch.ones(8, 64, 1, 1), "proposal_generator.rpn_head.conv.weight": torch.ones(8, 8, 3, 3)}, "iteration": 9},
     classes=False, prefix="backbone.bottom_up.", key="model", names="Detectron2")

# A pickle of arrays, as Detectron2's zoo has; small numbers take a byte each.
whole = {}
for name, value in detectron.items():
    value = value.numpy()
    if value.ndim == 4:
        # From 0 to 4: protocol 2 writes bytes as UTF-8, in which those from 128 on take two.
        whole[name] = (abs(numpy.round(value * 20)) % 5).astype("i1")
    elif name.endswith("running_var"):
        # Keeps values small behind such weights.
        whole[name] = (10_000 * value).astype("f2")
    elif "num_batches" not in name:
        whole[name] = value.astype("f2")
plain = Network()
back = {}
for (name, value), (own, _) in zip(detectron.items(), weights.items()):
    back[own] = torch.tensor(7) if "num_batches" in name else torch.from_numpy(whole[name].astype("f4"))
plain.load_state_dict(back)
with torch.no_grad():
    _, rounded = plain.eval()(images)
for protocol in (2, 4):
    name = f"arrays-protocol{protocol}.pkl"
    whole["res2.0.conv1.weight"] = numpy.asfortranarray(whole["res2.0.conv1.weight"])
    with open(out / name, "wb") as file:
        pickle.dump({"model": whole, "__author__": "nobody", "matching_heuristics": True}, file, protocol=protocol)
    expected[name] = {"values": rounded[0].tolist(), "classes": CLASSES, "key": "model", "names": "Detectron2"}

# Detectron's blobs, in which statistics are folded into scale and offset.
blobs = {}
folded = Network()
back = folded.state_dict()
for (name, value), (own, _) in zip(detectron.items(), weights.items()):
    if "running" in name or "num_batches" in name:
        back[own] = torch.tensor(7) if "num" in name else torch.full(value.shape, float("var" in name) * (1 - folded.bn1.eps))
        continue
    blob = (whole[name] % 3).astype("i1") if value.ndim == 4 else (value.numpy() / (50 if name.endswith("norm.weight") else 1)).astype("f2")
    back[own] = torch.from_numpy(blob.astype("f4"))
    for rule in [
        ("^stem.conv1.norm", "res_conv1_bn"), ("^stem.conv1", "conv1"), ("^stem.fc", "fc1000"), (r"\.norm\.weight", "_bn_s"), (r"\.norm\.bias", "_bn_b"),
        (r"^res(\d)\.(\d)\.conv(\d)", lambda m: f"res{m[1]}_{m[2]}_branch2{'abc'[int(m[3]) - 1]}"), (r"^res(\d)\.(\d)\.shortcut", r"res\1_\2_branch1"),
        (r"_bn\.weight", "_bn_s"), (r"_bn\.bias", "_bn_b"), (r"\.weight", "_w"), (r"\.bias", "_b")]:
        name = re.sub(*rule, name)
    blobs[name] = blob
folded.load_state_dict(back)
with torch.no_grad():
    _, logits = folded.eval()(images)
with open(out / "blobs.pkl", "wb") as file:
    pickle.dump({"blobs": blobs}, file, protocol=2)
expected["blobs.pkl"] = {"values": logits[0].tolist(), "classes": CLASSES, "key": "blobs", "names": "Detectron2"}

json.dump(expected, open(out / "expected.json", "w"), indent=1)
