"""The loss and the optimiser that a file trains a model with (`Recipe` of src/graph/graph.ts)."""

from __future__ import annotations

from typing import Any

from ..session import LossCall
from .observation import Observation, OptimiserSeen

type Recipe = dict[str, Any]


def recipe_of(model: Any, graph: dict[str, Any], seen: Observation) -> Recipe:
    """What is known of how the file trains this model; None for what was not seen."""
    return {'loss': _loss(model, graph, seen), 'optimiser': _optimiser(model, seen)}


def _loss(model: Any, graph: dict[str, Any], seen: Observation) -> dict[str, Any] | None:
    calls = [loss.call for loss in seen.losses if loss.model is model and loss.call.kind is not None]
    if not calls:
        return None
    call = calls[0]
    return {'kind': _kind(call, graph), 'span': call.span or call.constructor}


def _kind(call: LossCall, graph: dict[str, Any]) -> str | None:
    shapes = [graph['values'][number]['shape'] for number in graph['outputs']]
    fits = call.kind in ('bce', 'bce-logits', 'mse', 'mae')
    if fits and _is_variational(graph, shapes):
        return 'vae'
    if fits and getattr(call, 'target_is_input', False):
        return 'reconstruct'
    return call.kind


def _is_variational(graph: dict[str, Any], shapes: list[list[int]]) -> bool:
    """A picture, and a mean and a log-variance of equal shape; a draw from the normal in between (Kingma & Welling 2014)."""
    draws = any(node['op'] == 'random' for node in graph['nodes'])
    return draws and len(shapes) == 3 and shapes[1] == shapes[2]


def _optimiser(model: Any, seen: Observation) -> dict[str, Any] | None:
    own = {id(parameter) for parameter in model.parameters()}
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


