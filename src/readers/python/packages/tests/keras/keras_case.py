"""Traces snippets of Keras code."""

from __future__ import annotations

import textwrap
from typing import Any

from gradient_lens.recorder import Recorder
from keras._context import context

from tests.support import run

HEAD = 'import keras\nimport tensorflow as tf\nfrom keras import layers, ops\n'


def model_of(source: str, entry: str = 'model') -> Any:
    context.clear()
    return eval(entry, run(HEAD + textwrap.dedent(source)))


def traced(source: str, *inputs: Any, entry: str = 'model') -> dict[str, Any]:
    """The graph of a snippet's model; inputs as shapes, or as (shape, high) for integers."""
    model = model_of(source, entry)
    recorder = Recorder('keras')
    with recorder:
        tensors = [
            recorder.input(f'x{i}', item[0], 'int', item[1]) if isinstance(item[0], tuple) else recorder.input(f'x{i}', item)
            for i, item in enumerate(inputs)
        ]
        outputs = model(tensors if len(tensors) > 1 else tensors[0])
    return recorder.graph(model, outputs)


def layer(text: str, *inputs: Any) -> dict[str, Any]:
    """The graph of one layer as a whole model."""
    return traced(f'model = keras.Sequential([{text}])', *inputs)


def names(graph: dict[str, Any]) -> list[str]:
    return [item['name'] for item in graph['parameters']]


def shapes(graph: dict[str, Any]) -> dict[str, list[int]]:
    return {item['name'].rpartition('/')[2]: item['shape'] for item in graph['parameters']}
