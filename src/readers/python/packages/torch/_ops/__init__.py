"""Ops of `torch` and of its tensors, by idea. `_binding` makes methods and in-place forms of them."""
