"""Runs networks that edviz exports to ONNX in ONNX Runtime, beside edviz itself.

    swift build -c release --product edviz
    python -m venv /tmp/peers && /tmp/peers/bin/pip install numpy onnx onnxruntime
    /tmp/peers/bin/python Tests/ONNXTests/Reference/check_onnx.py [--edviz PROGRAM] [NAME...]

For each network: parameters from a seed, the checker of the onnx package with strict shape inference, then logits and
every branch of three blocks for images of several sizes against `edviz taps`. Batch normalisation is folded and kept;
the file is for any size and for one. Exits with 77 where onnx or onnxruntime are missing, with 1 where anything differs
by 1e-4 of a tensor's mean absolute value or more.
"""

import argparse
import json
import pathlib
import struct
import subprocess
import sys
import tempfile

try:
    import numpy as np
    import onnx
    import onnxruntime
except ImportError as error:
    print(f"skipped: {error}", file=sys.stderr)
    sys.exit(77)

ROOT = pathlib.Path(__file__).resolve().parents[3]
TOLERANCE = 1e-4
SEED = 20240817
# One of each family and variant, the smallest there is.
NETWORKS = """
    resnet18 ed-resnet26 ed-resnet26-g1 twoconv-resnet26 resnext26 ed-resnext26
    se-resnext26 se-ed-resnet26 cbam-resnet26 cbam-ed-resnext26
    res2net26 ed-res2net26 res2next26 se-ed-res2net26
    ed-resnext50-a ed-resnet50-b resnext50-36x3d ed-resnet50-noid ed-resnet50-notransform
    cifar-resnet20 cifar-resnet20-option-a cifar-ed-resnet20 cifar-ed-resnet20-option-a cifar-twoconv-resnet20
    cifar-ed-resnet20-s1p0 cifar-ed-resnet20-s1p1 cifar-ed-resnet20-s2p0 cifar-ed-resnet20-s3p0
    cifar-ed-resnet20-s3p1 cifar-ed-resnet20-k4 ed-resnet18-k4 cifar-resnext29 cifar-ed-resnext29-kept25
    resnet18-d-blur resnet18-average resnet26-d-average eca-resnet26-t resnet26-caffe resnet18-dilated-8
    resnet26-d-dilated-16 resnet18-silu resnet18-gelu resnet18-leaky-0.1 resnet18-eps-0.01 resnet18-cifar-stem
    resnet18-option-a resnet26-wide-2 resnet18-channels-1 resnet26-d-v2
""".split()


def uniform(name, count):
    """Numbers in [0, 1) from a name: SplitMix64 started from FNV-1a."""
    start = 0xCBF29CE484222325
    for byte in name.encode():
        start = (start ^ byte) * 0x100000001B3 % 2**64
    with np.errstate(over="ignore"):
        z = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(start ^ SEED)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return (z >> np.uint64(40)).astype(np.float64) * 2.0**-24


def parameter(name, shape):
    """Values that keep activations within range and make every parameter matter."""
    u = uniform(name, int(np.prod(shape)))
    if name.endswith("running_var") or (name.endswith("weight") and len(shape) == 1):
        values = 0.5 + u
    elif name.endswith("weight"):
        values = (2 * u - 1) * np.sqrt(3 / np.prod(shape[1:]))
    else:
        values = (2 * u - 1) * 0.1
    return values.astype(np.float32).reshape(shape)


def write_safetensors(path, tensors):
    header, offset = {}, 0
    for name, value in tensors.items():
        header[name] = {"dtype": "F32", "shape": value.shape, "data_offsets": [offset, offset + value.nbytes]}
        offset += value.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for value in tensors.values():
            file.write(value.tobytes())


def read_safetensors(path):
    data = pathlib.Path(path).read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    return {
        name: np.frombuffer(data[8 + length :][slice(*entry["data_offsets"])], np.float32).reshape(entry["shape"])
        for name, entry in header.items()
    }


