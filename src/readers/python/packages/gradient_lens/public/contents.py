"""The contents of a public file: how long it is and how its parts lie is known, what stands in them is not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from ..inert import Inert, UnknownValue, inert_label
from ..repetition import OneItem
from ..spans import here
from .facts import PublicTable, PublicText


class Field(Inert):
    """One field of a row. What hangs on it is one of many."""

    def __init__(self, label: str) -> None:
        super().__init__(label, repeats=True)


class Fields(Inert):
    """The fields of a row, each unknown."""

    _count: int

    def __init__(self, label: str, count: int) -> None:
        super().__init__(label, repeats=True)
        object.__setattr__(self, '_count', count)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Any]:
        return iter([Field(f'{inert_label(self)}[{i}]') for i in range(self._count)])

    def __getitem__(self, key: object) -> Any:
        if isinstance(key, slice):
            return Fields(f'{inert_label(self)}[...]', len(range(self._count)[key]))
        if isinstance(key, int):
            range(self._count)[key]
        return Field(f'{inert_label(self)}[{key!r}]')


class Row(Field):
    """One line of a table, unread."""

    _table: PublicTable

    def __init__(self, table: PublicTable) -> None:
        super().__init__(f'a row of {table.name}')
        object.__setattr__(self, '_table', table)

    def split(self, sep: Any = None, maxsplit: int = -1) -> Any:
        # White space parts what tabs part, for no field of such a table holds any.
        parts = (None, '\t') if self._table.separator == '\t' and self._table.columns != 2 else (self._table.separator,)
        if maxsplit < 0 and sep in parts:
            return Fields(inert_label(self), self._table.columns)
        return Field(f'{inert_label(self)}.split(...)')

    def strip(self, *_: Any) -> Any:
        return self

    rstrip = lstrip = decode = encode = lower = strip


class Lines(Inert):
    """Lines of a table, or some of them in order; the first of the file may be its header."""

    _table: PublicTable
    _numbers: range
    _row: Row

    def __init__(self, table: PublicTable, numbers: range | None = None) -> None:
        super().__init__(f'lines of {table.name}')
        object.__setattr__(self, '_table', table)
        object.__setattr__(self, '_row', Row(table))
        object.__setattr__(self, '_numbers', range(table.lines) if numbers is None else numbers)

    def __len__(self) -> int:
        return len(self._numbers)

    def _line(self, number: int) -> Any:
        return self._table.header_line if number == 0 and self._table.header else self._row

    def __iter__(self) -> Iterator[Any]:
        header = [self._line(0)] if self._table.header and self._numbers[:1] == range(1) else []
        if len(self._numbers) == len(header):
            return iter(header)
        return chain(header, OneItem(self._row, inert_label(self), here()))

    def __getitem__(self, key: object) -> Any:
        if isinstance(key, slice):
            return Lines(self._table, self._numbers[key])
        return self._line(self._numbers[key]) if isinstance(key, int) else self._row

    def __delitem__(self, key: object) -> None:
        object.__setattr__(self, '_numbers', self._without(key))

    def _without(self, key: object) -> range:
        count = len(self._numbers)
        if isinstance(key, slice) and key.step in (None, 1):
            taken = range(count)[key]
            if taken.start == 0 or taken.stop == count:
                return self._numbers[taken.stop :] if taken.start == 0 else self._numbers[: taken.start]
        if isinstance(key, int) and key in (0, -1, count - 1):
            return self._numbers[1:] if key == 0 else self._numbers[:-1]
        raise UnknownValue(inert_label(self), 'such part')

    def pop(self, index: int = -1) -> Any:
        taken = self[index]
        del self[index]
        return taken

    def append(self, *_: Any) -> None:
        raise UnknownValue(inert_label(self), 'room for more')

    extend = insert = remove = append


class TableText(Inert):
    """A table as one text."""

    _table: PublicTable

    def __init__(self, table: PublicTable) -> None:
        super().__init__(f'the text of {table.name}')
        object.__setattr__(self, '_table', table)

    def split(self, sep: Any = None, maxsplit: int = -1) -> Any:
        if sep == '\n' and maxsplit < 0:
            return Lines(self._table)
        return Inert(f'{inert_label(self)}.split(...)')

    def splitlines(self, *_: Any) -> Any:
        return Lines(self._table)

    def strip(self, *_: Any) -> Any:
        return self

    rstrip = lstrip = decode = encode = strip


class PlainText(Inert):
    """A plain text. Going through it gives the characters that the file has, in an order that says nothing.

    Its length is not told: a loop over all places in it would take as long as with the file, and show nothing.
    """

    _characters: str
    _text: PublicText

    def __init__(self, text: PublicText, characters: str) -> None:
        super().__init__(f'the text of {text.name}')
        object.__setattr__(self, '_text', text)
        object.__setattr__(self, '_characters', characters)

    def __iter__(self) -> Iterator[Any]:
        if not self._characters:
            return super().__iter__()
        whole, rest = divmod(self._text.length, len(self._characters))
        return iter(self._characters * whole + self._characters[:rest])

    def __contains__(self, item: object) -> bool:
        return isinstance(item, str) and bool(item) and item in self._characters

    def lower(self) -> Any:
        return PlainText(self._text, self._text.lowered or ''.join(dict.fromkeys(self._characters.lower())))

    casefold = lower

    def decode(self, *_: Any, **__: Any) -> Any:
        return self
