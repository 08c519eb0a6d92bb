"""`default_collate` under the name of its module."""

from .._collate import default_collate

__all__ = ['default_collate']
