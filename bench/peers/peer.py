"""What the scripts of this folder share: the arrays that bench/lib/peer.ts wrote, a stopwatch, and one answer a line.

    from peer import measured, serve

    def run(data, parameters):
        model, cost = measured(lambda: Ridge().fit(data["x"], data["y"]))
        return {**cost, "rmse": ...}

    serve(run)

Import numpy and the peer after this module: it is started with the number of threads already in the environment.
"""

import json
import os
import pathlib
import resource
import sys
import time

import numpy as np

THREADS = int(os.environ.get("BENCH_THREADS", "1"))
TYPES = {"f64": "<f8", "f32": "<f4", "i32": "<i4", "u32": "<u4", "u16": "<u2", "u8": "u1"}


def arrays(folder):
    """Every array by its name, in its shape."""
    folder = pathlib.Path(folder)
    shapes = json.loads((folder / "arrays.json").read_text())
    return {
        name: np.fromfile(folder / f"{name}.bin", dtype=TYPES[each["type"]]).reshape(each["shape"])
        for name, each in shapes.items()
    }


def measured(work):
    """What `work` returns, and the wall and processor seconds that it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, {"seconds": time.perf_counter() - wall, "cpu_seconds": time.process_time() - cpu}


def serve(run):
    """Answers each line of parameters on stdin with a line of run(data, parameters), until stdin closes."""
    data = arrays(sys.argv[1])
    for line in sys.stdin:
        answer = run(data, json.loads(line))
        # ru_maxrss is in KiB on Linux and in bytes on macOS
        unit = 1024 * 1024 if sys.platform == "darwin" else 1024
        answer["peak_rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
        print(json.dumps(answer), flush=True)
