"""From a tensor to Python's numbers: what is known, what chance decides, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gradient_lens.chance import likely, note
from gradient_lens.concrete import known
from gradient_lens.errors import BadState, DataDependent
from gradient_lens.inert import Inert
from gradient_lens.session import session

from ._memory import read

if TYPE_CHECKING:
    from ._tensor import Tensor


def number(tensor: Tensor, what: str, label: str) -> Any:
    """The only element of a tensor; something unknown in a script, where nobody knows.

    Raises:
        BadState: for more than one element.
        DataDependent: while a model is recorded.
    """
    if tensor.numel() != 1:
        raise BadState(f'a Tensor with {tensor.numel()} elements cannot be converted to Scalar')
    elements = _elements(tensor, what)
    return elements[0] if elements is not None else _unknown(what, label)


def nested_list(tensor: Tensor) -> Any:
    """`tolist()`."""
    what = 'What .tolist() gives'
    elements = _elements(tensor, what)
    if elements is None:
        elements = [_unknown(what, 'tensor.tolist()')]
    if len(elements) == 1:
        elements = elements * tensor.numel()
    for size in reversed(tensor.shape[1:]):
        elements = [elements[at : at + size] for at in range(0, len(elements), size)] if size else elements
    return elements if tensor.shape else elements[0]


def _elements(tensor: Tensor, what: str) -> list[Any] | None:
    elements = known(read(tensor))
    if elements is None and session.recording:
        elements = likely(read(tensor))
        if elements is not None:
            note(what)
    return elements


def _unknown(what: str, label: str) -> Any:
    """While a model is recorded this is an error; in a script the number stays unknown, and reaches no shape."""
    if session.recording:
        raise DataDependent(what)
    return Inert(label)
