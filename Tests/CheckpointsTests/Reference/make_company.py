"""Writes the fixtures of CompanyTests: checkpoints in which other things stand beside the weights.

    python make_company.py ../Fixtures

Needs torch and numpy; the files say nothing that depends on their versions but how they are named inside.
"""

import argparse
import collections
import datetime
import decimal
import enum
import fractions
import functools
import pathlib
import random
import sys
import uuid

import numpy
import torch

out = pathlib.Path(sys.argv[1])


class Stage(enum.Enum):
    WARM = 1


class Namespace(dict):
    """A dictionary of another class, as configurations are."""


def weights():
    return collections.OrderedDict([("fc.weight", torch.arange(6.0).reshape(2, 3)), ("fc.bias", torch.tensor([0.5, -0.5]))])


parameter = torch.nn.Parameter(torch.ones(2))
module = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
optimizer = torch.optim.AdamW(module.parameters())
module(torch.ones(4, 3)).sum().backward()
optimizer.step()
schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.1, total_steps=10)
settings = Namespace(rate=0.1)
settings["nested"] = Namespace(deep=[1, 2])
company = {
    "args": argparse.Namespace(lr=0.1, milestones=[30, 60], path=pathlib.PurePosixPath("/a/b")),
    "numpy": [numpy.float64(0.5), numpy.int64(3), numpy.bool_(True), numpy.arange(4, dtype="<i2"), numpy.dtype("f4")],
    "random": [numpy.random.RandomState(1).get_state(), random.Random(1).getstate(), torch.get_rng_state()],
    "generators": [numpy.random.RandomState(1), numpy.random.default_rng(1)],
    "sets": [{1, "a"}, frozenset([2]), set()],
    "times": [datetime.datetime(2026, 1, 2, 3, 4, 5), datetime.timedelta(days=1), datetime.date(2026, 1, 2)],
    "numbers": [1 + 2j, decimal.Decimal("1.5"), fractions.Fraction(1, 3), 2**100, range(3), slice(1, 2)],
    "bytes": [b"abc", bytearray(b"def"), uuid.UUID(int=5)],
    "counts": [collections.Counter("aab"), collections.defaultdict(list, {"a": [1]}), collections.deque([1, 2])],
    "functions": [torch.nn.functional.relu, functools.partial(torch.add, alpha=2), print, len],
    "classes": [torch.nn.Linear, int, Stage.WARM, type(None)],
    "loss": torch.nn.CrossEntropyLoss(weight=torch.ones(2)),
    "optimizer": optimizer.state_dict(),
    "scheduler": schedule.state_dict(),
    "settings": settings,
    "version": torch.__version__,
    "parameter": parameter,
    "error": ValueError("a", 1),
    "state_dict": weights(),
}
torch.save(company, out / "company.pth")
torch.save(company, out / "company-protocol4.pth", pickle_protocol=4)
torch.save(company, out / "company-legacy.pth", _use_new_zipfile_serialization=False)
# Old files name the source of a module's class: under a prefix of the same length, which is nobody's.
legacy = out / "company-legacy.pth"
prefix = sys.prefix.encode()
legacy.write_bytes(legacy.read_bytes().replace(prefix, b"/" + b"p" * (len(prefix) - 1)))

# A state dictionary of another class, and tensors of unusual kinds that are read.
other = Namespace(weights())
attributed = torch.nn.Parameter(torch.tensor([3.0, 4.0]))
attributed.note = "trained elsewhere"
other["attributed"] = attributed
other["expanded"] = torch.tensor([2.5]).expand(3, 4)
other["rows"] = torch.tensor([1.0, 2.0]).expand(3, 2)
torch.save({"epoch": 3, "model": other}, out / "other-classes.pth")

# What is not read is named.
torch.save({"fc.weight": torch.ones(2), "q": torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8)}, out / "quantised.pth")
torch.save({"fc.weight": torch.ones(2), "s": torch.eye(3).to_sparse()}, out / "sparse.pth")
torch.save(module, out / "module.pth")
torch.save({"net": module, "epoch": 1}, out / "module-within.pth")
