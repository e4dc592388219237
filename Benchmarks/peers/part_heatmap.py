"""One overlay as a whole process: what a person waits for, and what it takes of the memory."""

from programs import EDVIZ, PHOTOS, cell, median, note, python, rows, run, weights

PHOTO = PHOTOS / "astronaut.jpg"


def measure(settings):
    pth, safetensors, _ = weights(settings, "ed-resnet50")
    target = settings.scratch / "overlay.png"

    def edviz(*words):
        return run(settings, EDVIZ, "heatmap", PHOTO, "--output", settings.scratch / "maps", "--force", *words)

    programs = {
        "edviz": lambda: edviz("--weights", safetensors, "--size", 224),
        "edviz-default": lambda: edviz(),
        "torch": lambda: python(settings, "torch_heatmap.py", pth, PHOTO, target),
        "grad-cam": lambda: python(settings, "gradcam_heatmap.py", pth, PHOTO, target),
    }
    results = {program: {"seconds": [], "mebibytes": []} for program in programs}
    # The first round warms the file cache.
    for number in range(settings.rounds + 1):
        note(f"heatmap: round {number} of {settings.rounds}")
        for program, start in programs.items():
            outcome = start()
            if number:
                results[program]["seconds"].append(outcome.seconds)
                results[program]["mebibytes"].append(outcome.mebibytes)
    return {"programs": results, "megabytes": pth.stat().st_size / 1e6}


def markdown(results, _):
    programs, base = results["programs"], results["programs"]["torch"]
    megabytes = f"{results['megabytes']:.0f} MB of weights"
    labels = {
        "edviz": f"`edviz heatmap`, ED-ResNet-50, {megabytes}", "edviz-default": "`edviz heatmap`, bundled model",
        "torch": f"PyTorch and OpenCV, depth sum, ED-ResNet-50, {megabytes}",
        "grad-cam": f"pytorch-grad-cam, Grad-CAM, ED-ResNet-50, {megabytes}",
    }
    lines = [
        [label, cell(programs[p]["seconds"]), cell(programs[p]["mebibytes"]),
         f"{median(programs[p]['seconds']) / median(base['seconds']):.3f}",
         f"{median(programs[p]['mebibytes']) / median(base['mebibytes']):.3f}"]
        for p, label in labels.items()
    ]
    return "\n\n".join([
        "## One overlay as a whole process",
        "From the start of the program to its end, on `Examples/Photos/astronaut.jpg`; ratios to PyTorch's depth sum.",
        rows(["program", "wall time, s", "peak memory, MiB", "time ratio", "memory ratio"], lines),
    ])
