"""What a Lightning module says of its own training, where no trainer of the file shows it."""

from __future__ import annotations

from typing import Any

from lightning.pytorch import LightningModule
from lightning.pytorch._step import Batch

from .inputs import Feed, InputSpec, with_slots
from .observation import Observation
from .stops import EnoughSeen
from .tensors import is_tensor, stand_in, value_of


def example_feed(model: Any, batch: int) -> Feed | None:
    """What `example_input_array` says goes in."""
    example = getattr(model, 'example_input_array', None) if isinstance(model, LightningModule) else None
    if example is None:
        return None
    values: list[Any] = []
    held = with_slots(example, is_tensor, values)
    if not values:
        return None
    reason = '`example_input_array` of the model gives it.'
    specs: list[InputSpec] = []
    for item in map(value_of, values):
        kind = 'float' if item.dtype == 'float' else 'int'
        specs.append(InputSpec(tuple(item.shape), kind, None, 'declared', reason, 0 if item.shape else None))
    arguments = held if isinstance(held, tuple) else tuple(held) if isinstance(held, list) else (held,)
    feed = Feed(tuple(specs), (), held) if isinstance(held, dict) else Feed(tuple(specs), arguments, {})
    return feed.with_batch(batch)


def rehearse(model: Any, graph: dict[str, Any], seen: Observation) -> None:
    """Has a Lightning module that was never fitted make its optimisers, and take one step with the inputs that it was read with."""
    if not isinstance(model, LightningModule) or '_optimisers' in model.__dict__:
        return
    _quietly(model._make_optimisers)
    if any(loss.model is model for loss in seen.losses) or not graph['inputs']:
        return
    first = graph['inputs'][0]
    _quietly(lambda: model._train_once(Batch(stand_in(tuple(first['shape']), first['kind'], first.get('high')))))


def _quietly(run: Any) -> None:
    """A step that needs more than is known here shows what it shows until then."""
    try:
        run()
    except (Exception, EnoughSeen):
        return
