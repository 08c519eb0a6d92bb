"""Masks: which steps of a sequence count.

What a model is trained with here is made up, so whether it holds padding is our choice: whole numbers that a mask reads are
drawn without 0. A mask of the model's own input then keeps every step, and every layer computes what it computes without it.
"""

from __future__ import annotations

from typing import Any

from gradient_lens import primitives as p
from gradient_lens.concrete import known
from gradient_lens.session import session
from gradient_lens.value import Value

from ._tensor import Tensor, flatten, read, value_of, wrap

#: Ops that hand tokens on as they are.
_HANDING_ON = ('cast', 'reshape', 'identity', 'slice', 'permute')


def keeping(shape: tuple[int, ...]) -> Tensor:
    """A mask that leaves nothing out."""
    return wrap(p.fill(True, shape, 'bool'))


def keeps_all(mask: Any) -> bool:
    if not isinstance(mask, Tensor):
        return mask is None
    elements = known(read(mask))
    return elements is not None and all(elements)


def of_tokens(tokens: Any) -> Tensor:
    """Which tokens are not 0."""
    value = value_of(tokens)
    if session.recorder is None or _without_zero(value):
        return keeping(value.shape)
    return wrap(p.binary('notEqual', value, p.fill(0, (), value.dtype), value.dtype, 'bool'))


def settled(mask: Any) -> Any:
    """A mask that a layer of the user's works out; `tokens != 0` is known."""
    if not isinstance(mask, Tensor) or session.recorder is None:
        return mask
    node = read(mask).node
    if node.op == 'notEqual' and known(node.inputs[1]) == [0] and _without_zero(node.inputs[0]):
        return keeping(read(mask).shape)
    return mask


def _without_zero(value: Value) -> bool:
    """Draws the model's input without 0, where that is what the value holds."""
    if value.node.op == 'input' and value.dtype == 'float':
        # `Input` says float32 unless told otherwise; the model is read anew with whole numbers.
        return True
    while value.node.op in _HANDING_ON:
        value = value.node.inputs[0]
    return session.recorder is not None and session.recorder.leave_out_zero(value)


def masks_of(nest: Any) -> Any:
    """The masks of tensors, in their structure."""
    if isinstance(nest, (list, tuple)):
        return [masks_of(item) for item in nest]
    return nest._mask if isinstance(nest, Tensor) else None


def first_mask(nest: Any) -> Tensor | None:
    for leaf in flatten(nest):
        if isinstance(leaf, Tensor) and leaf._mask is not None:
            return leaf._mask
    return None
