"""`torch.nn.utils.stateless`: calls of a module with other parameters than its own."""

from __future__ import annotations

from typing import Any

from gradient_lens.errors import UnsupportedOp


def functional_call(module: Any, parameters_and_buffers: Any, args: Any = (), kwargs: Any = None, **_: Any) -> Any:
    raise UnsupportedOp('functional_call', 'parameters from outside the model are not followed')
