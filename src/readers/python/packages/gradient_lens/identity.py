"""What tells objects apart, whatever their classes make of `==` and `hash`."""

from collections.abc import Callable

#: A number that is an object's own as long as it lives, as `id`, which also raises an audit event each time (PEP 578).
identity: Callable[[object], int] = object.__hash__
