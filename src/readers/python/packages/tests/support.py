"""Runs snippets as a user's file would run, and traces models in them."""

from __future__ import annotations

import linecache
import textwrap
from typing import Any

from gradient_lens.recorder import Recorder
from gradient_lens.spans import here


def run(source: str, name: str = 'model.py') -> dict[str, Any]:
    """Executes source as /user/<name> and gives its namespace."""
    text = textwrap.dedent(source)
    filename = f'/user/{name}'
    linecache.cache[filename] = (len(text), None, text.splitlines(True), filename)
    namespace: dict[str, Any] = {'__name__': 'user'}
    exec(compile(text, filename, 'exec', dont_inherit=True), namespace)
    return namespace


def where(*_: Any) -> Any:
    """What the framework's own functions see: the span of their caller's call."""
    return here()


def graph_of(model: Any, *inputs: Any) -> dict[str, Any]:
    """The graph of a model for inputs given as shapes, or as (shape, high) for integers."""
    recorder = Recorder()
    with recorder:
        values = [
            recorder.input(f'x{i}', item[0], 'int', item[1])
            if isinstance(item[0], tuple)
            else recorder.input(f'x{i}', item)
            for i, item in enumerate(inputs)
        ]
        outputs = model(*values)
    return recorder.graph(model, outputs)


def traced(source: str, *inputs: Any, entry: str = 'Net()') -> dict[str, Any]:
    """The graph of `entry` in a snippet."""
    namespace = run('import torch\nfrom torch import nn\nimport torch.nn.functional as F\n' + textwrap.dedent(source))
    return graph_of(eval(entry, namespace), *inputs)


def ops(graph: dict[str, Any]) -> list[str]:
    """The ops of a graph, without its sources."""
    return [node['op'] for node in graph['nodes'] if node['op'] not in ('input', 'parameter', 'constant')]


def node(graph: dict[str, Any], op: str) -> dict[str, Any]:
    """The only node of an op."""
    found = [item for item in graph['nodes'] if item['op'] == op]
    assert len(found) == 1, f'{len(found)} nodes of {op} among {ops(graph)}'
    return found[0]


def output_shapes(graph: dict[str, Any]) -> list[list[int]]:
    return [graph['values'][number]['shape'] for number in graph['outputs']]


def parameters(graph: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {parameter['name']: parameter for parameter in graph['parameters']}


def excerpt(source: str, span: Any) -> str:
    """The text that a span of one line covers."""
    line = source.splitlines()[span['range']['start']['line']].encode('utf-16-le')
    start, end = (2 * span['range'][side]['character'] for side in ('start', 'end'))
    return line[start:end].decode('utf-16-le')
