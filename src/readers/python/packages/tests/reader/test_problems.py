"""Bad input: each a clear message at its place, and the rest of the file is read."""

import unittest

from .reading_case import ReadingCase

GOOD = """
class Good(nn.Module):
    def __init__(self):
        super().__init__()
        self.f = nn.Linear(4, 2)

    def forward(self, x):
        return self.f(x)
"""


class ProblemsTest(ReadingCase):
    def good_is_read(self, result: object) -> None:
        models = {model['name']: model for model in result['models']}  # type: ignore[index]
        self.assertIsNone(models['Good']['unread'])

    def test_syntax_error_hides_nothing_else(self) -> None:
        result = self.read('class Bad(nn.Module:\n    pass\n' + GOOD)
        self.good_is_read(result)
        self.assertEqual([(item['code'], self.line(item['span'])) for item in result['problems']], [('syntax-error', 4)])

    def test_missing_name_of_a_broken_statement_is_not_told_twice(self) -> None:
        result = self.read('WIDTH = = 3\nSIZES = [WIDTH]\n' + GOOD)
        self.assertEqual([item['code'] for item in result['problems']], ['syntax-error'])

    def test_shapes_that_do_not_fit_name_call_and_constructor(self) -> None:
        result = self.read("""
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.a = nn.Linear(4, 8)
                self.b = nn.Linear(9, 2)
            def forward(self, x):
                return self.b(self.a(x))
        """)
        unread = result['models'][0]['unread']
        self.assertEqual((unread['code'], self.line(unread['span'])), ('shape-mismatch', 11))
        self.assertEqual([self.line(item['span']) for item in unread['related']], [9])

    def test_unknown_layer_is_named_at_its_line(self) -> None:
        result = self.read("""
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.a = nn.Frobnicate(4, 8)
            def forward(self, x):
                return self.a(x)
        """, GOOD)
        self.good_is_read(result)
        unread = result['models'][0]['unread']
        self.assertEqual(self.line(unread['span']), 8)
        self.assertIn('Frobnicate', unread['message'])

    def test_unknown_package_in_the_forward_pass(self) -> None:
        result = self.read('import mystery\n' + GOOD, """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.f = nn.Linear(4, 2)

    def forward(self, x):
        return mystery.ops.twist(self.f(x))
""")
        self.good_is_read(result)
        unread = next(model['unread'] for model in result['models'] if model['name'] == 'Net')
        self.assertIn('mystery.ops.twist', unread['message'])
        self.assertEqual(self.line(unread['span']), 20)

    def test_keras_layer_with_a_million_million_parameters(self) -> None:
        result = self.read(GOOD, """
        import keras
        net = keras.Sequential([
            keras.Input(shape=(1_000_000,)),
            keras.layers.Dense(1_000_000),
        ])
        """)
        self.good_is_read(result)
        unread = next(model['unread'] for model in result['models'] if model['name'] == 'net')
        self.assertEqual(unread['code'], 'too-large')
        self.assertEqual(self.line(unread['span']), self.line(next(m['span'] for m in result['models'] if m['name'] == 'net')) + 2)

    def test_layer_with_a_million_million_parameters(self) -> None:
        result = self.read("""
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.f = nn.Linear(1_000_000, 1_000_000)
            def forward(self, x):
                return self.f(x)
        """, GOOD)
        self.good_is_read(result)
        model = result['models'][0]
        self.assertEqual(model['unread']['code'], 'too-large')
        self.assertEqual(self.line(model['unread']['span']), 8)
        self.assertIn('1,000,001,000,000', model['unread']['message'])

    def test_endless_loop_at_import(self) -> None:
        result = self.read('while True:\n    pass\n' + GOOD)
        self.good_is_read(result)
        self.assertEqual([(item['code'], self.line(item['span'])) for item in result['problems']], [('timeout', 4)])

    def test_endless_loop_in_a_class_of_its_own(self) -> None:
        result = self.read("""
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.f = nn.Linear(4, 2)
            def forward(self, x):
                while True:
                    x = x
        """, GOOD)
        self.good_is_read(result)
        self.assertEqual(result['models'][0]['unread']['code'], 'timeout')

    def test_loop_that_swallows_everything(self) -> None:
        result = self.read("""
        def spin():
            for _ in range(40):
                try:
                    while True:
                        pass
                except BaseException:
                    pass
        spin()
        """, GOOD)
        self.good_is_read(result)

    def test_endless_recursion(self) -> None:
        result = self.read('def f(n):\n    return f(n + 1)\nx = f(0)\n' + GOOD)
        self.good_is_read(result)

    def test_failing_data_is_no_problem_where_models_are_read(self) -> None:
        result = self.read("""
        import pandas as pd
        table = open('nowhere.csv').read()
        rows = [float(x) for x in table.split(',')]
        """, GOOD)
        self.good_is_read(result)
        self.assertEqual(result['problems'], [])

    def test_failing_file_without_models_says_why(self) -> None:
        result = self.read('sizes = [3, 4]\nnet = nn.Linear(sizes[0], sizes[2])\n')
        self.assertEqual(result['models'], [])
        self.assertEqual([self.line(item['span']) for item in result['problems']], [5])
        self.assertIn('IndexError', result['problems'][0]['message'])

    def test_missing_local_module_is_a_problem(self) -> None:
        result = self.read_files({'pkg/__init__.py': '', 'pkg/m.py': 'from .gone import Net\n'}, 'pkg/m.py')
        self.assertEqual([item['code'] for item in result['problems']], ['import-error'])

    def test_abstract_and_empty_files(self) -> None:
        for text in ('', '"""Nothing."""\n', 'x = 1\n'):
            result = self.read_files({'m.py': text}, 'm.py')
            self.assertEqual((result['models'], result['problems'], result['files']), ([], [], ['m.py']))
        self.assertEqual(self.read_files({'m.py': ''}, 'other.py')['problems'][0]['code'], 'not-readable')

    def test_exit_at_import(self) -> None:
        for text in ('import sys\nsys.exit(3)\n', 'raise SystemExit\n', 'exit()\n', 'input("name? ")\n', 'raise KeyboardInterrupt\n'):
            self.good_is_read(self.read(text + GOOD))

    def test_control_flow_on_data(self) -> None:
        result = self.read("""
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.f = nn.Linear(4, 2)
            def forward(self, x):
                if x.mean() > 0:
                    x = x * 2
                return self.f(x)
        """)
        unread = result['models'][0]['unread']
        self.assertEqual((unread['code'], self.line(unread['span'])), ('data-dependent', 10))

    def test_no_input_fits(self) -> None:
        result = self.read("""
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.f = nn.Linear(4, 2)
            def forward(self, x, table):
                return self.f(x.left['a'] + table.rows)
        """)
        unread = result['models'][0]['unread']
        self.assertEqual((unread['code'], self.line(unread['span'])), ('needs-input', 5))
        self.assertIn('# gradient-lens: input=', unread['message'])


if __name__ == '__main__':
    unittest.main()
