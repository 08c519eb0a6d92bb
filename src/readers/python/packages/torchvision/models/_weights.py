"""Weights that a builder is asked for: none are here, so the model is read and its initialisation is called unknown."""

from __future__ import annotations

from typing import Any

from gradient_lens.inert import Inert


def with_weights(model: Any, name: str, weights: Any, pretrained: Any) -> Any:
    """The model; where trained weights are asked for, its parameters count as loaded from a checkpoint."""
    if weights is not None or pretrained:
        model.load_state_dict(Inert(f'torchvision weights of {name}'))
    return model
