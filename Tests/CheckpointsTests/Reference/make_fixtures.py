"""Writes the fixtures of CheckpointsTests with the packages that own the formats.

    python make_fixtures.py ../Fixtures [folder with resnet20-12fca82f.th and its sisters]

Needs torch, numpy and safetensors. With the second argument it also writes th-reference.txt, PyTorch's own reading
of the public CIFAR-10 weights. Existing fixtures need no rebuild when a newer PyTorch writes other bytes: add,
rather than replace.
"""

import collections
import io
import pathlib
import pickle
import struct
import sys

import numpy
import torch
from safetensors.torch import load_file, save_file

out = pathlib.Path(sys.argv[1])
out.mkdir(exist_ok=True)


def weights():
    """A small state dictionary with every kind of tensor that is read."""
    base = torch.arange(12, dtype=torch.float32).reshape(3, 4) / 8 - 0.5
    state = collections.OrderedDict()
    state["conv1.weight"] = base.reshape(1, 3, 2, 2)
    state["bn1.weight"] = base[1]
    state["bn1.num_batches_tracked"] = torch.tensor(16777217, dtype=torch.int64)
    state["transposed"] = base.t()
    state["half"] = torch.tensor([0.1, -65504.0, 6e-8, float("inf")]).half()
    state["bfloat"] = torch.tensor([0.1, -3e38, 1e-40]).bfloat16()
    state["double"] = torch.tensor([1 / 3, -1e300], dtype=torch.float64)
    state["int"] = torch.tensor([[1, -2], [3, 4]], dtype=torch.int32)
    state["bytes"] = torch.tensor([0, 255], dtype=torch.uint8)
    state["bool"] = torch.tensor([True, False, True])
    state["empty"] = torch.zeros(0, 3)
    state["scalar"] = torch.tensor(2.5)
    return state


def dense(state):
    return {name: tensor.contiguous().clone() for name, tensor in state.items()}


save_file(dense(weights()), out / "python.safetensors", metadata={"epoch": "3", "note": 'a "ü"\n\\'})

# As torch.save writes today and as it wrote before 1.6; the state dictionary at the top, and in a trainer's file.
torch.save(weights(), out / "state.pth")
torch.save(weights(), out / "state-legacy.pth", _use_new_zipfile_serialization=False)
torch.save(dict(weights()), out / "state-protocol4.pth", pickle_protocol=4)
torch.save(
    dict(weights()), out / "state-legacy-protocol4.pth", pickle_protocol=4, _use_new_zipfile_serialization=False
)
module = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 1), torch.nn.BatchNorm2d(2))
with torch.no_grad():
    for index, parameter in enumerate(module.parameters()):
        parameter.fill_(index + 0.5)
optimizer = torch.optim.SGD(module.parameters(), lr=0.1, momentum=0.9)
module(torch.ones(1, 1, 2, 2)).sum().backward()
optimizer.step()
trainer = {
    "epoch": 7,
    "best_acc": torch.tensor(0.5),
    "big": -(2**40),
    "size": torch.Size([1, 2]),
    "parameter": torch.nn.Parameter(torch.ones(2)),
    "model": module.state_dict(),
    "optimizer": optimizer.state_dict(),
}
torch.save(trainer, out / "trainer.pth")
torch.save(trainer, out / "trainer-legacy.pth.tar", _use_new_zipfile_serialization=False)


# Types without a storage class of their own are rebuilt with their name.
torch.save(
    {"u16": torch.tensor([1, 65535], dtype=torch.uint16), "f8": torch.ones(2).to(torch.float8_e4m3fn)},
    out / "typed.pth",
)

# Two old habits that today's torch.save has lost: storages that are views of others, and Python 2.
class Stream:
    """A legacy file by hand: persistent identifiers are written as they stand."""

    class Persistent:
        def __init__(self, identifier):
            self.identifier = identifier

    class Pickler(pickle._Pickler):
        def persistent_id(self, thing):
            return thing.identifier if isinstance(thing, Stream.Persistent) else None

    class Call:
        def __init__(self, function, *arguments):
            self.function, self.arguments = function, arguments

        def __reduce__(self):
            return self.function, self.arguments


def legacy(thing, storages):
    stream = io.BytesIO()
    for part in (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}):
        pickle.dump(part, stream, protocol=2)
    Stream.Pickler(stream, protocol=2).dump(thing)
    pickle.dump([key for key, _ in storages], stream, protocol=2)
    for _, values in storages:
        stream.write(struct.pack("<q", len(values)) + numpy.array(values, dtype="<f4").tobytes())
    return stream.getvalue()


def tensor(key, count, view, offset, size, stride):
    storage = Stream.Persistent(("storage", torch.FloatStorage, key, "cpu", count, view))
    return Stream.Call(torch._utils._rebuild_tensor, storage, offset, size, stride)


views = {
    "first": tensor("a", 6, ("b", 0, 2), 0, (2,), (1,)),
    "second": tensor("a", 6, ("c", 2, 4), 1, (3,), (1,)),
    "whole": tensor("a", 6, None, 0, (2, 3), (3, 1)),
}
(out / "views-legacy.pth").write_bytes(legacy(views, [("a", [0, 1, 2, 3, 4, 5])]))
loaded = torch.load(out / "views-legacy.pth")
assert loaded["second"].tolist() == [3, 4, 5] and loaded["whole"].tolist() == [[0, 1, 2], [3, 4, 5]]

# OrderedDict with its items as an argument, and byte strings for text.
python2 = Stream.Call(collections.OrderedDict, [["linear.bias", tensor("k", 2, None, 0, (2,), (1,))]])
content = legacy(python2, [("k", [1.5, -2.5])])
content = content.replace(b"X\x0b\x00\x00\x00linear.bias", b"U\x0blinear.bias")
content = content.replace(b"X\x07\x00\x00\x00storage", b"U\x07storage")
(out / "python2-legacy.pth").write_bytes(content)
assert torch.load(out / "python2-legacy.pth", encoding="ascii")["linear.bias"].tolist() == [1.5, -2.5]

# Written by edviz (test "writesTheCommittedFile"), read by the reference implementation.
ours = out / "edviz.safetensors"
if ours.exists():
    for name, values in load_file(ours).items():
        print(name, values.dtype, tuple(values.shape), values.flatten().tolist())

if len(sys.argv) > 2:
    lines = ["# file name shape sum first-two-values; PyTorch " + torch.__version__]
    for path in sorted(pathlib.Path(sys.argv[2]).glob("*.th")):
        state = torch.load(path, map_location="cpu", weights_only=True)["state_dict"]
        for name, values in state.items():
            flat = values.double().flatten()
            shape = "x".join(str(size) for size in values.shape)
            first = " ".join(repr(float(value)) for value in flat[:2])
            lines.append(f"{path.name} {name} {shape} {float(flat.sum())!r} {first}")
    (out / "th-reference.txt").write_text("\n".join(lines) + "\n")
