"""Forward passes of ONNX Runtime or OpenVINO (float32, on the CPU) on the work of Benchmarks/Sources/Forward.

    onnx_forward.py onnxruntime|openvino NETWORK.onnx INPUT.npy RUNS LOGITS.npy

Prints the seconds of each pass, one a line, after three to warm up.
"""

import os
import sys
import time

import numpy as np

program, network, images, runs, logits = sys.argv[1:]
threads, images = int(os.environ["OMP_NUM_THREADS"]), np.load(images)
if program == "onnxruntime":
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])

    def infer():
        return session.run(["logits"], {"input": images})[0]
else:
    import openvino

    core = openvino.Core()
    model = core.read_model(network)
    # Any batch may stand in the file; a fixed one is what the plugin is fastest with.
    model.reshape({"input": images.shape})
    compiled = core.compile_model(model, "CPU", {
        "INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": threads,
    })
    request = compiled.create_infer_request()
    request.set_input_tensor(openvino.Tensor(images, shared_memory=True))

    def infer():
        request.infer()
        return request.get_tensor("logits").data
for run in range(int(runs) + 3):
    start = time.perf_counter()
    values = infer()
    if run >= 3:
        print(time.perf_counter() - start)
np.save(logits, values)
