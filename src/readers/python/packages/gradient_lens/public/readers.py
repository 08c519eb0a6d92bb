"""What reads tables: `csv`, `numpy.loadtxt` and its like, told the size of a public file in place of its contents."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import chain
from typing import Any

from ..inert import Inert
from ..repetition import OneItem
from ..spans import here
from .contents import Field, Fields
from .facts import PublicTable
from .files import PublicFile, public_data

_reader, _records = csv.reader, csv.DictReader


def table_of(source: Any) -> PublicTable | None:
    """The public table that a path, an address or an open file stands for."""
    data = source.data if isinstance(source, PublicFile) else public_data(source)
    return data if isinstance(data, PublicTable) else None


def csv_reader(source: Any, *arguments: Any, **options: Any) -> Any:
    """`csv.reader`"""
    if isinstance(source, PublicFile) and isinstance(source.data, PublicTable):
        return _Rows(source.data)
    return Inert('csv.reader(...)') if isinstance(source, Inert) else _reader(source, *arguments, **options)


def csv_records(source: Any, *arguments: Any, **options: Any) -> Any:
    """`csv.DictReader`"""
    if isinstance(source, PublicFile) or isinstance(source, Inert):
        return Inert('csv.DictReader(...)')
    return _records(source, *arguments, **options)


class _Rows:
    """Rows of a table as lists of fields, the header first."""

    def __init__(self, table: PublicTable) -> None:
        self._row = Fields(f'a row of {table.name}', table.columns)
        self._header = [list(table.header)] if table.header else []
        self._name = table.name
        self.line_num = 0

    def __iter__(self) -> Iterator[Any]:
        header, self._header = self._header, []
        return chain(header, OneItem(self._row, self._name, here()))

    def __next__(self) -> Any:
        return self._header.pop() if self._header else self._row


def size_read(source: Any, skipped: int, columns: Any) -> tuple[int, ...] | None:
    """Rows and columns of a public table without its first lines; `columns` are those that are kept."""
    table = table_of(source)
    if table is None:
        return None
    rows = table.lines - skipped
    if columns is None:
        return (rows, table.columns)
    if isinstance(columns, int):
        return (rows,)
    return None if isinstance(columns, (Inert, Field)) else (rows, len(list(columns)))
