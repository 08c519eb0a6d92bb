"""`x[mask]` of a mask that depends on the data: losses, sums and means over it."""

from __future__ import annotations

import unittest

from gradient_lens.errors import DataDependent

from .test_memory import ops, traced

NET = """
class Net(nn.Module):
    def forward(self, x):
        mask = x[..., 0] > 0
        return RESULT
"""


class Chosen(unittest.TestCase):
    def shapes(self, result: str) -> list[list[int]]:
        graph = traced(NET.replace('RESULT', result), (4, 5, 3))
        return [graph['values'][number]['shape'] for number in graph['outputs']]

    def test_losses_of_what_one_mask_chooses_are_followed(self) -> None:
        for result in (
            'F.mse_loss(x[mask], (x + 1)[mask])',
            'F.cross_entropy(x[mask], mask.long()[mask])',
            'F.cross_entropy(x[mask], mask.long()[mask], label_smoothing=0.1)',
            'F.l1_loss(x[mask], (x * 2)[mask], reduction="sum")',
            'nn.BCEWithLogitsLoss()(x[mask], x.sigmoid()[mask])',
            'x[mask].mean()',
            'torch.masked_select(x[..., 0], mask).sum()',
        ):
            with self.subTest(result):
                self.assertEqual(self.shapes(result), [[]])

    def test_the_mean_is_over_the_chosen_places(self) -> None:
        graph = traced(NET.replace('RESULT', 'x[mask].mean()'), (4, 5, 3))
        self.assertEqual([op for op in ops(graph) if op not in ('slice', 'reshape', 'cast')], ['greater', 'sum', 'mul', 'sum', 'mul', 'div'])

    def test_places_are_written_from_what_the_same_mask_chooses(self) -> None:
        text = """
        class Net(nn.Module):
            def forward(self, x):
                y = x * 2
                mask = x[..., 0] > 0
                y[mask] = x[mask]
                return y
        """
        graph = traced(text, (4, 5, 3))
        self.assertEqual([op for op in ops(graph) if op not in ('slice', 'reshape')], ['mul', 'greater', 'where'])

    def test_one_row_is_written_to_all_chosen_places(self) -> None:
        for row, shape in (('torch.ones(3)', (3,)), ('torch.ones(1, 1, 3)', (3,)), ('torch.ones(1)', (1,)), ('2', ())):
            text = f"""
            class Net(nn.Module):
                def forward(self, x):
                    y = x * 1
                    y[x[..., 0] > 0] = {row}
                    return y
            """
            graph = traced(text, (4, 5, 3))
            [where] = [node for node in graph['nodes'] if node['op'] == 'where']
            self.assertEqual(tuple(graph['values'][where['inputs'][1]]['shape']), shape)
            self.assertEqual(graph['values'][graph['outputs'][0]]['shape'], [4, 5, 3])

    def test_all_else_is_refused(self) -> None:
        for result in (
            'x[mask] * 2',
            'x[mask].shape',
            'x[mask].sum(0)',
            'F.mse_loss(x[mask], x[x[..., 1] > 0])',
            'F.mse_loss(x[mask], x)',
            'F.mse_loss(x[mask], x[mask], reduction="none")',
            'F.cross_entropy(x[mask], mask.long()[mask], weight=torch.ones(3))',
            'F.cross_entropy(x[mask], mask.long()[mask], ignore_index=0)',
            'torch.cat([x[mask], x[mask]])',
        ):
            with self.subTest(result), self.assertRaises(DataDependent):
                self.shapes(result)
        rows = NET.replace('return RESULT', 'x = x * 1; x[mask] = torch.ones(7, 3); return x')
        with self.assertRaises(DataDependent):
            traced(rows, (4, 5, 3))


if __name__ == '__main__':
    unittest.main()
