#!/usr/bin/env python3
"""Measures edviz beside PyTorch, ONNX Runtime, OpenVINO and pytorch-grad-cam on the same work in one run, each program a
process of its own, alternately, after checking that all compute the same; and writes Benchmarks/RESULTS.md.

    Benchmarks/peers/run.py                                   everything; makes an environment from PyPI first
    Benchmarks/peers/run.py --python ~/torch/bin/python       with an environment that is there; installs what is missing
    Benchmarks/peers/run.py --only forward,train --rounds 7   some parts anew; the others as they were measured last
    Benchmarks/peers/run.py --tables                          nothing anew: the tables from what was measured last

Each part leaves what it measured in Output/peers/PART.json. Measure on a quiet machine: a team of threads waits for its
slowest.
"""

import argparse
import datetime
import importlib
import importlib.util
import json
import os
import pathlib
import platform
import shlex
import subprocess
import sys
import tempfile
import venv

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MEASURED = ROOT / "Output/peers"
PARTS = ["forward", "train", "heatmap", "scaling"]
# What is imported, and what PyPI calls it.
PACKAGES = {
    "torch": "torch", "torchvision": "torchvision", "onnxruntime": "onnxruntime", "openvino": "openvino",
    "pytorch_grad_cam": "grad-cam", "safetensors": "safetensors", "cv2": "opencv-python-headless", "PIL": "pillow",
    "matplotlib": "matplotlib", "numpy": "numpy",
}
INSIDE = "EDVIZ_PEERS_INSIDE"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", type=pathlib.Path, help="a Python whose environment is used; default: Output/peers/venv")
    parser.add_argument("--only", default=",".join(PARTS), help="parts to measure, of " + ", ".join(PARTS))
    parser.add_argument("--rounds", type=int, default=5, help="alternating rounds; default: 5")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)), help="default: one for each core")
    parser.add_argument("--tables", action="store_true", help="only write RESULTS.md from what was measured last")
    parser.add_argument("--quick", action="store_true", help="a little of each part, to see that it works; writes no tables")
    given = parser.parse_args()
    given.only = [] if given.tables else given.only.split(",")
    if unknown := set(given.only) - set(PARTS):
        parser.error(f"no part is called {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    if given.rounds < 1 or given.threads < 1:
        parser.error("--rounds and --threads begin at 1")
    return given


def enter_environment(given):
    """Starts this script anew in an environment that has everything."""
    if os.environ.get(INSIDE):
        return
    python = given.python
    if python is None:
        folder = MEASURED / "venv"
        python = folder / "bin/python"
        if not python.exists():
            venv.create(folder, with_pip=True)
    check = f"import importlib.util as u; print(*[n for n in {list(PACKAGES)} if u.find_spec(n) is None])"
    missing = subprocess.run([python, "-c", check], check=True, capture_output=True, text=True).stdout.split()
    if missing:
        subprocess.run([python, "-m", "pip", "install", *(PACKAGES[name] for name in missing)], check=True)
    os.execve(python, [str(python), *sys.argv], os.environ | {INSIDE: "1"})


def build():
    subprocess.run(["swift", "build", "-c", "release", "--product", "edviz"], check=True, cwd=ROOT)
    for product in ("Forward", "Steps"):
        subprocess.run(
            ["swift", "build", "-c", "release", "--package-path", "Benchmarks", "--product", product], check=True, cwd=ROOT)


def versions():
    from importlib.metadata import version

    names = ["torch", "torchvision", "onnxruntime", "openvino", "grad-cam", "opencv-python-headless"]
    edviz = subprocess.run([ROOT / ".build/release/edviz", "--version"], check=True, capture_output=True, text=True).stdout
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    return {
        "edviz": " ".join([edviz.strip(), f"({commit})"] if commit else [edviz.strip()]),
        **{name: version(name) for name in names}, "Python": platform.python_version(),
    }


def processor():
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def without_python(words):
    """The options but for where somebody's Python is."""
    kept, skip = [], False
    for word in words:
        if not skip and word != "--python" and not word.startswith("--python="):
            kept.append(word)
        skip = word == "--python"
    return kept


def measure(given):
    from programs import Settings

    command = shlex.join(["Benchmarks/peers/run.py", *without_python(sys.argv[1:])])
    folder = MEASURED / "quick" if given.quick else MEASURED
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="edviz-peers-") as scratch:
        settings = Settings(given.rounds, given.threads, given.quick, pathlib.Path(scratch))
        for part in given.only:
            results = importlib.import_module(f"part_{part}").measure(settings)
            record = {
                "command": command, "rounds": given.rounds, "threads": given.threads, "processor": processor(),
                "versions": versions(), "date": datetime.date.today().isoformat(), "results": results,
            }
            write(folder / f"{part}.json", json.dumps(record, indent=1))
    return folder


def write(path, text):
    """Whole or not at all."""
    temporary = path.with_name(path.name + ".part")
    temporary.write_text(text)
    temporary.replace(path)


def tables(folder, charts):
    sections, origins = [], []
    for part in PARTS:
        file = folder / f"{part}.json"
        if not file.exists():
            continue
        record = json.loads(file.read_text())
        sections.append(importlib.import_module(f"part_{part}").markdown(record["results"], charts))
        told = ", ".join(f"{name} {version}" for name, version in record["versions"].items())
        origins.append(
            f"- {part}: `{record['command']}` on {record['date']}, {record['processor']}, {record['threads']} threads, "
            f"{record['rounds']} rounds; {told}")
    if not sections:
        raise SystemExit(f"nothing was measured yet: {folder} is empty")
    return "\n\n".join([
        "# Results",
        "Written by [peers/run.py](peers/run.py). Every program is a process of its own, and the programs take turns in every "
        "round. Cells are medians over the rounds, with the range. [LIMITS.md](LIMITS.md) says where the time goes.",
        "\n".join(origins), *sections]) + "\n"


def main():
    given = arguments()
    enter_environment(given)
    sys.path.insert(0, str(HERE))
    if given.only:
        build()
    folder = measure(given)
    if given.quick:
        print(tables(folder, folder))
    else:
        text = tables(folder, ROOT / "Benchmarks")
        write(ROOT / "Benchmarks/RESULTS.md", text)
        print(f"{ROOT / 'Benchmarks/RESULTS.md'}")


main()
