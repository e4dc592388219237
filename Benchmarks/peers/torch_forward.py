"""PyTorch's forward passes on the work of Benchmarks/Sources/Forward.

    torch_forward.py NAME WEIGHTS INPUT.npy RUNS LOGITS.npy LAYOUT     LAYOUT is channels_last or contiguous

Prints the seconds of each pass, one a line, after three to warm up.
"""

import os
import sys
import time

import numpy as np
import torch

from ednet import loaded

name, weights, images, runs, logits, layout = sys.argv[1:]
torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
net, images = loaded(name, weights).eval(), torch.from_numpy(np.load(images))
if layout == "channels_last":
    net, images = net.to(memory_format=torch.channels_last), images.to(memory_format=torch.channels_last)
with torch.inference_mode():
    for run in range(int(runs) + 3):
        start = time.perf_counter()
        values = net(images)
        if run >= 3:
            print(time.perf_counter() - start)
np.save(logits, values.numpy())
