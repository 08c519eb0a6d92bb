"""A broken statement takes itself out of the file and nothing else."""

import ast
import linecache
import unittest

from gradient_lens.reader.problems import Problem
from gradient_lens.reader.sources import Parsed, parse


def parsed(text: str) -> Parsed:
    # CPython looks into the file of that name for the line of an error: there must be none.
    linecache.cache['/user/none.py'] = (len(text), None, text.splitlines(keepends=True), '/user/none.py')
    return parse(text, 'none.py', '/user/none.py')


def names(result: Parsed) -> list[str]:
    return [node.name for node in result.tree.body if isinstance(node, (ast.ClassDef, ast.FunctionDef))]


def at(problem: Problem) -> tuple[int, int]:
    assert problem['span'] is not None
    start = problem['span']['range']['start']
    return start['line'], start['character']


class SourcesTest(unittest.TestCase):
    def test_sound_file(self) -> None:
        result = parsed('class A: pass\ndef f(): pass\n')
        self.assertEqual((names(result), result.problems), (['A', 'f'], []))

    def test_broken_class_between_sound_ones(self) -> None:
        result = parsed('class A:\n    pass\n\nclass B:\n    def f(self:\n        return 1\n\nclass C:\n    pass\n')
        self.assertEqual(names(result), ['A', 'C'])
        self.assertEqual([item['code'] for item in result.problems], ['syntax-error'])
        self.assertEqual(result.problems[0]['span']['range']['start']['line'] if result.problems[0]['span'] else None, 4)
        self.assertIn('B', result.lost)
        self.assertEqual(result.tree.body[-1].lineno, 8)

    def test_missing_body_is_blamed_on_its_own_statement(self) -> None:
        result = parsed('def f():\nclass A:\n    pass\n')
        self.assertEqual(names(result), ['A'])

    def test_several_broken_statements(self) -> None:
        result = parsed('x = = 1\nclass A: pass\ny = )\nclass B: pass\nfoo(\n')
        self.assertEqual(names(result), ['A', 'B'])
        self.assertEqual(len(result.problems), 3)

    def test_column_counts_utf16_units(self) -> None:
        # Nine characters before the `$`; the clef takes two code units.
        result = parsed('x = "𝄞ö" $\n')
        self.assertEqual(at(result.problems[0]), (0, 10))

    def test_decorated_statement_goes_as_a_whole(self) -> None:
        result = parsed('@deco(\n    1)\ndef f(:\n    pass\nclass A: pass\n')
        self.assertEqual(names(result), ['A'])

    def test_null_bytes_and_nesting(self) -> None:
        self.assertEqual(parsed('x = 1\0\n').problems[0]['code'], 'syntax-error')
        deep = parsed('x = ' + '(' * 5000 + ')' * 5000 + '\nclass A: pass\n')
        self.assertTrue(deep.problems)

    def test_what_hangs_on_a_broken_statement_is_in_doubt(self) -> None:
        cases = [
            ('depth = 3\ndepth = = 4\n', ['depth']),
            ('depth = 3\nwidth = depth * (\n', ['width']),
            ('depth: int = )\n', ['depth']),
            ('depth += )\n', ['depth']),
            ('model = make()\nother = 1\nmodel.add(\n', ['model']),
            ('model = make()\nfor i in range(3):\n    last = layer(\n    model.add(last)\n', ['last', 'model']),
            ('import nn\nnn.init(\n', []),
            ('depth = 3\nclass A:\n    x = depth(\n', []),
            ("depth = 3\nif __name__ == '__main__':\n    run(depth\n", []),
        ]
        for text, names_in_doubt in cases:
            with self.subTest(text):
                result = parsed(text + 'class B: pass\n')
                self.assertEqual((sorted(result.doubtful), names(result)[-1:]), (names_in_doubt, ['B']))

    def test_unclosed_string(self) -> None:
        result = parsed('class A: pass\ns = """never closed\nclass B: pass\n')
        self.assertEqual(names(result)[0], 'A')
        self.assertEqual(result.problems[0]['code'], 'syntax-error')


if __name__ == '__main__':
    unittest.main()
