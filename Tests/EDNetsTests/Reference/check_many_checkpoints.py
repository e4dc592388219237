"""Saves networks of torchvision, timm and transformers in the ways in which people save, loads each file in edviz, and compares.

    swift build -c release --product edviz
    python -m venv /tmp/peers && /tmp/peers/bin/pip install torch torchvision timm transformers safetensors
    /tmp/peers/bin/python Tests/EDNetsTests/Reference/check_many_checkpoints.py [--edviz PROGRAM] [--few] [NETWORK...]

Each file must be loaded by itself, or with the option that `edviz` names in its answer; then the logits, or where the head is none
that gives classes the last block's output, must agree with PyTorch's within 1e-4 of their mean absolute value. Prints a row for
each network, and each file that is not loaded or differs, with the reason. Exits with 1 if there is one, with 77 where a package is
missing (transformers alone may be: then its files are left out).
"""

import argparse
import collections
import json
import pathlib
import pickle
import re
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
try:
    import transformers
    transformers.utils.logging.disable_progress_bar()
except ImportError:
    transformers = None

ROOT = pathlib.Path(__file__).resolve().parents[3]
TOLERANCE = 1e-4
SHAPE = (1, 3, 64, 80)
CLASSES = 20


def values(name, shape, generator):
    """Values that keep activations within range and make every parameter matter."""
    u = torch.rand(shape, generator=generator)
    if name.endswith("running_var") or (name.endswith("weight") and len(shape) == 1):
        return 0.5 + u
    if name.endswith("weight"):
        return (2 * u - 1) * (3 / int(np.prod(shape[1:]))) ** 0.5
    return (2 * u - 1) * 0.1


def fill(network, seed=3):
    generator = torch.Generator().manual_seed(seed)
    network.load_state_dict({
        name: values(name, value.shape, generator) if value.is_floating_point() else value
        for name, value in network.state_dict().items()
    })
    return network.eval()


def public(name):
    return lambda: getattr(torchvision.models, name)(weights=None, num_classes=CLASSES)


def of_timm(name):
    return lambda: timm.create_model(name, num_classes=CLASSES)


NETWORKS = {
    "torchvision resnet18": public("resnet18"), "torchvision resnet34": public("resnet34"),
    "torchvision resnet50": public("resnet50"), "torchvision resnet101": public("resnet101"),
    "torchvision resnext50_32x4d": public("resnext50_32x4d"),
    "timm resnet18": of_timm("resnet18"), "timm resnet26": of_timm("resnet26"), "timm resnet50": of_timm("resnet50"),
    "timm resnext101_32x4d": of_timm("resnext101_32x4d"),
    "timm seresnet50": of_timm("seresnet50"), "timm seresnext50_32x4d": of_timm("seresnext50_32x4d"),
    "timm res2net50_26w_4s": of_timm("res2net50_26w_4s"), "timm res2next50": of_timm("res2next50"),
}


class Saved:
    """One network, and files of it."""

    def __init__(self, make, folder):
        self.network, self.folder = fill(make()), folder
        self.state = self.network.state_dict()
        self.body = collections.OrderedDict((n, v) for n, v in self.state.items() if not n.startswith("fc."))
        self.images = torch.randn(SHAPE, generator=torch.Generator().manual_seed(5))
        np.save(folder / "images.npy", self.images.numpy())
        kept = {}
        hook = self.network.layer4.register_forward_hook(lambda *parts: kept.update(output=parts[2]))
        with torch.inference_mode():
            self.logits = self.network(self.images)
        hook.remove()
        self.output = kept["output"]

    def behind(self, prefix, state=None):
        return collections.OrderedDict((prefix + n, v) for n, v in (state or self.state).items())

    def torch(self, name, value, **options):
        torch.save(value, self.folder / name, **options)
        return name

    def optimizer(self):
        optimizer = torch.optim.SGD(self.network.parameters(), 0.1, momentum=0.9)
        for parameter in list(self.network.parameters())[:3]:
            parameter.grad = torch.zeros_like(parameter)
        optimizer.step()
        return optimizer


# A way of saving gives the file's name; where the head gives no classes, the second of a pair is False.
def plain(s): return s.torch("plain.pth", s.state)
def legacy(s): return s.torch("legacy.pth.tar", {"epoch": 3, "arch": "resnet", "state_dict": s.behind("module."), "best_acc1": torch.tensor(71.5)}, _use_new_zipfile_serialization=False)
def tensors(s): save_file(dict(s.state), s.folder / "plain.safetensors"); return "plain.safetensors"
def half(s):
    # Values that half precision holds, so that PyTorch computes with the same ones.
    s.state = {n: v.half() if v.is_floating_point() else v for n, v in s.state.items()}
    s.network.load_state_dict({n: v.float() if v.is_floating_point() else v for n, v in s.state.items()})
    with torch.inference_mode(): s.logits = s.network(s.images)
    return s.torch("half.pth", s.state)
