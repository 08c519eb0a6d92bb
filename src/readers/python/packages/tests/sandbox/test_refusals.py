import unittest

from gradient_lens_sandbox import Refused
from gradient_lens_sandbox.refusals import REFUSED_EVENTS, _refuse


class RefusalsTest(unittest.TestCase):
    def test_refuses_what_reaches_the_machine(self) -> None:
        for event in ('os.system', 'subprocess.Popen', 'socket.connect', 'ctypes.dlopen', '_thread.start_new_thread'):
            with self.subTest(event), self.assertRaises(Refused) as caught:
                _refuse(event, ())
            self.assertIn(f'`{event}`', str(caught.exception))
            self.assertEqual(caught.exception.problem_code, 'denied')

    def test_lets_pass_what_every_file_does(self) -> None:
        for event in ('open', 'import', 'compile', 'exec', 'os.listdir', 'os.systematic', 'object.__getattr__'):
            with self.subTest(event):
                _refuse(event, ())

    def test_is_caught_where_a_file_guards_itself_against_the_system(self) -> None:
        try:
            _refuse('os.system', ())
        except OSError as error:
            self.assertIsInstance(error, Refused)

    def test_names_no_event_twice(self) -> None:
        self.assertEqual(len(REFUSED_EVENTS), len(set(REFUSED_EVENTS)))


if __name__ == '__main__':
    unittest.main()
