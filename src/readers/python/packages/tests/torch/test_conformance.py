"""Structure of every PyTorch case of the conformance pack: names, order, shapes, lines, initialisation, outputs."""

from __future__ import annotations

import ast
import json
import math
import pathlib
import sys
import types
import unittest
from typing import Any

from tests.support import graph_of, output_shapes, run

PACK = pathlib.Path('/conformance')


def variance(law: dict[str, Any], shape: list[int]) -> float:
    """Variance of the elements of a law of src/graph/initialiser.ts."""
    kind = law['kind']
    if kind == 'uniform':
        return (law['high'] - law['low']) ** 2 / 12
    if kind == 'normal':
        return law['std'] ** 2
    if kind == 'constant':
        return 0.0
    if kind == 'truncatedNormal':
        # Limits lie a hundred deviations away in the pack: the cut takes nothing.
        assert min(abs(law['low']), abs(law['high'])) > 10 * law['std']
        return law['std'] ** 2
    if kind == 'orthogonal':
        # Rows or columns of unit length: the mean square is one over the longer side.
        return law['gain'] ** 2 / max(law['rows'], math.prod(shape) // law['rows'])
    if kind == 'regions':
        (region,) = law['regions']
        share = 1 - math.prod(b - a for a, b in zip(region['start'], region['stop'])) / math.prod(shape)
        return variance(law['base'], shape) * share
    raise AssertionError(f'no variance for {law}')


def namespace_of(source: str) -> dict[str, Any]:
    """The file's namespace; statements that need what is not here are passed over."""
    path = PACK / source
    text = path.read_text()
    kept: list[str] = []
    for statement in ast.parse(text).body:
        lines = text.splitlines()[statement.lineno - 1 : statement.end_lineno]
        foreign = isinstance(statement, (ast.Import, ast.ImportFrom)) and any(
            word in lines[0] for word in ('pandas', 'torchvision', 'tensorboard')
        )
        decorators = getattr(statement, 'decorator_list', [])
        first = min([statement.lineno, *(item.lineno for item in decorators)])
        while len(kept) < first - 1:
            kept.append('')
        if not foreign:
            kept.extend(text.splitlines()[first - 1 : statement.end_lineno])
    module = types.ModuleType('user')
    sys.modules['user'] = module
    return run('\n'.join(kept), path.name)


class Pack(unittest.TestCase):
    def test_every_case(self) -> None:
        cases = sorted((PACK / 'cases').glob('torch-*.json'))
        self.assertGreater(len(cases), 40)
        for path in cases:
            with self.subTest(case=path.stem):
                self.check(json.loads(path.read_text()))

    def check(self, case: dict[str, Any]) -> None:
        model = eval(case['entry'], namespace_of(case['source']))
        graph = graph_of(
            model,
            *((tuple(i['shape']), i['high']) if i['kind'] == 'int' else tuple(i['shape']) for i in case['inputs']),
        )
        expected = case['expect']
        self.assertEqual(output_shapes(graph), expected['outputs'])
        found = graph['parameters']
        self.assertEqual([p['name'] for p in found], [p['name'] for p in expected['parameters']])
        used = {node['attributes']['index'] for node in graph['nodes'] if node['op'] == 'parameter'}
        for index, (parameter, wanted) in enumerate(zip(found, expected['parameters'])):
            name = parameter['name']
            self.assertEqual(parameter['shape'], wanted['shape'], name)
            self.assertEqual(parameter['span']['range']['start']['line'] + 1, wanted['line'], name)
            if index not in used:
                self.assertIs(wanted.get('used'), False, name)
            self.check_deviation(parameter, wanted['initStd'])

    def check_deviation(self, parameter: dict[str, Any], measured: float) -> None:
        elements = math.prod(parameter['shape'])
        if elements < 8:
            return
        deviation = math.sqrt(variance(parameter['initialiser'], parameter['shape']))
        if deviation == 0:
            self.assertEqual(measured, 0, parameter['name'])
        else:
            self.assertLess(abs(measured / deviation - 1), 4 / math.sqrt(8 * elements), parameter['name'])


if __name__ == '__main__':
    unittest.main()
