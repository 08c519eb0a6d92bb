import pathlib
import sys
import tempfile
import unittest

from gradient_lens_sandbox.whereabouts import TOOL, Whereabouts

SOURCE = """\
def twice(x):
    return 2 * x
for i in range(3):
    twice(i)
"""


class WhereaboutsTest(unittest.TestCase):
    def setUp(self) -> None:
        self.device = pathlib.Path(tempfile.mkdtemp()) / 'device'
        self.device.touch()
        self.whereabouts = Whereabouts(str(self.device))
        self.whereabouts.install()
        self.addCleanup(sys.monitoring.free_tool_id, TOOL)
        self.addCleanup(sys.monitoring.set_events, TOOL, 0)

    def run_as(self, path: str) -> str:
        exec(compile(SOURCE, path, 'exec'), {})
        return self.device.read_text()

    def test_tells_each_place_of_a_user_file_once_and_in_order(self) -> None:
        told = self.run_as('/user/net.py').split('/user/net.py:')[1:]
        # The loop's head has two places: its first round and the way back to it.
        self.assertEqual(told, ['1', '3', '4', '2', '3'])

    def test_tells_nothing_of_other_files(self) -> None:
        self.assertEqual(self.run_as('/lib/other.py'), '')

    def test_tells_the_innermost_user_frame_at_the_interrupt_and_nothing_after(self) -> None:
        def framework() -> None:
            self.whereabouts.interrupted(sys._getframe())

        source = 'def inner():\n    framework()\n\ninner()\nx = 1\n'
        exec(compile(source, '/user/net.py', 'exec'), {'framework': framework})
        told = self.device.read_text().split('/user/net.py:')[1:]
        self.assertEqual(told, ['1', '4', '2', '2'])


if __name__ == '__main__':
    unittest.main()
