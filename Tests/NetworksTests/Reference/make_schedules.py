"""Writes ../Fixtures/schedules.json: the learning rates of torch.optim.lr_scheduler before each step of small runs.

    python Tests/NetworksTests/Reference/make_schedules.py
"""

import json
import math
import pathlib
import warnings

import torch
from torch.optim import lr_scheduler as schedulers

warnings.filterwarnings("ignore")


def rates(make, base, steps_per_epoch, epochs, per_epoch):
    """The rate that each step is taken with; the scheduler moves after each step or after each epoch."""
    parameter = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([parameter], lr=base)
    scheduler = make(optimizer)
    found = []
    total = steps_per_epoch * epochs
    for step in range(total):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if step + 1 < total and (not per_epoch or (step + 1) % steps_per_epoch == 0):
            scheduler.step()
    return found


def after_warmup(optimizer, steps, start, rest):
    linear = schedulers.LinearLR(optimizer, start_factor=start, total_iters=steps)
    return schedulers.SequentialLR(optimizer, [linear, rest(optimizer)], milestones=[steps])


def warmed_up_epochs(rest_of, steps, start, base, steps_per_epoch, epochs):
    """Rates by epoch times the factor of LinearLR by step."""
    plain = rates(rest_of, base, steps_per_epoch, epochs, per_epoch=True)
    linear = rates(
        lambda o: schedulers.LinearLR(o, start_factor=start, total_iters=steps), 1.0, steps_per_epoch, epochs,
        per_epoch=False)
    return [a * b for a, b in zip(plain, linear)]


CASES = [
    ("constant", 0.1, 3, 4, rates(lambda o: schedulers.LambdaLR(o, lambda _: 1), 0.1, 3, 4, True)),
    ("step", 0.1, 3, 7, rates(lambda o: schedulers.StepLR(o, 2, 0.1), 0.1, 3, 7, True)),
    ("multiStep", 0.1, 2, 8, rates(lambda o: schedulers.MultiStepLR(o, [3, 5], 0.2), 0.1, 2, 8, True)),
    ("multiStepWarm", 0.1, 4, 8,
     warmed_up_epochs(lambda o: schedulers.MultiStepLR(o, [3, 5], 0.2), 8, 0.1, 0.1, 4, 8)),
    ("cosine", 0.2, 5, 4, rates(lambda o: schedulers.CosineAnnealingLR(o, 20, 0.002), 0.2, 5, 4, False)),
    ("cosineWarm", 0.2, 5, 4, rates(
        lambda o: after_warmup(o, 5, 0.25, lambda p: schedulers.CosineAnnealingLR(p, 15, 0.0)), 0.2, 5, 4, False)),
    ("oneCycle", 0.4, 7, 5, rates(
        lambda o: schedulers.OneCycleLR(
            o, 0.4, total_steps=35, pct_start=0.3, div_factor=25, final_div_factor=1e4), 0.4, 7, 5, False)),
    ("oneCycleLinear", 0.4, 7, 5, rates(
        lambda o: schedulers.OneCycleLR(
            o, 0.4, total_steps=35, pct_start=0.2, div_factor=10, final_div_factor=100,
            anneal_strategy="linear"), 0.4, 7, 5, False)),
]

path = pathlib.Path(__file__).parent.parent / "Fixtures" / "schedules.json"
records = [
    {"name": name, "base": base, "stepsPerEpoch": steps, "epochs": epochs, "rates": found}
    for name, base, steps, epochs, found in CASES
]
assert all(math.isfinite(rate) for record in records for rate in record["rates"])
path.write_text(json.dumps({"torch": torch.__version__, "cases": records}) + "\n")
