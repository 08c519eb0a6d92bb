"""Files that everybody downloads: their known size reaches the model; what stands in them stays unknown."""

from __future__ import annotations

import textwrap
from typing import Any

from gradient_lens.public.facts import TABLES, TEXTS, known_file
from tests.reader.reading_case import ReadingCase

HEAD = 'import csv\nimport pathlib\nimport numpy as np\nimport keras\nfrom keras import layers\n'
CLIMATE = 'jena_climate_2009_2016.csv'


class PublicData(ReadingCase):
    def keras(self, text: str) -> Any:
        return self.read_files({'m.py': HEAD + textwrap.dedent(text)}, 'm.py')

    def width(self, text: str, expression: str) -> tuple[int, int]:
        """What a size in the file comes to, and how many guesses it took."""
        model = self.only(self.keras(f'{textwrap.dedent(text)}\nmodel = keras.Sequential([keras.Input(({expression},)), layers.Dense(2)])'))
        return self.inputs(model)[0][0][1], len(model['guesses'])

    def test_a_file_that_is_not_here_is_no_fault_of_ours(self) -> None:
        result = self.read_files({'m.py': HEAD + 'text = open("mine.txt").read()\n'}, 'm.py')
        self.assertEqual([found['code'] for found in result['problems']], ['runtime-error'])
        self.assertIn('mine.txt', result['problems'][0]['message'])

    def test_each_way_of_reading_a_table(self) -> None:
        ways = {
            f'data = open("{CLIMATE}").read()\nlines = data.split("\\n")\nwidth = len(lines[0].split(","))': 15,
            f'with open("data/{CLIMATE}") as f:\n    lines = f.read().splitlines()[1:]\nwidth = len(lines[5].split(","))': 15,
            f'lines = open("{CLIMATE}").readlines()\ndel lines[0]\nwidth = len(lines)': 420_551,
            f'lines = pathlib.Path("{CLIMATE}").read_text().split("\\n")\nwidth = len(lines)': 420_552,
            f'with open("{CLIMATE}") as f:\n    rows = csv.reader(f)\n    header = next(rows)\nwidth = len(header)': 15,
            f'with open("{CLIMATE}") as f:\n    next(f)\n    for line in f:\n        fields = line.strip().split(",")\nwidth = len(fields)': 15,
            'data = np.loadtxt("pima-indians-diabetes.data.csv", delimiter=",")\nwidth = data[:, 0:8].shape[1]': 8,
            'data = np.genfromtxt("winequality-red.csv", delimiter=";", skip_header=1)\nwidth = data.shape[0]': 1599,
            'data = np.loadtxt("sonar.all-data", delimiter=",", usecols=range(60))\nwidth = data.shape[-1]': 60,
        }
        for text, wanted in ways.items():
            with self.subTest(text):
                self.assertEqual(self.width(text, 'width'), (wanted, 0))

    def test_a_table_filled_row_by_row_is_fed(self) -> None:
        model = self.only(self.keras(f'''
            with open("{CLIMATE}") as f:
                data = f.read()
            lines = data.split("\\n")
            header = lines[0].split(",")
            lines = lines[1:]
            warmth = np.zeros((len(lines),))
            table = np.zeros((len(lines), len(header) - 1))
            for i, line in enumerate(lines):
                values = [float(x) for x in line.split(",")[1:]]
                warmth[i] = values[1]
                table[i, :] = values[:]
            table -= table[: int(0.5 * len(table))].mean(axis=0)
            fed = keras.utils.timeseries_dataset_from_array(table, targets=warmth[10:], sequence_length=12, batch_size=32)
            inputs = keras.Input((12, table.shape[-1]))
            model = keras.Model(inputs, layers.Dense(1)(layers.LSTM(4)(inputs)))
            model.compile(loss="mse")
            model.fit(fed)
        '''))
        self.assertEqual((self.inputs(model)[0][0], model['guesses']), ([2, 12, 14], []))
        self.assertIn('`jena_climate_2009_2016.csv` with 420,551 rows of 15 columns', model['graph']['inputs'][0]['reason'])

    def test_what_is_gathered_row_by_row_has_no_known_length(self) -> None:
        gathered = f'''
            rows = []
            for line in open("{CLIMATE}").read().split("\\n")[1:]:
                rows.append([float(x) for x in line.split(",")[1:]])
        '''
        self.assertEqual(self.width(gathered, 'len(rows)'), (32, 1))
        words = 'words = set()\nfor line in open("spa-eng/spa.txt"):\n    words.update(line.split())'
        self.assertEqual(self.width(words, 'len(words)')[1], 1)

    def test_the_letters_of_a_text(self) -> None:
        place = 'keras.utils.get_file("nietzsche.txt", origin="https://s3.amazonaws.com/text-datasets/nietzsche.txt")'
        self.assertEqual(self.width(f'text = open({place}).read().lower()\nchars = sorted(list(set(text)))', 'len(chars)'), (57, 0))
        # Nobody states how many there are with the capitals.
        self.assertEqual(self.width(f'chars = set(open({place}).read())', 'len(chars)')[1], 1)
        place = 'keras.utils.get_file("s.txt", origin="https://storage.googleapis.com/download.tensorflow.org/data/shakespeare.txt")'
        self.assertEqual(self.width(f'chars = sorted(set(open({place}, "rb").read().decode("utf-8")))', 'len(chars)'), (65, 0))
        self.assertEqual(self.width(f'words = open({place}).read().split()', 'len(set(words))')[1], 1)

    def test_a_name_that_others_share_says_nothing(self) -> None:
        for name in ('heart.csv', 'iris.csv', 'housing.csv', 'data.csv', 'shakespeare.txt'):
            self.assertIsNone(known_file(name), name)
        self.assertIsNotNone(known_file('http://storage.googleapis.com/download.tensorflow.org/data/heart.csv'))
        self.assertIsNotNone(known_file('C:\\data\\jena_climate_2009_2016.csv.zip'))
        for data in (*TABLES, *TEXTS):
            place = 'https://example.com/' + data.addresses[0] if data.addresses else '/home/me/' + data.name
            self.assertIs(known_file(place), data)

    def test_a_file_of_the_workspace_goes_first(self) -> None:
        text = HEAD + f'lines = open("{CLIMATE}").read().split("\\n")\n'
        text += 'model = keras.Sequential([keras.Input((len(lines),)), layers.Dense(2)])\n'
        model = self.only(self.read_files({'m.py': text, CLIMATE: 'a,b\n1,2\n3,4'}, 'm.py'))
        self.assertEqual(self.inputs(model)[0][0], [2, 3])
