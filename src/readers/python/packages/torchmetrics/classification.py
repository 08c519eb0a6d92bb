"""Metrics of classifiers."""

from . import __getattr__ as __getattr__