def parallel(s): return s.torch("parallel.pth", {"model": s.behind("module."), "optimizer": s.optimizer().state_dict(), "args": argparse.Namespace(lr=0.1)})
def lightning(s): return s.torch("epoch=9.ckpt", {"epoch": 9, "state_dict": s.behind("model.") | {"criterion.weight": torch.ones(CLASSES)}, "optimizer_states": [s.optimizer().state_dict()], "hyper_parameters": {"lr": 0.1}})
def compiled(s): return s.torch("compiled.pth", {"model_state_dict": s.behind("_orig_mod.")})
def sharded(s):
    wrap = lambda n: ".".join("_fsdp_wrapped_module." + p for p in n.split(".")[:-1]) + "." + n.split(".")[-1]
    return s.torch("sharded.pth", {"model": {wrap(n): v for n, v in s.state.items()}})
def averaged(s): return s.torch("averaged.pth", torch.optim.swa_utils.AveragedModel(s.network).state_dict())
def moving(s): return s.torch("moving.pth", {"state_dict": {n: v.clone() for n, v in s.state.items()}, "state_dict_ema": s.state}), True, "--key state_dict_ema"
def teacher(s): return s.torch("teacher.pth", {"student": s.behind("module.backbone.", {n: v.clone() for n, v in s.body.items()}), "teacher": s.behind("backbone.", s.body)}), False, "--key teacher"
def moco(s):
    state = s.behind("module.encoder_q.") | s.behind("module.encoder_k.", {n: v.clone() for n, v in s.state.items()})
    return s.torch("moco.pth.tar", {"arch": "resnet", "state_dict": state | {"module.queue": torch.ones(8, 4), "module.queue_ptr": torch.zeros(1)}}), False
def headless(s): return s.torch("headless.pth", s.body), False
def dropout(s): return s.torch("dropout.pth", s.body | {"fc.1.weight": s.state["fc.weight"], "fc.1.bias": s.state["fc.bias"]})
def convolution(s): return s.torch("convolution.pth", s.body | {"classifier.weight": s.state["fc.weight"][:, :, None, None], "classifier.bias": s.state["fc.bias"]})
def layers(s): return s.torch("layers.pth", s.body | nn.Sequential(nn.Linear(s.output.shape[1], 64), nn.ReLU(), nn.Linear(64, 5)).state_dict(prefix="fc.")), False
def mmpretrain(s): return s.torch("mmpretrain.pth", {"meta": {"epoch": 100}, "state_dict": s.behind("backbone.", s.body) | {"head.fc.weight": s.state["fc.weight"], "head.fc.bias": s.state["fc.bias"]}})
def detection(s):
    fpn = torchvision.ops.FeaturePyramidNetwork([s.output.shape[1]], 16)
    return s.torch("detection.pth", s.behind("backbone.body.", {n: v for n, v in s.body.items() if "num_batches" not in n}) | fpn.state_dict(prefix="backbone.fpn.")), False
def children(s): return s.torch("children.pth", nn.Sequential(*s.network.children()).state_dict())
def features(s): return s.torch("features.pth", nn.ModuleDict({"features": nn.Sequential(*list(s.network.children())[:-1])}).state_dict()), False
def modules(s): return s.torch("modules.pth", {name: module.state_dict() for name, module in s.network.named_children()})
def detectron2(s):
    rules = [(r"^conv1\.", "stem.conv1."), (r"^bn1\.", "stem.conv1.norm."), (r"^layer(\d)\.", lambda m: f"res{int(m[1]) + 1}."), (r"\.bn(\d)\.", r".conv\1.norm."), (r"downsample\.0", "shortcut"), (r"downsample\.1", "shortcut.norm"), (r"^fc", "stem.fc")]
    state = {}
    for name, value in s.state.items():
        for rule in rules:
            name = re.sub(*rule, name)
        if "num_batches" not in name:
            state[name] = value.numpy()
    with open(s.folder / "R-50.pkl", "wb") as file:
        pickle.dump({"model": state, "__author__": "torchvision", "matching_heuristics": True}, file)
    return "R-50.pkl"


WAYS = [plain, legacy, tensors, half, parallel, lightning, compiled, sharded, averaged, moving, teacher, moco, headless, dropout,
        convolution, layers, mmpretrain, detection, children, features, modules, detectron2]
FEW = {plain, lightning, moving, headless, mmpretrain, children}
# Names that a way does not make of a network with other parts than convolutions and normalisations in its blocks.
UNLIKE = {"se": {detectron2}, "res2": {detectron2}}


