"""The loader under the name of its module."""

from ._collate import default_collate
from ._loader import DataLoader, get_worker_info

__all__ = ['DataLoader', 'default_collate', 'get_worker_info']
