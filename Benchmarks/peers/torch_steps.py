"""PyTorch's training steps on the work of Benchmarks/Sources/Steps, from the same parameters.

    torch_steps.py NAME SIDE BATCH RUNS WEIGHTS LAYOUT     LAYOUT is channels_last or contiguous

Prints the loss and the seconds of each step, one step a line; two more than RUNS to warm up.
"""

import sys
import time

import torch
from torch import nn

from ednet import loaded

name, side, batch, runs, weights, layout = sys.argv[1:]
side, batch, runs = int(side), int(batch), int(runs)
net = loaded(name, weights)
classes = net.fc.out_features
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
