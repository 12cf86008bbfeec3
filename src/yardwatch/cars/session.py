"""How every network is run: one thread, no spinning, on the processor.

One thread a process is fastest for networks this small on a busy machine; whoever has more cores counts more scenes.
"""

from __future__ import annotations

from typing import Any

SILENT = 3


def session_of(weights: bytes) -> Any:  # noqa: ANN401 - onnxruntime ships no types
    """An ONNX Runtime session; raises what onnxruntime raises, a family of its own and undocumented."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = SILENT
    return onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
