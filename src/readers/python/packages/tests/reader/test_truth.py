"""What is not known reaches no size, and what is our own fault is called so."""

import unittest
from typing import Any

import torch

from .reading_case import ReadingCase

NET = """
class Net(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        self.f = nn.Linear(4, num_classes)

    def forward(self, x):
        return self.f(x)

"""


class UnknownNumbersTest(ReadingCase):
    def classes(self, expression: str) -> Any:
        result = self.read(NET, f"""
        import pandas
        y = torch.randint(0, 7, (50,))
        net = Net({expression})
        net(torch.randn(3, 4))
        """)
        return self.only(result)

    def test_numbers_of_data_are_assumed_and_marked(self) -> None:
        for expression in ('int(y.max()) + 1', 'y.max().item() + 1', 'int(float(y.max())) + 1', 'len(y.tolist()) + y.tolist()[0]'):
            with self.subTest(expression):
                model = self.classes(expression)
                self.assertTrue(any('num_classes' in guess['message'] for guess in model['guesses']), model['guesses'])
                self.assertEqual(model['graph']['parameters'][0]['shape'], [10, 4])

    def test_known_numbers_stay_known(self) -> None:
        model = self.classes('int(torch.tensor([3.0, 6.5]).max()) + int("2")')
        self.assertEqual(model['graph']['parameters'][0]['shape'], [8, 4])
        self.assertEqual(model['guesses'], [])

    def test_text_has_the_length_that_its_format_says(self) -> None:
        model = self.classes("len(f'%0{3}d' % torch.randint(0, 9, (4,)).max().item())")
        self.assertEqual(model['graph']['parameters'][0]['shape'], [3, 4])

    def test_layers_refuse_them(self) -> None:
        result = self.read("""
        y = torch.randint(0, 7, (50,))
        net = nn.Sequential(nn.Linear(4, y.max()), nn.Linear(9, 2))
        net(torch.randn(3, 4))
        """)
        self.assertFalse([model for model in result['models'] if model['graph'] is not None])

    def test_training_loops_go_on(self) -> None:
        result = self.read("""
        net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
        optimiser = torch.optim.SGD(net.parameters(), lr=0.5)
        total, right = 0.0, 0
        for step in range(2):
            x, y = torch.randn(6, 4), torch.randint(0, 3, (6,))
            out = net(x)
            loss = F.cross_entropy(out, y)
            total += float(loss)
            right += int((out.argmax(1) == y).sum())
            print('%d %.3f' % ((out.argmax(1) == y).sum(), loss), f'{loss.item():.4f} {total / 6:.2f}')
            loss.backward()
            optimiser.step()
        """)
        recipe = self.only(result)['graph']['recipe']
        self.assertEqual(recipe['loss']['kind'], 'cross-entropy')
        self.assertEqual(recipe['optimiser']['learningRate'], 0.5)


class FaultsTest(ReadingCase):
    def test_memory_at_import(self) -> None:
        for size in ('10**11', '2**30'):
            with self.subTest(size):
                result = self.read(f'table = [0.0] * {size}\n')
                self.assertEqual([item['code'] for item in result['problems']], ['out-of-memory'])
                self.assertEqual(self.line(result['problems'][0]['span']), 4)

    def test_own_fault_is_called_so(self) -> None:
        plain = torch.nn.GELU.forward
        def broken(self: object, x: object) -> object:
            return {}['missing']
        torch.nn.GELU.forward = broken  # type: ignore[method-assign]
        home = torch.nn.GELU.__init__.__code__.co_filename
        broken.__code__ = broken.__code__.replace(co_filename=home)
        try:
            result = self.read("""
            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.f, self.g = nn.Linear(4, 2), nn.GELU()
                def forward(self, x):
                    return self.g(self.f(x))
            """)
        finally:
            torch.nn.GELU.forward = plain  # type: ignore[method-assign]
        unread = result['models'][0]['unread']
        self.assertEqual(unread['code'], 'internal-error')
        self.assertIn('report', unread['message'])
        self.assertEqual(self.line(unread['span']), 10)

    def test_mistakes_of_the_file_are_not_ours(self) -> None:
        for body in ('nn.Linear(4)', 'nn.Linear(4, 2, colour=3)', '{}["a"]', 'nn.Linear(4, 2).weights', 'nn.ModuleList()[3]', 'open("no.bin")'):
            with self.subTest(body):
                result = self.read(f"""
                class Net(nn.Module):
                    def __init__(self):
                        super().__init__()
                        self.f = {body}
                    def forward(self, x):
                        return self.f(x)
                """)
                self.assertEqual(result['models'][0]['unread']['code'], 'runtime-error')


class IndexingTest(ReadingCase):
    def test_rows_by_a_range(self) -> None:
        model = self.only(self.read("""
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.f = nn.Linear(4, 5)
            def forward(self, x):
                y = self.f(x)
                return y[range(len(y)), torch.zeros(len(y), dtype=torch.long)]
        """))
        self.assertEqual(model['graph']['values'][model['graph']['outputs'][0]]['shape'], [2])


class ImpossibleShapesTest(ReadingCase):
    def mismatch(self, *layers: str) -> list[int]:
        lines = '\n                '.join(layers)
        result = self.read(f"""
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                {lines}
            def forward(self, x):
                return self.b(torch.flatten(self.a(x), 1) if isinstance(self.b, nn.Linear) else self.a(x))
        """)
        unread = result['models'][0]['unread']
        self.assertEqual(unread['code'], 'shape-mismatch', unread)
        return [self.line(unread['span']), *(self.line(item['span']) for item in unread['related'])]

    def test_channels_that_do_not_fit(self) -> None:
        self.assertEqual(self.mismatch('self.a = nn.Conv2d(3, 16, 3)', 'self.b = nn.Conv2d(8, 4, 3)'), [11, 9])

    def test_flattened_maps_that_no_size_gives(self) -> None:
        self.assertEqual(self.mismatch('self.a = nn.Conv2d(3, 16, 3)', 'self.b = nn.Linear(401, 4)'), [11, 9])


if __name__ == '__main__':
    unittest.main()
