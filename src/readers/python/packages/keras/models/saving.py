"""Models that a file saves, describes or copies: what comes back is what it made, with weights of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from gradient_lens.inert import Inert
from gradient_lens.spans import here

from .._context import context
from .copying import copied
from .model import Model


def save_model(model: Any, filepath: Any = None, *_: Any, **__: Any) -> None:
    if isinstance(model, Model):
        model.save(filepath)


def load_model(filepath: Any = None, *_: Any, **__: Any) -> Any:
    """The model that the file saved at this path, trained since; one that it did not save is not known."""
    model = context.saved.model(filepath)
    return Inert('keras.models.load_model(...)') if model is None else _again(model, 'checkpoint')


def clone_model(model: Any, input_tensors: Any = None, clone_function: Any = None, *_: Any, **__: Any) -> Any:
    """The same layers with weights of their own, which start afresh."""
    return _again(model, None, clone_function) if isinstance(model, Model) else Inert('keras.models.clone_model(...)')


def from_description(config: Any) -> Model | None:
    """The model that `get_config` has described; None for a description that the file wrote itself."""
    model = context.saved.described(config.get('described')) if isinstance(config, dict) else None
    return None if model is None else _again(model, None)


def model_from_json(text: Any, *_: Any, **__: Any) -> Any:
    model = None
    if isinstance(text, str):
        try:
            model = from_description(json.loads(text).get('config'))
        except (ValueError, AttributeError):
            model = None
    return Inert('keras.models.model_from_json(...)') if model is None else model


def _again(model: Model, origin: str | None, layer: Callable[[Any], Any] | None = None) -> Model:
    twin = copied(model, origin, layer)
    # The file defines the first one; this one counts where it is trained, or stands in another.
    twin.__dict__.update(_copied=True, _span=here())
    return twin
