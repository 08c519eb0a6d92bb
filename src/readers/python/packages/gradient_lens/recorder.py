"""The recorder of one forward pass, and the hooks by which discovery sees what the file itself does.

    recorder = Recorder()
    with recorder:
        outputs = model(recorder.input('x', (2, 3, 32, 32)))
    graph = recorder.graph(model, outputs)
"""

from __future__ import annotations

from typing import Any, Callable, Sequence

from . import concrete as concrete  # fills the table of ops that can be computed
from .errors import BadArgument, TooLarge, UnsupportedOp
from .frameworks import framework_named
from .repetition import repetition
from .session import LossCall, session
from .spans import Span
from .terms import Terms
from .value import Node, Value, source

MAX_NODES = 20_000

#: Called with (module, args, kwargs) for each outermost module call that is not recorded; losses are left out.
observers: list[Callable[[Any, tuple[Any, ...], dict[str, Any]], None]] = session.observers
#: Called with each `LossCall`.
loss_observers: list[Callable[[LossCall], None]] = session.loss_observers
#: All losses that the file has computed, recorded or not.
losses: list[LossCall] = session.losses


class Recorder:
    """Records what a model does with its inputs. Use it as a context manager around the forward pass."""

    def __init__(self, framework: str = 'pytorch', max_nodes: int = MAX_NODES) -> None:
        self.framework = framework_named(framework)
        self.max_nodes = max_nodes
        self.nodes = 0
        self.inputs: list[tuple[Value, dict[str, Any]]] = []
        self.losses: list[LossCall] = []
        self.guesses: list[dict[str, Any]] = []
        #: Inputs of which the model's own code asks for a gradient.
        self.asked: set[Node] = set()
        #: What the file's own code adds to the loss, and whether nothing else counts.
        self.terms = Terms()
        self._draws = {'random': 0, 'dropout': 0}
        self._outer: tuple[Any, ...] = ()

    def __enter__(self) -> Recorder:
        self._outer = (session.recorder, session.grad, session.frame)
        session.recorder, session.grad, session.frame = self, True, None
        return self

    def __exit__(self, *_: object) -> None:
        session.recorder, session.grad, session.frame = self._outer

    def activate(self) -> Recorder:
        return self

    def input(
        self,
        name: str,
        shape: Sequence[int],
        kind: str = 'float',
        high: int | None = None,
        origin: str = 'declared',
        reason: str = '',
    ) -> Any:
        """A tensor that stands for an input: batch first unless the model takes time first.

        `kind` is 'float' or 'int'; `high` the exclusive upper limit of integer inputs.
        """
        if kind not in ('float', 'int'):
            raise BadArgument(f"an input is 'float' or 'int', not {kind!r}")
        value = source('input', {'index': len(self.inputs)}, shape, kind, owner=self, live=kind == 'float')
        record: dict[str, Any] = {'name': name, 'shape': list(shape), 'kind': kind}
        if high is not None:
            record['high'] = high
        record.update(origin=origin, reason=reason)
        self.inputs.append((value, record))
        return self.framework.wrap(value)

    def spread(self, value: Value, low: int, high: int, why: str) -> None:
        """Has a floating-point input drawn evenly from a range; nothing happens where the value is no such input."""
        for held, record in self.inputs:
            if held.node is value.node and record['kind'] == 'float' and 'high' not in record:
                record.update(low=low, high=high, reason=f'{record["reason"]} {why}')

    def limits(self, value: Value) -> tuple[int, int, bool] | None:
        """The range that an input is drawn from evenly, and whether it holds whole numbers; None where it is none or normal."""
        for held, record in self.inputs:
            if held.node is value.node and 'high' in record:
                return record.get('low', 0), record['high'], record['kind'] == 'int'
        return None

    def leave_out_zero(self, value: Value) -> bool:
        """Has the whole numbers of an input drawn from 1 on; False where the value is no such input."""
        for held, record in self.inputs:
            if held.node is value.node and record['kind'] == 'int':
                if 'low' not in record:
                    record['low'] = 1
                    record['reason'] += ' Without 0, which a mask would leave out.'
                return True
        return False

    def graph(self, model: Any, outputs: Any) -> dict[str, Any]:
        """`ModelGraph` of src/graph/graph.ts: what the outputs hang on. Its `recipe` is empty."""
        from .extraction import extract

        return extract(self, model, outputs)

    def guess(self, message: str, span: Span | None) -> None:
        """Notes something assumed; it is shown wherever the model is shown."""
        guess = {'message': message, 'span': span}
        if guess not in self.guesses:
            self.guesses.append(guess)

    def draw(self, kind: str) -> int:
        """The number of the next 'random' or 'dropout' draw."""
        number = self._draws[kind]
        self._draws[kind] = number + 1
        return number

    def spend(self) -> None:
        """Counts an op.

        Raises:
            TooLarge, UnsupportedOp
        """
        if repetition.loops and repetition.running():
            loop = repetition.loops[-1]
            error = UnsupportedOp(f'a loop over `{loop.label}`', 'that value is not known here, so neither is how often the loop runs')
            error.span = loop.span
            raise error
        self.nodes += 1
        if self.nodes > self.max_nodes:
            raise TooLarge(
                f'The forward pass takes more than {self.max_nodes} operations; a shorter input or fewer '
                'repetitions would let it be measured.'
            )