class Case:
    """A network with parameters, in a folder."""

    def __init__(self, program, name, folder):
        self.program, self.name, self.folder = program, name, folder
        self.shapes = {
            entry["name"]: entry["shape"] for entry in json.loads(self.edviz("models", "parameters", name, "--json"))
        }
        tensors = {name: parameter(name, shape) for name, shape in self.shapes.items()}
        write_safetensors(folder / "net.safetensors", tensors)
        blocks = json.loads(self.edviz("models", "show", name, "--json"))[0]["network"]["stages"]
        last = [f"layer{stage + 1}.{entry['blocks'] - 1}" for stage, entry in enumerate(blocks)]
        self.blocks = ["layer1.0", "layer2.0", last[-1]]
        self.pair = "x+ED" if "notransform" in name else "x+F"

    def edviz(self, *words):
        done = subprocess.run([self.program, *words], cwd=self.folder, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"edviz {' '.join(words)}: {done.stderr}")
        return done.stdout

    def export(self, *options):
        taps = [word for block in self.blocks for word in ("--tap", block)]
        self.edviz(
            "convert", "net.safetensors", "net.onnx", "--model", self.name, "--force", *taps, "--tap", f"last:{self.pair}", *options
        )
        path = self.folder / "net.onnx"
        onnx.checker.check_model(path, full_check=True)
        model = onnx.load(path)
        shapes = {tensor.name: list(tensor.dims) for tensor in model.graph.initializer}
        for name, shape in shapes.items():
            assert self.shapes[name] == shape, f"{name} is {shape}"
        if "--keep-batch-norm" in options:
            assert shapes == self.shapes, "a parameter is missing"
        return onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])

    def expected(self, images):
        np.save(self.folder / "images.npy", images)
        blocks = [word for block in self.blocks for word in ("--block", block)]
        weights = ("--weights", "net.safetensors", "--model", self.name, "--force")
        self.edviz("taps", "images.npy", *weights, *blocks, "--output", "taps.safetensors")
        self.edviz("taps", "images.npy", *weights, "--block", "last", "--branch", self.pair, "--output", "sum.safetensors")
        found = read_safetensors(self.folder / "taps.safetensors")
        return found | read_safetensors(self.folder / "sum.safetensors")

    def worst(self, session, images, expected):
        names = [output.name for output in session.get_outputs()]
        assert set(names) == set(expected), f"outputs {set(names) ^ set(expected)}"
        worst = 0
        for name, value in zip(names, session.run(names, {"input": images})):
            other = expected[name]
            assert value.shape == other.shape, f"{name} is {value.shape}, not {other.shape}"
            assert np.isfinite(value).all() and np.abs(other).mean() > 0, name
            worst = max(worst, float(np.abs(value - other).max() / np.abs(other).mean()))
        return worst


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--edviz", default=ROOT / ".build/release/edviz")
    arguments.add_argument("names", nargs="*", default=NETWORKS)
    arguments = arguments.parse_args()
    program = str(pathlib.Path(arguments.edviz).resolve())
    worst = 0
    for name in arguments.names:
        with tempfile.TemporaryDirectory() as folder:
            case = Case(program, name, pathlib.Path(folder))
            side = 32 if name.startswith("cifar") else 64
            # Even, odd and not square: transposed convolutions reach both by other paddings.
            sizes = [(2, side, side), (1, side + 5, side + 18), (3, side - 1, side + 2)]
            channels = 1 if name.endswith("channels-1") else 3
            images = {size: (uniform(f"input {size}", size[0] * channels * size[1] * size[2]) * 3.5 - 1.75)
                      .astype(np.float32).reshape(size[0], channels, *size[1:]) for size in sizes}
            expected = {size: case.expected(value) for size, value in images.items()}
            for options in [(), ("--keep-batch-norm",)]:
                session = case.export(*options)
                found = max(case.worst(session, images[size], expected[size]) for size in sizes)
                for size in sizes[:2]:
                    session = case.export(*options, "--input-size", f"{size[1]}x{size[2]}")
                    found = max(found, case.worst(session, images[size], expected[size]))
                print(f"{name} {' '.join(options) or 'folded'}: {found:.1e}", flush=True)
                worst = max(worst, found)
    print(f"worst: {worst:.1e} of the mean absolute value; onnx {onnx.__version__}, ONNX Runtime {onnxruntime.__version__}")
    sys.exit(0 if worst < TOLERANCE else 1)


if __name__ == "__main__":
    main()
