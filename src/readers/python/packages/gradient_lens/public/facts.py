"""What is publicly known of the files that machine-learning texts download. Each entry names where its numbers stand.

A file is known by a name that only it has, or by the end of its address where others share the name. Nothing here is
measured by Gradient Lens; a number that its source does not state is left out.
"""

from __future__ import annotations

import string
from dataclasses import dataclass


@dataclass(frozen=True)
class PublicTable:
    """A file of lines with fields: `rows` without the header, `columns` in each."""

    name: str
    rows: int
    columns: int
    #: None where fields are parted by any white space.
    separator: str | None = ','
    header: tuple[str, ...] = ()
    #: Whether the header's names stand in quotation marks.
    quoted: bool = False
    #: Ends of addresses by which alone the file is known, where its name says too little.
    addresses: tuple[str, ...] = ()

    @property
    def lines(self) -> int:
        return self.rows + (1 if self.header else 0)

    @property
    def header_line(self) -> str:
        names = [f'"{name}"' if self.quoted else name for name in self.header]
        return (self.separator or ' ').join(names)

    def told(self) -> str:
        return f'{self.rows:,} rows of {self.columns} columns'


@dataclass(frozen=True)
class PublicText:
    """A plain text: how many characters it has, and which; empty where that is not stated."""

    name: str
    length: int
    characters: str = ''
    #: Its characters once it is written in lower case.
    lowered: str = ''
    addresses: tuple[str, ...] = ()

    def told(self) -> str:
        return f'{self.length:,} characters'


type PublicData = PublicTable | PublicText

_CLIMATE = (
    'Date Time', 'p (mbar)', 'T (degC)', 'Tpot (K)', 'Tdew (degC)', 'rh (%)', 'VPmax (mbar)', 'VPact (mbar)', 'VPdef (mbar)',
    'sh (g/kg)', 'H2OC (mmol/mol)', 'rho (g/m**3)', 'wv (m/s)', 'max. wv (m/s)', 'wd (deg)',
)  # fmt: skip
_WINE = (
    'fixed acidity', 'volatile acidity', 'citric acid', 'residual sugar', 'chlorides', 'free sulfur dioxide',
    'total sulfur dioxide', 'density', 'pH', 'sulphates', 'alcohol', 'quality',
)  # fmt: skip
_HEART = (
    'age', 'sex', 'cp', 'trestbps', 'chol', 'fbs', 'restecg', 'thalach', 'exang', 'oldpeak', 'slope', 'ca', 'thal', 'target',
)  # fmt: skip
_CARDS = ('Time', *(f'V{i}' for i in range(1, 29)), 'Amount', 'Class')

