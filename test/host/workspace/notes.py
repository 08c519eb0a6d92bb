"""Python without a model: nothing is diagnosed here."""

ANSWER = 42
