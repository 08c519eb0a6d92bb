"""The state of one reading: gradient mode, the active recorder, and what was seen on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, NamedTuple

from .spans import Span

if TYPE_CHECKING:
    from .public.facts import PublicData
    from .recorder import Recorder
    from .value import Value


class ModuleFrame:
    """One module call in progress; `parent` is the call around it."""

    __slots__ = ('module', 'parent')

    def __init__(self, module: Any, parent: ModuleFrame | None) -> None:
        self.module = module
        self.parent = parent


class LossCall(NamedTuple):
    """A loss that the file computes."""

    #: `LossKind` of src/graph/graph.ts, or None for a loss that it has no word for.
    kind: str | None
    #: The framework's own name, e.g. `CrossEntropyLoss`.
    name: str
    #: The call.
    span: Span | None
    #: The constructor of the loss module, if there is one.
    constructor: Span | None
    #: Number of tensors it was given.
    inputs: int
    #: `none`, `mean` or `sum`.
    reduction: str
    #: Values of the tensors it was given: the prediction first, then the target.
    operands: tuple[Value, ...] = ()


class Session:
    """Plain record; there is one, since Python code under trace has one thread."""

    def __init__(self) -> None:
        self.recorder: Recorder | None = None
        self.grad = True
        self.frame: ModuleFrame | None = None
        self.backward_seen = False
        #: A training step is run for what it predicts: losses of unknown targets are let pass.
        self.stepping = False
        #: What a training step takes the gradient of, by what, and where; None where nobody asks.
        self.derived: list[tuple[Any, Any, Span | None]] | None = None
        #: Called with (module, args, kwargs) for each outermost module call that is not recorded. Losses are left out.
        self.observers: list[Callable[[Any, tuple[Any, ...], dict[str, Any]], None]] = []
        #: Called with each loss the file computes.
        self.loss_observers: list[Callable[[LossCall], None]] = []
        self.losses: list[LossCall] = []
        #: Public data sets whose known size stands in for files that are not here.
        self.public_data: list[PublicData] = []
        #: Ranks of the workers that the file talks to, by name, and the one that it stands for now.
        self.workers: dict[str, int] = {}
        self.worker = 'worker'

    @property
    def recording(self) -> bool:
        return self.recorder is not None

    def saw_loss(self, call: LossCall) -> None:
        self.losses.append(call)
        if self.recorder is not None:
            self.recorder.losses.append(call)
        for observer in self.loss_observers:
            observer(call)


session = Session()
