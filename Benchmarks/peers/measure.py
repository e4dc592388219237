"""Runs a command and prints, behind what the command prints, its wall seconds and its peak memory in MiB.

A process of its own, because a child's peak counts from its parent's size, and the one that asks is large.
"""

import os
import subprocess
import sys
import time

start = time.perf_counter()
child = subprocess.Popen(sys.argv[1:])
_, status, usage = os.wait4(child.pid, 0)
print("measured", time.perf_counter() - start, usage.ru_maxrss / 1024)
sys.exit(os.waitstatus_to_exitcode(status))
