"""The loader's inner modules that user code reaches into."""

from . import collate

__all__ = ['collate']
