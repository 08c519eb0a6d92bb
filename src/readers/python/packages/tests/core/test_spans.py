"""Exact ranges of calls, counted as editors count."""

import unittest

from tests.support import excerpt, run, where

from gradient_lens.spans import traceback_span


class Spans(unittest.TestCase):
    def test_innermost_user_call(self) -> None:
        text = 'from tests.support import where\ndef f():\n    return where()\nx = [f(), f()]\n'
        spans = run(text)['x']
        self.assertEqual([excerpt(text, span) for span in spans], ['where()', 'where()'])
        self.assertEqual(spans[0]['path'], 'model.py')
        self.assertEqual(spans[0]['range']['start'], {'line': 2, 'character': 11})

    def test_two_calls_on_one_line_are_told_apart(self) -> None:
        text = 'from tests.support import where\nx = where(), where()\n'
        first, second = run(text)['x']
        self.assertEqual(first['range']['start']['character'], 4)
        self.assertEqual(second['range']['start']['character'], 13)

    def test_columns_are_utf16_code_units(self) -> None:
        text = 'from tests.support import where\nx = ("\U0001f600é", where())\n'
        span = run(text)['x'][1]
        # The face takes two code units (four bytes), the accented letter one (two bytes).
        self.assertEqual(span['range']['start']['character'], 12)
        self.assertEqual(excerpt(text, span), 'where()')

    def test_a_call_over_several_lines_starts_at_its_name(self) -> None:
        text = 'from tests.support import where\nx = where(\n    1,\n)\n'
        span = run(text)['x']
        self.assertEqual(span['range'], {'start': {'line': 1, 'character': 4}, 'end': {'line': 3, 'character': 1}})

    def test_no_user_code_no_span(self) -> None:
        self.assertIsNone(where())

    def test_place_of_an_error(self) -> None:
        text = 'def f(x):\n    return 1 // x\n'
        namespace = run(text)
        span = None
        try:
            namespace['f'](0)
        except ZeroDivisionError as error:
            span = traceback_span(error)
        self.assertIsNotNone(span)
        self.assertEqual(excerpt(text, span), '1 // x')
