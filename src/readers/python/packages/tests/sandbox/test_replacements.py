import os
import posix
import sys
import unittest

from gradient_lens_sandbox import Refused, replacements


class ReplacementsTest(unittest.TestCase):
    def setUp(self) -> None:
        for module, name in ((os, '_exit'), (os, 'abort'), (posix, '_exit'), (posix, 'abort'), (sys, 'setrecursionlimit')):
            self.addCleanup(setattr, module, name, getattr(module, name))
        self.addCleanup(sys.setrecursionlimit, sys.getrecursionlimit())
        replacements.install()

    def test_exits_fail_at_their_statement(self) -> None:
        for call in (lambda: os._exit(0), lambda: posix._exit(0), os.abort, posix.abort):
            with self.assertRaises(Refused):
                call()

    def test_the_recursion_limit_is_bounded(self) -> None:
        sys.setrecursionlimit(2_000)
        self.assertEqual(sys.getrecursionlimit(), 2_000)
        sys.setrecursionlimit(10**9)
        self.assertEqual(sys.getrecursionlimit(), replacements.DEEPEST)


if __name__ == '__main__':
    unittest.main()
