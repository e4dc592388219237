"""Writes random weights of a network in PyTorch's format.

    make_weights.py NAME WEIGHTS.pth
"""

import sys

import torch

from ednet import with_random_weights

torch.save(with_random_weights(sys.argv[1]).state_dict(), sys.argv[2])
