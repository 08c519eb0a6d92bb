"""Custom autograd functions: the forward pass as it runs, the gradient as the file's own backward pass gives it.

Where backward(G) is G times something that does not depend on G, element by element, the function is
detach(f(x)) + (x - detach(x)) detach(M), M being backward(1). Anything else is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gradient_lens.errors import BadState, UnsupportedOp
from gradient_lens.session import session
from gradient_lens.value import Node, Value, source

from ._grad import no_grad
from ._ops.creation import ones
from ._tensor import Tensor, read, wrap


class FunctionCtx:
    """What a custom function keeps from its forward pass for its backward pass."""

    def __init__(self, needs: tuple[bool, ...]) -> None:
        self.needs_input_grad = needs
        self.saved_tensors: tuple[Any, ...] = ()

    @property
    def saved_variables(self) -> tuple[Any, ...]:
        return self.saved_tensors

    def save_for_backward(self, *tensors: Any) -> None:
        self.saved_tensors = tensors

    def save_for_forward(self, *tensors: Any) -> None:
        return None

    def mark_dirty(self, *tensors: Any) -> None:
        raise UnsupportedOp('a custom autograd function that changes its input in place')

    def mark_non_differentiable(self, *tensors: Any) -> None:
        return None

    def set_materialize_grads(self, value: bool) -> None:
        return None


class Function:
    """`torch.autograd.Function`."""

    @staticmethod
    def forward(*args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError('You must implement the forward function for custom autograd.Function.')

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        raise NotImplementedError('You must implement the backward function for custom autograd.Function.')

    @classmethod
    def apply(cls, *args: Any, **kwargs: Any) -> Any:
        live = tuple(isinstance(item, Tensor) and read(item).live and session.grad for item in args)
        context = FunctionCtx(live)
        with no_grad():
            setup: Any = getattr(cls, 'setup_context', None)
            if setup is None:
                result = cls.forward(context, *args, **kwargs)
            else:
                result = cls.forward(*args, **kwargs)
                setup(context, args, result)
        if not any(live):
            return result
        if not isinstance(result, Tensor):
            raise _not_followed(cls, 'it has several results')
        total: Any = result.detach()
        for place, factor in enumerate(_factors(cls, context, args, live, result)):
            if factor is not None:
                own: Any = args[place]
                total = total + (own - own.detach()) * factor.detach()
        return total


class InplaceFunction(Function):
    pass


def _factors(cls: Any, context: Any, args: Sequence[Any], live: tuple[bool, ...], result: Tensor) -> list[Any]:
    """M of each argument; None where no gradient flows."""
    mark = wrap(source('upstream', {}, tuple(result.shape), 'float', owner=None, live=False))
    seen = _backward(cls, context, mark, len(args))
    factors = _backward(cls, context, ones(*result.shape), len(args))
    found: list[Any] = []
    for item, wanted, gradient, factor in zip(args, live, seen, factors):
        if not wanted or gradient is None:
            found.append(None)
            continue
        if tuple(item.shape) != tuple(result.shape) or tuple(gradient.shape) != tuple(item.shape):
            raise _not_followed(cls, 'its backward pass changes the shape of the gradient')
        if not _Linear(read(mark).node).proportional(read(gradient)):
            raise _not_followed(cls, 'its backward pass does more than scale the gradient element by element')
        found.append(factor)
    return found


def _backward(cls: Any, context: Any, upstream: Tensor, count: int) -> tuple[Any, ...]:
    with no_grad():
        gradients = cls.backward(context, upstream)
    gradients = tuple(gradients) if isinstance(gradients, (tuple, list)) else (gradients,)
    if len(gradients) < count:
        raise BadState(
            f'function {cls.__name__}Backward returned an incorrect number of gradients (expected {count}, got {len(gradients)})'
        )
    return gradients


class _Linear:
    """Whether a value is the mark times something, element by element."""

    def __init__(self, mark: Node) -> None:
        self.mark = mark
        self.known: dict[Node, bool] = {mark: True}

    def depends(self, value: Value) -> bool:
        stack = [value.node]
        path: list[Node] = []
        while stack:
            node = stack[-1]
            if node in self.known:
                stack.pop()
                continue
            waiting = [item.node for item in node.inputs if item.node not in self.known]
            if waiting and node not in path:
                path.append(node)
                stack.extend(waiting)
                continue
            self.known[node] = any(self.known.get(item.node, False) for item in node.inputs)
            stack.pop()
        return self.known[value.node]

    def proportional(self, value: Value) -> bool:
        node = value.node
        if node is self.mark:
            return True
        parts = [(item, self.depends(item)) for item in node.inputs]
        carrying = [item for item, depends in parts if depends]
        if not carrying:
            # A gradient that is nought whatever comes from above.
            return value.static and value.elements is not None and not any(value.elements)
        if any(item.shape != value.shape for item in carrying):
            return False
        if node.op in ('identity', 'neg', 'detach', 'cast'):
            return value.dtype == 'float' and self.proportional(carrying[0])
        if node.op == 'mul' or (node.op == 'div' and not parts[1][1]):
            return len(carrying) == 1 and self.proportional(carrying[0])
        if node.op in ('add', 'sub'):
            return len(carrying) == 2 and all(self.proportional(item) for item in carrying)
        if node.op == 'where':
            return not parts[0][1] and all(depends and self.proportional(item) or _nought(item) for item, depends in parts[1:])
        return False


def _nought(value: Value) -> bool:
    from gradient_lens.concrete import known

    elements = known(value)
    return elements is not None and not any(elements)


def _not_followed(cls: Any, why: str) -> UnsupportedOp:
    return UnsupportedOp(f'the custom autograd function {cls.__name__}', f'{why}; write it in ops that PyTorch differentiates itself')
