"""A layer whose kernel is divided by its largest singular value (Miyato et al. 2018, arXiv:1802.05957)."""

from __future__ import annotations

from typing import Any

from gradient_lens import primitives as p
from gradient_lens.errors import BadArgument
from gradient_lens.session import session
from gradient_lens.value import Value

from .. import initializers
from .._context import context
from .._ops.elementwise import stop_gradient
from .._ops.reductions import l2_normalize
from .._tensor import read, value_of, wrap
from .layer import Layer

#: Rounds from the first vector on. Keras makes `power_iterations` a step, and carries the vector on from step to step.
_ROUNDS = 15


def _fixed(value: Value) -> Value:
    return value_of(stop_gradient(wrap(value)))


def _unit(value: Value) -> Value:
    return value_of(l2_normalize(wrap(value)))


class SpectralNormalization(Layer):
    """Before each training step Keras writes the normalised kernel over the kernel; its gradient is that of the kernel so written."""

    supports_masking = True

    def __init__(self, layer: Any, power_iterations: int = 1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not isinstance(layer, Layer):
            raise BadArgument(f'`SpectralNormalization` wraps a `keras.layers.Layer`. Received: {layer!r}')
        if power_iterations <= 0:
            raise BadArgument(f'`power_iterations` should be greater than zero. Received: {power_iterations}')
        self.layer, self.power_iterations = layer, int(power_iterations)

    def build(self, input_shape: Any) -> None:
        inner = self.layer
        if not inner.built:
            with context.inside(inner.name):
                inner.build(input_shape)
                inner.built = True
        self._of = next((name for name in ('kernel', 'embeddings') if hasattr(inner, name)), '')
        if not self._of:
            raise BadArgument(f'`{type(inner).__name__}` has no attribute `kernel` nor `embeddings`, which `SpectralNormalization` needs')
        columns = read(getattr(inner, self._of)).shape[-1]
        self.vector_u = self.add_weight(
            (1, columns), initializers.get('truncated_normal'), name='vector_u', trainable=False
        )
        self.built = True

    def call(self, inputs: Any, training: Any = None) -> Any:
        if not training:
            return self.layer(inputs)
        held = self.layer.__dict__
        kept = held[self._of]
        held[self._of] = wrap(self._normalised(read(kept)))
        try:
            return self.layer(inputs)
        finally:
            held[self._of] = kept

    def _normalised(self, kernel: Value) -> Value:
        """kernel / (v W u^T) for what is computed, with the gradient of the kernel itself."""
        if session.recorder is not None:
            session.recorder.guess(
                'The singular vectors of `SpectralNormalization` are found anew in each step; Keras carries them over, so its '
                'first steps divide by a slightly smaller number.',
                self._span,
            )
        columns = kernel.shape[-1]
        fixed = _fixed(kernel)
        matrix = p.reshape(fixed, (kernel.size // columns, columns))
        u = v = read(self.vector_u)
        for _ in range(max(self.power_iterations, _ROUNDS)):
            v = _unit(p.matmul(u, matrix, False, True))
            u = _unit(p.matmul(v, matrix))
        sigma = p.reshape(p.matmul(p.matmul(v, matrix), u, False, True), ())
        change = p.binary('sub', p.binary('div', fixed, sigma), fixed)
        return p.binary('add', kernel, _fixed(change))