TABLES: tuple[PublicTable, ...] = (
    # Keras' example "Timeseries forecasting for weather prediction": 420,551 rows, the 15 columns by name.
    PublicTable('jena_climate_2009_2016.csv', 420_551, 15, header=_CLIMATE, quoted=True),
    # UCI Machine Learning Repository, the pages of the data sets: instances, and attributes with the class.
    PublicTable('iris.data', 150, 5),
    PublicTable('housing.data', 506, 14, None),
    PublicTable('wdbc.data', 569, 32),
    PublicTable('breast-cancer-wisconsin.data', 699, 11),
    PublicTable('ionosphere.data', 351, 35),
    PublicTable('sonar.all-data', 208, 61),
    PublicTable('abalone.data', 4_177, 9),
    PublicTable('adult.data', 32_561, 15),
    PublicTable('data_banknote_authentication.txt', 1_372, 5),
    PublicTable('winequality-red.csv', 1_599, 12, ';', _WINE, True),
    PublicTable('winequality-white.csv', 4_898, 12, ';', _WINE, True),
    # The same pages; the copies without a header that Machine Learning Mastery keeps.
    PublicTable('pima-indians-diabetes.data', 768, 9),
    PublicTable('pima-indians-diabetes.data.csv', 768, 9),
    PublicTable('pima-indians-diabetes.csv', 768, 9, addresses=('jbrownlee/datasets/master/pima-indians-diabetes.csv',)),
    PublicTable('sonar.csv', 208, 61, addresses=('jbrownlee/datasets/master/sonar.csv',)),
    PublicTable('iris.csv', 150, 5, addresses=('jbrownlee/datasets/master/iris.csv',)),
    PublicTable('ionosphere.csv', 351, 35, addresses=('jbrownlee/datasets/master/ionosphere.csv',)),
    PublicTable('housing.csv', 506, 14, None, addresses=('jbrownlee/datasets/master/housing.csv',)),
    # LINQS, the pages of the data sets: papers with an id, a mark for each word and a class (2,708 papers of 1,433 words,
    # 3,312 of 3,703), and the links between them (5,429 and 4,732).
    PublicTable('cora.content', 2_708, 1_435, '\t'),
    PublicTable('cora.cites', 5_429, 2, '\t'),
    PublicTable('citeseer.content', 3_312, 3_705, '\t'),
    PublicTable('citeseer.cites', 4_732, 2, '\t'),
    # Box and Jenkins' series of 144 months; Machine Learning Mastery's copy.
    PublicTable('airline-passengers.csv', 144, 2, header=('Month', 'Passengers'), quoted=True),
    # Keras' example "Imbalanced classification: credit card fraud detection" and the data set's page: 284,807 rows.
    PublicTable('creditcard.csv', 284_807, 31, header=_CARDS, quoted=True),
    # Keras' example "Structured data classification from scratch": 303 rows of 14 columns.
    PublicTable('heart.csv', 303, 14, header=_HEART, addresses=('tensorflow.org/data/heart.csv', 'applied-dl/heart.csv')),
    # TensorFlow's guide on custom training: 120 flowers to train, 30 to test, 4 features and the class.
    PublicTable('iris_training.csv', 120, 5, header=('120', '4', 'setosa', 'versicolor', 'virginica')),
    PublicTable('iris_test.csv', 30, 5, header=('30', '4', 'setosa', 'versicolor', 'virginica')),
    # Keras' examples of translation: 118,964 pairs of an English and a Spanish sentence.
    PublicTable('spa.txt', 118_964, 2, '\t', addresses=('spa-eng/spa.txt',)),
)  # fmt: skip

#: All of `karpathy/char-rnn`'s "tiny Shakespeare": nanoGPT's `data/shakespeare_char` and TensorFlow's "Text generation
#: with an RNN" print 1,115,394 characters, 65 different ones.
_SHAKESPEARE = '\n !$&\',-.3:;?' + string.ascii_letters
_TINY = ('tensorflow.org/data/shakespeare.txt', 'tinyshakespeare/input.txt', 'homl.info/shakespeare')

TEXTS: tuple[PublicText, ...] = (
    PublicText('tinyshakespeare.txt', 1_115_394, _SHAKESPEARE, addresses=_TINY),
    # Keras' example "Character-level text generation with LSTM": 600,893 characters, in lower case 57 different ones.
    PublicText('nietzsche.txt', 600_893, lowered='\n !"\'(),-.0123456789:;=?[]_' + string.ascii_lowercase + 'äæéë'),
)  # fmt: skip

_ALL: tuple[PublicData, ...] = (*TABLES, *TEXTS)
_PACKED = ('.zip', '.gz', '.tgz', '.tar')


def known_file(place: str) -> PublicData | None:
    """The public data behind a path or an address, None where there is none of that name."""
    place = place.replace('\\', '/').partition('?')[0].lower()
    for ending in _PACKED:
        place = place.removesuffix(ending)
    name = place.rpartition('/')[2]
    for data in _ALL:
        if any(place.endswith(address) for address in data.addresses):
            return data
        if name == data.name.lower() and (not data.addresses or isinstance(data, PublicText)):
            return data
    return None
