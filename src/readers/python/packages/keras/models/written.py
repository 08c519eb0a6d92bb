"""Losses that the file's own code computes: terms added to a functional model, and training steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gradient_lens.errors import BadState, ReadError
from gradient_lens.session import session
from gradient_lens.spans import Span

from .._tensor import Tensor, flatten, mapped, read
from .wiring import Wiring

if TYPE_CHECKING:
    from .model import Model


def run_with_terms(model: Model, wiring: Wiring, inputs: Any) -> Any:
    """The outputs of a functional model; the terms that the file adds to its loss are computed along with them."""
    added = model._added if session.recording else []
    between: list[tuple[Tensor, Span | None]] = [(loss, span) for loss, span in added if isinstance(loss, Tensor)]
    wider = _wider(wiring, [loss for loss, _ in between]) if between else None
    if wider is None:
        for _, span in between:
            _left_out(span)
        results = wiring.run(inputs)
    else:
        ends = wider.run(inputs)
        for result, (_, span) in zip(ends[len(wiring.ends) :], between):
            model._add_term(result, span)
        remaining = iter(ends)
        results = mapped(wiring.outputs, lambda _: next(remaining))
    for loss, span in added:
        if not isinstance(loss, Tensor):
            model._add_term(loss(), span)
    return results


def _wider(wiring: Wiring, losses: list[Tensor]) -> Wiring | None:
    """The wiring up to the terms as well; None where they need more than the model's inputs."""
    try:
        return Wiring(wiring.inputs, [*wiring.ends, *losses])
    except ReadError:
        return None


def _left_out(span: Span | None) -> None:
    if session.recorder is not None:
        message = 'The term that `add_loss` adds to the loss needs more than the inputs of the model; it is left out of the measurement.'
        session.recorder.guess(message, span)


def loss_of_step(model: Model, data: Any) -> Any:
    """
    The loss of a model that says by its training step alone what it computes: what the step takes the gradient of by all its
    weights.

    Raises:
        BadState: no such gradient is taken, or several are, as where two nets are trained against each other.
    """
    outer, session.derived = session.derived, []
    failure: Exception | None = None
    try:
        model.train_step(data)
    except Exception as error:
        # What comes after the gradient (updates, metrics) works on numbers that are not here.
        failure = error
    finally:
        taken, session.derived = session.derived, outer
    if len(taken) == 1:
        target, sources, span = taken[0]
        given = {id(leaf) for leaf in flatten(sources)}
        own = {id(weight) for weight in model.trainable_weights}
        if isinstance(target, Tensor) and read(target).dtype == 'float' and own and own <= given:
            if session.recorder is not None:
                session.recorder.terms.be(read(target), span)
            return target
    if failure is not None and not taken and isinstance(failure, ReadError):
        raise failure
    raise BadState(
        f'`{type(model).__name__}` has no `call`, so there is no one way through it. The models that it trains are read by '
        'themselves; add a `call` to have it read as a whole.'
    )
