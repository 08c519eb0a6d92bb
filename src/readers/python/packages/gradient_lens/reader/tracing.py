"""Runs a model's forward pass under a recorder, in training mode, and gives its graph."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from ..errors import NotAsDeclared, UnsupportedOp
from ..inert import UnknownValue, call_hooks, first_inert, inert_label
from ..recorder import Recorder
from ..repetition import repetition
from ..session import LossCall, session
from ..terms import Terms
from .inputs import Feed, InputSpec
from .models import forward_of, framework_of, input_names, packed, slots
from .patches import Patches
from .plain_numbers import as_amounts
from .stops import LoopLimit
from .tensors import is_tensor


@dataclass
class Traced:
    """A recorded forward pass: the graph, and the outputs as the model gave them."""

    graph: dict[str, Any]
    outputs: Any
    feed: Feed
    #: Losses that the forward pass itself computes.
    losses: list[LossCall]
    #: What its code computes as a loss, or adds to it: the last outputs of the graph.
    terms: Terms


@contextmanager
def training_mode(model: Any) -> Generator[None]:
    """Puts a model that was left in evaluation mode into training mode for a while."""
    if model.training:
        yield
        return
    before = [(module, module.training) for module in model.modules()]
    model.train()
    try:
        yield
    finally:
        for module, mode in before:
            module.training = mode


def _refuse_unknown_call(label: str, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    """A tensor that goes into a package that is not here: what happens to it there is not known."""
    if session.stepping and session.recorder is not None and session.recorder.losses:
        # A metric beside the loss of a training step.
        return
    if session.recording and any(is_tensor(value) for value in _flat((arguments, keywords))):
        raise UnsupportedOp(
            f'`{label}`', 'the package is not available to the reader, so what it does to the tensor is not known'
        )


def _flat(value: Any, depth: int = 4) -> list[Any]:
    if depth and isinstance(value, (list, tuple)):
        return [item for part in value for item in _flat(part, depth - 1)]
    if depth and isinstance(value, dict):
        return [item for part in value.values() for item in _flat(part, depth - 1)]
    return [value]


def install(patches: Patches) -> None:
    patches.add(call_hooks, _refuse_unknown_call)


def trace(model: Any, feed: Feed) -> Traced:
    """Reads the model with these inputs.

    Raises:
        Exception: whatever the forward pass raises; `ReadError`s say where.
    """
    recorder = Recorder(framework_of(model))
    names = input_names(model, feed) or feed.names(forward_of(model))
    with repetition.afresh(), training_mode(model), recorder:
        tensors = [
            recorder.input(name, spec.shape, spec.kind, spec.high, spec.origin, spec.reason)
            for name, spec in zip(names, feed.specs)
        ]
        arguments, keywords = feed.fill(tensors)
        arguments = packed(model, arguments) if slots(feed.arguments) else arguments
        outputs = model(*arguments, **keywords)
    unknown = first_inert(outputs)
    if unknown is not None:
        raise UnknownValue(inert_label(unknown), 'shape that a model could give back')
    graph = recorder.graph(model, _with_terms(_without_loss(outputs, recorder), recorder))
    return Traced(graph, outputs, feed, recorder.losses, recorder.terms)


def _without_loss(outputs: Any, recorder: Recorder) -> Any:
    """The outputs without the loss that some models give along with their predictions: the trainer brings its own."""
    if not recorder.losses:
        return outputs
    framework = recorder.framework
    values = [value for value in framework.tensors(outputs) if value.dtype == 'float']
    kept = [value for value in values if value.shape]
    return [framework.wrap(value) for value in kept] if kept and len(kept) < len(values) else outputs


def _with_terms(outputs: Any, recorder: Recorder) -> Any:
    """The outputs, and after them the terms that the file's own code adds to the loss."""
    terms = recorder.terms.values
    if not terms:
        return outputs
    framework = recorder.framework
    kept = [value for value in framework.tensors(outputs) if value not in terms]
    return [framework.wrap(value) for value in (*kept, *terms)]


def trace_at_batch(model: Any, feed: Feed, batch: int) -> Traced:
    """Reads the model at the batch size wanted; at the file's own where the file admits no other.

    Raises:
        Exception: what the forward pass raises at the file's own batch size.
    """
    wanted = feed.with_batch(batch)
    if wanted.specs == feed.specs:
        return _of_amounts(model, trace(model, feed))
    try:
        traced = trace(model, wanted)
    except (Exception, LoopLimit):
        traced = trace(model, _kept(feed))
    return _of_amounts(model, traced)


def _of_amounts(model: Any, traced: Traced) -> Traced:
    feed = as_amounts(traced.graph, traced.feed)
    return traced if feed.specs == traced.feed.specs else trace(model, feed)


def _kept(feed: Feed) -> Feed:
    specs = tuple(
        replace(spec, reason=(spec.reason + ' Its batch size is fixed in the code.').strip()) for spec in feed.specs
    )
    return replace(feed, specs=specs)


def output_shapes(traced: Traced) -> Sequence[tuple[int, ...]]:
    values = traced.graph['values']
    return [tuple(values[number]['shape']) for number in traced.graph['outputs']]


def declared(inputs: Sequence[dict[str, Any]], reason: str) -> Feed:
    """The feed of a request that names its inputs."""
    return Feed.of(
        [
            InputSpec(tuple(item['shape']), item['kind'], item.get('high'), 'declared', reason, None)
            for item in inputs
        ]
    )



def contradicted(traced: Traced, error: NotAsDeclared) -> Traced:
    """A model read by its own word, where a call of the file says otherwise."""
    message = f'{error.message} Keras refuses that call; the declared shape is read.'
    traced.graph['guesses'] = [*traced.graph['guesses'], {'message': message, 'span': error.span}]
    return traced
