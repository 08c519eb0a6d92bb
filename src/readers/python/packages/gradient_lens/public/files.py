"""Opens public data files that are not here, and remembers where a download would have put them."""

from __future__ import annotations

import builtins
import os
from collections.abc import Iterator
from typing import Any

from ..inert import Inert
from ..session import session
from .contents import Lines, PlainText, Row, TableText
from .facts import PublicData, PublicTable, known_file

_DOWNLOADS = '/downloads/'


class Place(str):
    """Where a download would lie: a path that still tells where it comes from."""

    origin: str

    def __new__(cls, path: str, origin: str) -> Place:
        made = super().__new__(cls, path)
        made.origin = origin
        return made


def downloaded(name: Any, origin: Any) -> Any:
    """`get_file(name, origin)`: a path, or something unknown where neither is known."""
    if not isinstance(origin, str):
        return Inert('get_file(...)')
    name = name if isinstance(name, (str, os.PathLike)) else origin.rpartition('/')[2]
    return Place(_DOWNLOADS + os.fspath(name).lstrip('/'), origin)


def public_data(place: Any) -> PublicData | None:
    """The public data of a path or address that the user's code gives. It is noted as used."""
    if isinstance(place, Inert) or not isinstance(place, (str, os.PathLike)):
        return None
    found = known_file(place.origin) if isinstance(place, Place) else None
    found = found or known_file(os.fspath(place) if not isinstance(place, str) else place)
    if found is not None and found not in session.public_data:
        session.public_data.append(found)
    return found


def open_file(file: Any, mode: str = 'r', *arguments: Any, **options: Any) -> Any:
    """`open`, which for a public file that is not here gives what is known of it."""
    try:
        return builtins.open(file, mode, *arguments, **options)
    except FileNotFoundError:
        data = public_data(file) if 'r' in mode and '+' not in mode else None
        if data is None:
            raise
        return PublicFile(data)


class PublicFile:
    """An open public file."""

    def __init__(self, data: PublicData) -> None:
        self.data = data
        self.name = data.name
        self.closed = False
        self._line = 0

    def read(self, *size: Any) -> Any:
        if size and size[0] not in (-1, None):
            return Inert(f'part of {self.name}')
        return TableText(self.data) if isinstance(self.data, PublicTable) else PlainText(self.data, self.data.characters)

    def _rest(self) -> Any:
        return Lines(self.data)[self._line :] if isinstance(self.data, PublicTable) else Inert(f'lines of {self.name}')

    def readlines(self, *_: Any) -> Any:
        return self._rest()

    def readline(self, *_: Any) -> Any:
        if not isinstance(self.data, PublicTable):
            return Inert(f'a line of {self.name}')
        self._line += 1
        return self.data.header_line + '\n' if self._line == 1 and self.data.header else Row(self.data)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rest())

    def __next__(self) -> Any:
        return self.readline()

    def seek(self, *_: Any) -> int:
        self._line = 0
        return 0

    def close(self) -> None:
        self.closed = True

    def __enter__(self) -> PublicFile:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
