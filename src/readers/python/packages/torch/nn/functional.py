"""`torch.nn.functional`."""

from __future__ import annotations

from typing import Any, Callable

from gradient_lens.errors import UnsupportedOp

from .._ops.creation import one_hot
from .._ops.shaping import channel_shuffle, pixel_shuffle, pixel_unshuffle
from .._tensor import Tensor
from ._functional.activations import (
    celu,
    elu,
    gelu,
    glu,
    gumbel_softmax,
    hardshrink,
    hardsigmoid,
    hardswish,
    hardtanh,
    leaky_relu,
    log_softmax,
    logsigmoid,
    mish,
    normalize,
    prelu,
    relu,
    relu6,
    rrelu,
    selu,
    sigmoid,
    silu,
    softmax,
    softmin,
    softplus,
    softshrink,
    softsign,
    tanh,
    tanhshrink,
    threshold,
)
from ._functional.attention import scaled_dot_product_attention
from ._functional.convolutions import (
    conv1d,
    conv2d,
    conv3d,
    conv_transpose1d,
    conv_transpose2d,
    conv_transpose3d,
    fold,
    unfold,
)
from ._functional.dropout import alpha_dropout, dropout, dropout1d, dropout2d, dropout3d, feature_alpha_dropout
from ._functional.images import (
    affine_grid,
    grid_sample,
    interpolate,
    pad,
    upsample,
    upsample_bilinear,
    upsample_nearest,
)
from ._functional.linear import bilinear, embedding, embedding_bag, linear
from ._functional.losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cosine_embedding_loss,
    cross_entropy,
    ctc_loss,
    gaussian_nll_loss,
    hinge_embedding_loss,
    huber_loss,
    kl_div,
    l1_loss,
    margin_ranking_loss,
    mse_loss,
    multi_margin_loss,
    multilabel_margin_loss,
    multilabel_soft_margin_loss,
    nll_loss,
    poisson_nll_loss,
    smooth_l1_loss,
    soft_margin_loss,
    triplet_margin_loss,
)
from ._functional.normalisation import (
    batch_norm,
    cosine_similarity,
    group_norm,
    instance_norm,
    layer_norm,
    local_response_norm,
    pairwise_distance,
    rms_norm,
)
from ._functional.pooling import (
    adaptive_avg_pool1d,
    adaptive_avg_pool2d,
    adaptive_avg_pool3d,
    adaptive_max_pool1d,
    adaptive_max_pool2d,
    adaptive_max_pool3d,
    avg_pool1d,
    avg_pool2d,
    avg_pool3d,
    lp_pool1d,
    lp_pool2d,
    max_pool1d,
    max_pool2d,
    max_pool3d,
)


def _writing(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """`relu_` and its kin write into their input."""

    def in_place(input: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        return function(input, *args, inplace=True, **kwargs)

    return in_place


relu_, leaky_relu_, elu_, selu_, celu_, hardtanh_, threshold_, rrelu_ = (
    _writing(function) for function in (relu, leaky_relu, elu, selu, celu, hardtanh, threshold, rrelu)
)


def __getattr__(name: str) -> Any:
    if name.startswith('_'):
        raise AttributeError(f"module 'torch.nn.functional' has no attribute {name!r}")

    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise UnsupportedOp(f'torch.nn.functional.{name}')

    return refuse


__all__ = [name for name in globals() if not name.startswith('_')]
