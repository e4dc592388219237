"""Training steps (forward, backward, step of the optimiser) of edviz and PyTorch from the same parameters."""

from programs import STEPS, cell, median, note, python, rows, run

# Network, side, batch and steps; two more are made to warm up.
WORK = [("cifar-ed-resnet20", 32, 128, 20), ("cifar-ed-resnet56", 32, 128, 8), ("ed-resnet50", 224, 8, 4)]
LAYOUTS = ["contiguous", "channels_last"]
LARGEST_ERROR = 1e-4


def measure(settings):
    results = []
    for name, side, batch, runs in WORK[:1] if settings.quick else WORK:
        note(f"train: {name}, {side} px, batch {batch}")
        weights = settings.scratch / f"{name}-start.safetensors"
        work = [name, side, batch, 1 if settings.quick else runs, weights]
        programs = {
            "edviz": lambda: run(settings, STEPS, *work),
            **{f"torch-{layout}": lambda layout=layout: python(settings, "torch_steps.py", *work, layout)
               for layout in LAYOUTS},
        }
        seconds, memory = ({program: [] for program in programs} for _ in range(2))
        losses = {}
        for _ in range(settings.rounds):
            for program, start in programs.items():
                outcome = start()
                steps = [[float(word) for word in line.split()] for line in outcome.lines]
                losses[program] = steps[0][0]
                seconds[program].append(median([step[1] for step in steps[2:]]))
                memory[program].append(outcome.mebibytes)
        expected = losses["torch-contiguous"]
        error = abs(losses["edviz"] - expected) / abs(expected)
        if not error <= LARGEST_ERROR:
            raise SystemExit(f"{name}: first losses {losses}")
        results.append({
            "network": name, "side": side, "batch": batch, "seconds": seconds, "mebibytes": memory, "error": error})
    return results


def markdown(results, _):
    lines = []
    for r in results:
        rates = {program: [r["batch"] / s for s in values] for program, values in r["seconds"].items()}
        layout = max((f"torch-{layout}" for layout in LAYOUTS), key=lambda key: median(rates[key]))
        lines.append([
            f"{r['network']}, {r['side']} px, batch {r['batch']}", cell(rates["edviz"]), cell(rates[layout]),
            layout.removeprefix("torch-").replace("_", " "), f"**{median(rates['edviz']) / median(rates[layout]):.2f}**",
            f"**{median(rates[layout]) / median(rates['edviz']):.2f}**",
            f"{max(r['mebibytes']['edviz']):.0f} / {max(r['mebibytes'][layout]):.0f}", f"{r['error']:.0e}"])
    return "\n\n".join([
        "## Training steps",
        "Images in a second; PyTorch in the better of its layouts. The error is that of the first loss.",
        rows(["step", "edviz", "PyTorch", "layout", "rate ratio", "time ratio", "MiB: edviz / PyTorch", "error"], lines),
    ])
