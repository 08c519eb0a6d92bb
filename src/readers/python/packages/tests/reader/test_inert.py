"""Unknown values accept what scripts do to them, and never become a size."""

import unittest

from gradient_lens.inert import Inert, UnknownValue, call_hooks, first_inert, holds_inert, inert_label


class InertTest(unittest.TestCase):
    def setUp(self) -> None:
        self.frame = Inert('pandas').read_csv('x.csv')

    def test_label_follows_the_expression(self) -> None:
        self.assertEqual(inert_label(self.frame.values.shape[1]), 'pandas.read_csv(...).values.shape[1]')

    def test_unpacks_into_as_many_names_as_asked(self) -> None:
        a, b, c = self.frame
        self.assertTrue(all(isinstance(item, Inert) for item in (a, b, c)))
        first, *_ = self.frame
        self.assertIsInstance(first, Inert)
        rounds = 0
        for x, y in self.frame:
            rounds += 1
            self.assertIsInstance(x, Inert)
            self.assertIsInstance(y, Inert)
        self.assertEqual(rounds, 1)

    def test_arithmetic_stays_unknown(self) -> None:
        for value in (self.frame + 1, 2 * self.frame, -self.frame, self.frame @ self.frame, 10 // self.frame):
            self.assertIsInstance(value, Inert)

    def test_has_no_number(self) -> None:
        for ask in (int, float, len, range, lambda value: [0][value]):
            with self.assertRaises(UnknownValue):
                ask(self.frame)
        self.assertEqual('%.2f %s' % (self.frame, 'x'), 'nan x')
        self.assertIn('unknown', f'{self.frame:.3f}')

    def test_comparisons_end_loops(self) -> None:
        self.assertFalse(self.frame < 3)
        self.assertFalse(self.frame > 3)
        self.assertFalse(self.frame == 3)
        self.assertTrue(self.frame)

    def test_decorates_without_a_change(self) -> None:
        @self.frame.jit
        def f() -> int:
            return 3

        @self.frame.register('name')
        class C:
            pass

        self.assertEqual(f(), 3)
        self.assertIsInstance(C(), C)

    def test_is_a_base_class(self) -> None:
        class Mine(self.frame.Callback, metaclass=type):  # type: ignore[misc]
            def __init__(self, a: int) -> None:
                super().__init__(a, b=2)
                self.a = a

        self.assertEqual(Mine(4).a, 4)
        self.assertIsInstance(Mine(4).unknown_method, Inert)

    def test_context(self) -> None:
        with self.frame as held:
            self.assertIsInstance(held, Inert)
        with self.assertRaises(ZeroDivisionError), self.frame:
            print(1 / 0)

    def test_is_found_in_containers(self) -> None:
        self.assertTrue(holds_inert({'a': [1, (2, self.frame)]}))
        self.assertFalse(holds_inert({'a': [1, (2, 3)]}))
        self.assertIs(first_inert([1, {'k': self.frame}]), self.frame)

    def test_calls_are_told(self) -> None:
        told: list[str] = []
        call_hooks.append(lambda label, arguments, keywords: told.append(f'{label}{arguments}{keywords}'))
        try:
            self.frame.fit(1, n=2)
        finally:
            call_hooks.pop()
        self.assertEqual(told, ["pandas.read_csv(...).fit(1,){'n': 2}"])


if __name__ == '__main__':
    unittest.main()
