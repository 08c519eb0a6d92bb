import os
import re
import unittest
import zipfile

from gradient_lens_sandbox import Refused
from gradient_lens_sandbox.refusals import REFUSED_EVENTS, refuse


class RefusalsTest(unittest.TestCase):
    def test_refuses_what_reaches_the_machine(self) -> None:
        for event in ('os.system', 'subprocess.Popen', 'socket.connect', 'ctypes.dlopen', '_thread.start_new_thread'):
            with self.subTest(event), self.assertRaises(Refused) as caught:
                refuse(event, ())
            self.assertIn(f'`{event}`', str(caught.exception))
            self.assertEqual(caught.exception.problem_code, 'denied')

    def test_lets_pass_what_every_file_does(self) -> None:
        for event in ('open', 'import', 'compile', 'exec', 'os.listdir', 'os.systematic', 'object.__getattr__'):
            with self.subTest(event):
                refuse(event, ())

    def test_is_caught_where_a_file_guards_itself_against_the_system(self) -> None:
        try:
            refuse('os.system', ())
        except OSError as error:
            self.assertIsInstance(error, Refused)

    def test_names_every_event_of_its_families_that_the_standard_library_raises(self) -> None:
        library = zipfile.ZipFile(os.path.dirname(os.__file__))
        raised = {
            name
            for file in library.namelist()
            for name in re.findall(r'sys\.audit\(\s*["\']([\w./]+)', library.read(file).decode('utf-8', 'replace'))
        }
        self.assertLess({'subprocess.Popen', 'http.client.send', 'os.walk'}, raised)
        # What looks at files or walks through folders has a meaning inside.
        families = {event.partition('.')[0] for event in REFUSED_EVENTS} - {'os'}
        self.assertEqual({name for name in raised if name.partition('.')[0] in families} - set(REFUSED_EVENTS), set())

    def test_names_no_event_twice(self) -> None:
        self.assertEqual(len(REFUSED_EVENTS), len(set(REFUSED_EVENTS)))


if __name__ == '__main__':
    unittest.main()