class Program:
    def __init__(self, path):
        self.path = path

    def run(self, folder, name, options=()):
        words = [self.path, "taps", "images.npy", "--weights", name, *options, "--block", "last", "--branch", "output", "--output", "taps.safetensors", "--force"]
        return subprocess.run(words, cwd=folder, capture_output=True, text=True)

    def problem(self, folder, name, logits, output, asked=None):
        """What is wrong with a file, or None."""
        done = self.run(folder, name)
        if asked is not None:
            if done.returncode != 65 or asked not in done.stderr:
                return f"does not ask for {asked}: {done.stderr.strip()}"
            done = self.run(folder, name, asked.split())
        if done.returncode != 0:
            return done.stderr.strip()
        found = load_file(folder / "taps.safetensors")
        if ("logits" in found) != (logits is not None):
            return f"logits: {'logits' in found}: {done.stderr.strip()}"
        theirs = output if logits is None else logits
        ours = found["logits"] if logits is not None else next(v for n, v in found.items() if n.endswith(".output"))
        difference = ((ours - theirs).abs().max() / theirs.abs().mean()).item()
        return None if difference < TOLERANCE else f"differs by {difference:.1e}"


def hugging_face(program):
    """ResNets of transformers, with their configuration beside them."""
    problems, files = [], 0
    for name, settings in {
        "resnet-18": dict(depths=[2, 2, 2, 2], hidden_sizes=[64, 128, 256, 512], layer_type="basic"),
        "resnet-50": dict(depths=[3, 4, 6, 3], hidden_sizes=[256, 512, 1024, 2048], layer_type="bottleneck"),
    }.items():
        config = transformers.ResNetConfig(**settings, embedding_size=64, num_labels=CLASSES, id2label={i: f"thing {i}" for i in range(CLASSES)})
        network = fill(transformers.ResNetForImageClassification(config))
        images = torch.randn(SHAPE, generator=torch.Generator().manual_seed(5))
        with torch.inference_mode():
            logits = network(images).logits
            output = network.resnet(images).last_hidden_state
        for way in ("safetensors", "bin", "body"):
            with tempfile.TemporaryDirectory() as folder:
                folder = pathlib.Path(folder)
                np.save(folder / "images.npy", images.numpy())
                if way == "safetensors":
                    network.save_pretrained(folder)
                    file = "model.safetensors"
                else:
                    part = network if way == "bin" else network.resnet
                    torch.save(part.state_dict(), folder / "pytorch_model.bin")
                    config.save_pretrained(folder)
                    file = "pytorch_model.bin"
                files += 1
                problem = program.problem(folder, file, logits if way != "body" else None, output)
                if problem:
                    problems.append(f"{name}, {way}: {problem}")
        print(f"| transformers {name} | 3 | {'; '.join(p for p in problems if p.startswith(name)) or 'all'} |", flush=True)
    return files, problems


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--edviz", default=ROOT / ".build/release/edviz")
    arguments.add_argument("--few", action="store_true", help="six ways of saving each network instead of all")
    arguments.add_argument("networks", nargs="*", help="names as in the table; all if none is given")
    arguments = arguments.parse_args()
    program = Program(str(pathlib.Path(arguments.edviz).resolve()))
    unknown = set(arguments.networks) - set(NETWORKS) - {"transformers"}
    if unknown:
        raise SystemExit(f"no network is called {', '.join(sorted(unknown))}")
    print(f"torch {torch.__version__}, torchvision {torchvision.__version__}, timm {timm.__version__}, "
          f"transformers {transformers.__version__ if transformers else 'missing'}")
    print("| network | files | agree with PyTorch |\n| --- | ---: | --- |")
    total, problems = 0, []
    chosen = {name: make for name, make in NETWORKS.items() if not arguments.networks or name in arguments.networks}
    for name, make in chosen.items():
        kind = next((k for k in UNLIKE if name.split()[1].startswith(k)), None)
        ways = [way for way in WAYS if (not arguments.few or way in FEW) and way not in UNLIKE.get(kind, ())]
        own = []
        for way in ways:
            with tempfile.TemporaryDirectory() as folder:
                saved = Saved(make, pathlib.Path(folder))
                made = way(saved)
                file, has_classes, asked = (made, True, None) if isinstance(made, str) else (*made, None)[:3]
                problem = program.problem(saved.folder, file, saved.logits if has_classes else None, saved.output, asked)
                if problem:
                    own.append(f"{way.__name__}: {problem}")
        total += len(ways)
        problems += [f"{name}, {problem}" for problem in own]
        print(f"| {name} | {len(ways)} | {'; '.join(own) or 'all'} |", flush=True)
    if transformers and (not arguments.networks or "transformers" in arguments.networks):
        files, own = hugging_face(program)
        total += files
        problems += own
    for problem in problems:
        print(f"not loaded, or not alike: {problem}")
    print(f"{total - len(problems)} of {total} files agree within {TOLERANCE} of the values' mean absolute value")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
