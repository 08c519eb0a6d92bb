"""Structure of every Keras case of the conformance pack: order, shapes, names, lines, initialisation, outputs."""

from __future__ import annotations

import json
import math
import pathlib
import sys
import types
import unittest
from typing import Any

import keras
from gradient_lens.recorder import Recorder
from keras._context import context

from tests.support import output_shapes, run

PACK = pathlib.Path('/conformance')

#: Variance of a standard normal cut at two deviations.
_CUT_VARIANCE = 0.87962566103423978**2


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
        assert math.isclose(law['high'], 2 * law['std']) and math.isclose(law['low'], -2 * law['std'])
        return law['std'] ** 2 * _CUT_VARIANCE
    if kind == 'orthogonal':
        return law['gain'] ** 2 / max(law['rows'], math.prod(shape) // law['rows'])
    if kind == 'values':
        mean = sum(law['values']) / len(law['values'])
        return sum((item - mean) ** 2 for item in law['values']) / len(law['values'])
    raise AssertionError(f'no variance for {law}')


def graph_of(model: Any, inputs: list[dict[str, Any]]) -> dict[str, Any]:
    recorder = Recorder('keras')
    with recorder:
        tensors = [recorder.input(f'x{i}', item['shape'], item['kind'], item.get('high')) for i, item in enumerate(inputs)]
        outputs = model(tensors if len(tensors) > 1 else tensors[0])
    return recorder.graph(model, outputs)


class Pack(unittest.TestCase):
    def test_every_case(self) -> None:
        cases = sorted((PACK / 'cases').glob('keras-*.json'))
        self.assertGreater(len(cases), 20)
        for path in cases:
            with self.subTest(case=path.stem):
                self.check(json.loads(path.read_text()))

    def model(self, case: dict[str, Any]) -> Any:
        context.clear()
        path = PACK / case['source']
        module = types.ModuleType('user')
        sys.modules['user'] = module
        names = run(path.read_text(), path.name)
        found = eval(case['entry'], names) if case.get('entry') else names[case['variable']]
        self.assertIsInstance(found, keras.Model)
        return found

    def check(self, case: dict[str, Any]) -> None:
        graph = graph_of(self.model(case), case['inputs'])
        expected = case['expect']
        self.assertEqual(output_shapes(graph), expected['outputs'])
        found = graph['parameters']
        self.assertEqual([p['shape'] for p in found], [p['shape'] for p in expected['parameters']])
        self.assertEqual([p['name'] for p in found], [p['name'] for p in expected['parameters']])
        for parameter, wanted in zip(found, expected['parameters']):
            name = parameter['name']
            self.assertEqual(parameter['span']['range']['start']['line'] + 1, wanted['line'], name)
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
