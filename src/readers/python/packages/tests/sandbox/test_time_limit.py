import signal
import unittest

from gradient_lens_sandbox import TimeLimitReached, time_limit


class TimeLimitTest(unittest.TestCase):
    def test_the_signal_breaks_off_the_statement_and_except_exception_does_not_hold_it(self) -> None:
        self.addCleanup(signal.signal, signal.SIGINT, signal.getsignal(signal.SIGINT))
        time_limit.install()

        def guarded() -> None:
            try:
                signal.raise_signal(signal.SIGINT)
            except Exception:
                self.fail('swallowed')

        with self.assertRaises(TimeLimitReached) as caught:
            guarded()
        self.assertEqual(caught.exception.problem_code, 'timeout')


if __name__ == '__main__':
    unittest.main()
