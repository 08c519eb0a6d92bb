"""Arrays from files. Only of files that everybody knows is their size known here."""

from __future__ import annotations

from typing import Any

from gradient_lens.inert import Inert, first_inert
from gradient_lens.public.readers import size_read

from ._array import ndarray


def loadtxt(
    fname: Any, dtype: Any = float, comments: Any = '#', delimiter: Any = None, converters: Any = None, skiprows: int = 0,
    usecols: Any = None, unpack: bool = False, ndmin: int = 0, **options: Any,
) -> Any:  # fmt: skip
    unknown = first_inert((skiprows, usecols, unpack, options.get('max_rows')))
    size = None if unknown is not None or options.get('max_rows') is not None else size_read(fname, skiprows, usecols)
    if size is None:
        return Inert('numpy.loadtxt(...)')
    return ndarray._make(size[::-1] if unpack else size, 'float', None)


def genfromtxt(
    fname: Any, dtype: Any = float, comments: Any = '#', delimiter: Any = None, skip_header: int = 0, skip_footer: int = 0, *arguments: Any,
    **options: Any,
) -> Any:  # fmt: skip
    if options.get('names') is not None or dtype is None or options.get('max_rows') is not None or skip_footer or arguments:
        # Rows of records, or what the positions say.
        return Inert('numpy.genfromtxt(...)')
    found = loadtxt(fname, dtype, comments, delimiter, None, skip_header, options.get('usecols'), bool(options.get('unpack')))
    return Inert('numpy.genfromtxt(...)') if isinstance(found, Inert) else found
