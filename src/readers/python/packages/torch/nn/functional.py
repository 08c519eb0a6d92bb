"""`torch.nn.functional`: the functions of `_functional`, under one name."""

from __future__ import annotations

from typing import Any, Callable

from gradient_lens.errors import UnsupportedOp

from .._ops import creation, further, rearranging
from .._tensor import Tensor
from ._functional import activations, attention, convolutions, heads, images, losses, margins, normalisation, pooling, sampling, unpooling
from ._functional import dropout as _dropout
from ._functional import linear as _linear

_FUNCTIONS: dict[Any, str] = {
    creation: 'one_hot',
    rearranging: 'channel_shuffle pixel_shuffle pixel_unshuffle',
    activations: 'celu elu gelu glu gumbel_softmax hardshrink hardsigmoid hardswish hardtanh leaky_relu log_softmax '
    'logsigmoid mish normalize prelu relu relu6 rrelu selu sigmoid silu softmax softmin softplus '
    'softshrink softsign tanh tanhshrink threshold',
    attention: 'scaled_dot_product_attention',
    heads: 'multi_head_attention_forward',
    convolutions: 'conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d fold unfold',
    _dropout: 'alpha_dropout dropout dropout1d dropout2d dropout3d feature_alpha_dropout',
    images: 'interpolate pad upsample upsample_bilinear upsample_nearest',
    sampling: 'affine_grid grid_sample',
    unpooling: 'max_unpool1d max_unpool2d max_unpool3d',
    _linear: 'bilinear embedding embedding_bag linear',
    losses: 'binary_cross_entropy binary_cross_entropy_with_logits cross_entropy huber_loss l1_loss mse_loss nll_loss '
    'smooth_l1_loss',
    margins: 'cosine_embedding_loss ctc_loss gaussian_nll_loss hinge_embedding_loss kl_div margin_ranking_loss '
    'multi_margin_loss multilabel_margin_loss multilabel_soft_margin_loss poisson_nll_loss soft_margin_loss '
    'triplet_margin_loss triplet_margin_with_distance_loss',
    normalisation: 'batch_norm cosine_similarity group_norm instance_norm layer_norm local_response_norm '
    'pairwise_distance rms_norm',
    pooling: 'adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool1d adaptive_max_pool2d '
    'adaptive_max_pool3d avg_pool1d avg_pool2d avg_pool3d lp_pool1d lp_pool2d lp_pool3d max_pool1d max_pool2d '
    'max_pool3d',
}
for _module, _names in _FUNCTIONS.items():
    for _name in _names.split():
        globals()[_name] = getattr(_module, _name)


def _writing(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """`relu_` and its kin write into their input."""

    def in_place(input: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        return function(input, *args, inplace=True, **kwargs)

    return in_place


def _with_indices(function: Callable[..., Any]) -> Callable[..., Any]:
    def pooled(input: Tensor, *args: Any, **kwargs: Any) -> Any:
        return function(input, *args, **{**kwargs, 'return_indices': True})

    return pooled


for _name in 'max_pool1d max_pool2d max_pool3d adaptive_max_pool1d adaptive_max_pool2d adaptive_max_pool3d'.split():
    globals()[f'{_name}_with_indices'] = _with_indices(getattr(pooling, _name))
for _name in 'relu leaky_relu elu selu celu hardtanh threshold rrelu'.split():
    globals()[f'{_name}_'] = _writing(getattr(activations, _name))


def conv_tbc(input: Any, weight: Any, bias: Any, pad: int = 0) -> Any:
    """Time first: [T, N, in] by weight [kernel, in, out]."""
    out: Any = convolutions.conv1d(input.permute(1, 2, 0), weight.permute(2, 1, 0), bias, padding=pad)
    return out.permute(2, 0, 1)


pdist = further.pdist


def __getattr__(name: str) -> Any:
    if name.startswith('_'):
        raise AttributeError(f"module 'torch.nn.functional' has no attribute {name!r}")

    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise UnsupportedOp(f'torch.nn.functional.{name}')

    return refuse
