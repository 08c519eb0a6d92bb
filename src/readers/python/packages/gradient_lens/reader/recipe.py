"""The loss and the optimiser that a file trains a model with (`Recipe` of src/graph/graph.ts)."""

from __future__ import annotations

from typing import Any

from ..session import LossCall
from .constructions import is_own
from .models import framework_of
from .observation import Observation, OptimiserSeen
from .rehearsal import rehearse
from .tracing import Traced

type Recipe = dict[str, Any]


def recipe_of(model: Any, graph: dict[str, Any], seen: Observation, traced: Traced) -> Recipe:
    """What is known of how the file trains this model, which was read so; None for what was not seen."""
    terms = traced.terms
    if framework_of(model) == 'keras':
        held = getattr(model, '_compiled', None)
        # What is added is all there is to a model that is compiled without a loss.
        terms.whole = terms.whole or (held is not None and held.kinds == [] and held.without_loss)
        return terms.recipe(_compiled(model), len(graph['outputs']))
    rehearse(model, graph, seen)
    recipe = {'loss': _loss(model, graph, seen, traced.losses), 'optimiser': _optimiser(model, seen)}
    place = None if terms.values else _own_loss(model, graph, seen, traced.losses)
    if place is not None:
        span = None if recipe['loss'] is None else recipe['loss']['span']
        return {**recipe, 'loss': {'kind': 'output', 'span': span}, 'terms': [place]}
    return terms.recipe(recipe, len(graph['outputs']))


def _own_loss(model: Any, graph: dict[str, Any], seen: Observation, inside: list[LossCall]) -> int | None:
    """The place of the output that is the loss itself: a number for the whole batch, which is all that the model gives back, or
    which it gives back beside others (`return logits, loss`) and the file measures no output by a loss of its own."""
    shapes = [graph['values'][number]['shape'] for number in graph['outputs']]
    if [] not in shapes:
        return None
    measured = [loss for loss in seen.losses if type(loss.model) is type(model)]
    alone = len(shapes) == 1
    return shapes.index([]) if alone or (inside and not measured) else None


def _compiled(model: Any) -> Recipe:
    """What `compile` of a Keras model was given."""
    held = getattr(model, '_compiled', None)
    if held is None:
        return {'loss': None, 'optimiser': None}
    optimiser = held.optimiser
    return {
        'loss': None if held.kind is None else {'kind': held.kind, 'span': held.span},
        'optimiser': None
        if optimiser is None
        else {
            'name': optimiser.name,
            'learningRate': optimiser.learning_rate,
            'momentum': optimiser.momentum,
            'span': optimiser.span or held.span,
        },
    }


def _loss(
    model: Any, graph: dict[str, Any], seen: Observation, inside: list[LossCall]
) -> dict[str, Any] | None:
    known = [loss for loss in seen.losses if loss.call.kind is not None]
    losses = [loss for loss in known if loss.model is model]
    # Another instance of the same class is trained the same way.
    losses = losses or [loss for loss in known if is_own(type(model)) and type(loss.model) is type(model)]
    if losses:
        call = losses[0].call
        return {'kind': _kind(call, losses[0].target_is_input, graph), 'span': call.span or call.constructor}
    own = [call for call in inside if call.kind is not None]
    return {'kind': own[0].kind, 'span': own[0].span or own[0].constructor} if own else None


def _kind(call: LossCall, target_is_input: bool, graph: dict[str, Any]) -> str | None:
    if not target_is_input or call.kind not in ('bce', 'bce-logits', 'mse', 'mae', 'huber'):
        return call.kind
    shapes = [graph['values'][number]['shape'] for number in graph['outputs']]
    return 'vae' if _is_variational(graph, shapes) else 'reconstruct'


def _is_variational(graph: dict[str, Any], shapes: list[list[int]]) -> bool:
    """A picture, and a mean and a log-variance of equal shape; a draw from the normal in between (Kingma & Welling 2014)."""
    draws = any(node['op'] == 'random' for node in graph['nodes'])
    return draws and len(shapes) == 3 and shapes[1] == shapes[2]


def _optimiser(model: Any, seen: Observation) -> dict[str, Any] | None:
    siblings = [call.model for call in seen.calls if is_own(type(model)) and type(call.model) is type(model)]
    return _optimiser_of([model], seen) or _optimiser_of(siblings, seen)


def _optimiser_of(models: list[Any], seen: Observation) -> dict[str, Any] | None:
    own = {id(parameter) for model in models for parameter in model.parameters()}
    shared: list[tuple[int, OptimiserSeen]] = [(len(own & item.parameters), item) for item in seen.optimisers]
    shared = [pair for pair in shared if pair[0]]
    if not shared:
        return None
    best = max(shared, key=lambda pair: pair[0])[1]
    return {
        'name': best.name,
        'learningRate': best.learning_rate,
        'momentum': best.momentum,
        'span': best.span,
    }


