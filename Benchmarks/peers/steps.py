"""PyTorch's training steps on the work of Benchmarks/Sources/Steps, from the same parameters.

    steps.py NAME SIDE BATCH RUNS WEIGHTS LAYOUT     LAYOUT is channels_last or contiguous

Prints the loss and the seconds of each step, one step a line; two more than RUNS to warm up.
"""

import sys
import time

import torch
from safetensors.torch import load_file
from torch import nn

from ednet import CIFAREDResNet, EDNet

name, side, batch, runs, weights, layout = sys.argv[1:]
side, batch, runs = int(side), int(batch), int(runs)
net, classes = (CIFAREDResNet(20), 10) if name.startswith("cifar") else (EDNet(), 1000)
missing, unexpected = net.load_state_dict(load_file(weights), strict=False)
assert not unexpected and all(key.endswith("num_batches_tracked") for key in missing)
images = torch.sin(torch.arange(batch * 3 * side * side, dtype=torch.float64)).float().reshape(batch, 3, side, side)
labels = torch.arange(batch) % classes
if layout == "channels_last":
    net, images = net.to(memory_format=torch.channels_last), images.to(memory_format=torch.channels_last)
optimizer = torch.optim.SGD(net.parameters(), 0.01, 0.9, weight_decay=1e-4)
for run in range(runs + 2):
    start = time.perf_counter()
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(net(images), labels)
    loss.backward()
    optimizer.step()
    print(loss.item(), time.perf_counter() - start, flush=True)
