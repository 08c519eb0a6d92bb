"""The same under another name."""

from . import __getattr__ as __getattr__
