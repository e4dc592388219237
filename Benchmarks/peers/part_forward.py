"""Forward passes of edviz, PyTorch, ONNX Runtime and OpenVINO: same weights, same images, same logits."""

import json

import numpy as np

from programs import EDVIZ, FORWARD, cell, median, note, python, rows, run, weights

NETWORKS = ["ed-resnet50", "ed-resnext50", "se-ed-resnet50"]
WORK = [(224, 1, 20), (448, 1, 6), (224, 8, 5)]
LARGEST_ERROR = 1e-4
LAYOUTS = ["contiguous", "channels_last"]


def measure(settings):
    results = []
    for name in NETWORKS:
        pth, safetensors, onnx = weights(settings, name)
        for side, batch, runs in WORK[:1] if settings.quick else WORK:
            note(f"forward: {name}, {side} px, batch {batch}")
            runs = 2 if settings.quick else runs
            results.append(case(settings, name, side, batch, runs, (pth, safetensors, onnx)))
    return results


def case(settings, name, side, batch, runs, files):
    pth, safetensors, onnx = files
    images = settings.scratch / "input.npy"
    np.save(images, np.random.default_rng(side + batch).standard_normal((batch, 3, side, side), dtype=np.float32))

    def logits(program):
        return settings.scratch / f"{program}.npy"

    def torch(layout):
        return python(settings, "torch_forward.py", name, pth, images, runs, logits(f"torch-{layout}"), layout)

    def onnx_runtime(program):
        return python(settings, "onnx_forward.py", program, onnx, images, runs, logits(program))

    programs = {
        "edviz": lambda: run(settings, FORWARD, safetensors, images, runs, logits("edviz")),
        "edviz-taps": lambda: run(settings, FORWARD, safetensors, images, runs, logits("edviz-taps"), "taps"),
        **{f"torch-{layout}": lambda layout=layout: torch(layout) for layout in LAYOUTS},
        **{program: lambda program=program: onnx_runtime(program) for program in ("onnxruntime", "openvino")},
    }
    seconds, memory = ({program: [] for program in programs} for _ in range(2))
    benches, errors = [], {}
    for _ in range(settings.rounds):
        for program, start in programs.items():
            outcome = start()
            seconds[program].append(median([float(line) for line in outcome.lines]))
            memory[program].append(outcome.mebibytes)
        bench = run(
            settings, EDVIZ, "bench", "-w", safetensors, "--size", side, "--batch", batch, "--runs", runs, "--threads",
            settings.threads, "--json")
        benches.append(brief(json.loads("\n".join(bench.lines))))
        expected = np.load(logits("torch-contiguous"))
        for program in programs:
            found = np.load(logits(program))
            errors[program] = float(np.abs(found - expected).mean() / np.abs(expected).mean())
            # Written this way round, NaN fails too.
            if not errors[program] <= LARGEST_ERROR:
                raise SystemExit(f"{name}: logits of {program} differ from PyTorch's by {errors[program]:.1e} of their mean")
    return {
        "network": name, "side": side, "batch": batch, "seconds": seconds, "mebibytes": memory, "errors": errors,
        "bench": benches,
    }


def brief(bench):
    """What of `edviz bench --json` the tables need."""
    measured, totals = bench["measured"], bench["totals"]
    return {
        "latency": measured["latency"]["median"], "gigaflops": measured["gigaflops"],
        "peak": measured["peak"]["median"], "share": measured["shareOfPeak"], "floor": measured["floor"],
        "timesFloor": measured["timesFloor"], "kernels": measured["kernels"], "backend": measured["backend"],
        "encoders": totals["encoders"]["milliseconds"],
        "decoders": sum(totals[branch]["milliseconds"] for branch in ("decoders", "sums") if branch in totals),
    }


def markdown(results, _):
    ours = [
        f"{r['network']}, {r['side']} px, batch {r['batch']}" for r in results
    ]
    times, machine = [], []
    for label, r in zip(ours, results):
        seconds = r["seconds"]
        layout = min((f"torch-{layout}" for layout in LAYOUTS), key=lambda key: median(seconds[key]))
        peers = [layout, "onnxruntime", "openvino"]
        times.append(
            [label, cell(seconds["edviz"], 1000)]
            + [f"{cell(seconds[p], 1000)}; **{median(seconds['edviz']) / median(seconds[p]):.2f}**" for p in peers]
            + [f"{max(r['errors'].values()):.0e}"])
        bench = {key: [b[key] for b in r["bench"]] for key in r["bench"][0] if key not in ("kernels", "backend")}
        machine.append(
            [label, cell(bench["gigaflops"]), cell(bench["peak"]), f"{median(bench['share']):.2f}",
             f"{median(bench['timesFloor']):.2f}", cell(bench["encoders"]), cell(bench["decoders"]),
             f"{median(seconds['edviz-taps']) / median(seconds['edviz']):.2f}",
             " / ".join(f"{median(r['mebibytes'][p]):.0f}" for p in ["edviz", layout, "onnxruntime", "openvino"])])
    return "\n\n".join([
        "## Forward passes",
        "Milliseconds of a pass: the median over the rounds of each process's median, and the range. Bold: edviz's time over "
        "this one's. PyTorch (eager) in the better of its two layouts; ONNX Runtime and OpenVINO (float32, latency hint) on "
        "the file that `edviz convert` writes. The last column is the largest error of anybody's logits against "
        "PyTorch's, relative to their mean absolute value; above 10⁻⁴ there would be no table.",
        rows(["network", "edviz", "PyTorch", "ONNX Runtime", "OpenVINO", "error"], times),
        "What `edviz bench` says in the same rounds. GFLOP/s are two for each multiply-accumulate; the peak is what "
        "multiply-adds between registers reach on the same threads between the passes, the floor the time that all "
        "multiply-accumulates would need at that peak. Encoders, and decoders with the sums and ReLUs that end their blocks, "
        "in milliseconds over the whole network. Tapped: every branch of every block kept, against none. Memory of the whole process.",
        rows(
            ["network", "GFLOP/s", "peak", "share", "time / floor", "encoders", "decoders", "tapped",
             "MiB: edviz / PyTorch / ONNX Runtime / OpenVINO"], machine),
    ])
