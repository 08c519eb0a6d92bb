import signal
import unittest
from types import FrameType

from gradient_lens_sandbox import TimeLimitReached, time_limit


class TimeLimitTest(unittest.TestCase):
    def test_the_signal_breaks_off_the_statement_and_except_exception_does_not_hold_it(self) -> None:
        self.addCleanup(signal.signal, signal.SIGINT, signal.getsignal(signal.SIGINT))
        frames: list[FrameType | None] = []
        time_limit.install(frames.append)

        def guarded() -> None:
            try:
                signal.raise_signal(signal.SIGINT)
            except Exception:
                self.fail('swallowed')

        with self.assertRaises(TimeLimitReached) as caught:
            guarded()
        self.assertEqual(caught.exception.problem_code, 'timeout')
        self.assertEqual([frame.f_code.co_name for frame in frames if frame], ['guarded'])


if __name__ == '__main__':
    unittest.main()
