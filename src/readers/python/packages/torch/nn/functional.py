"""`torch.nn.functional`: the functions of `_functional`, under one name."""

from __future__ import annotations

from typing import Any, Callable

from gradient_lens.errors import UnsupportedOp

from .._ops import creation, rearranging
from .._tensor import Tensor
from ._functional import activations, attention, convolutions, images, losses, normalisation, pooling
from ._functional import dropout as _dropout
from ._functional import linear as _linear

_FUNCTIONS: dict[Any, str] = {
    creation: 'one_hot',
    rearranging: 'channel_shuffle pixel_shuffle pixel_unshuffle',
    activations: 'celu elu gelu glu gumbel_softmax hardshrink hardsigmoid hardswish hardtanh leaky_relu log_softmax '
    'logsigmoid mish normalize prelu relu relu6 rrelu selu sigmoid silu softmax softmin softplus '
    'softshrink softsign tanh tanhshrink threshold',
    attention: 'scaled_dot_product_attention',
    convolutions: 'conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d fold unfold',
    _dropout: 'alpha_dropout dropout dropout1d dropout2d dropout3d feature_alpha_dropout',
    images: 'affine_grid grid_sample interpolate pad upsample upsample_bilinear upsample_nearest',
    _linear: 'bilinear embedding embedding_bag linear',
    losses: 'binary_cross_entropy binary_cross_entropy_with_logits cosine_embedding_loss cross_entropy ctc_loss '
    'gaussian_nll_loss hinge_embedding_loss huber_loss kl_div l1_loss margin_ranking_loss mse_loss '
    'multi_margin_loss multilabel_margin_loss multilabel_soft_margin_loss nll_loss poisson_nll_loss '
    'smooth_l1_loss soft_margin_loss triplet_margin_loss',
    normalisation: 'batch_norm cosine_similarity group_norm instance_norm layer_norm local_response_norm '
    'pairwise_distance rms_norm',
    pooling: 'adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool1d adaptive_max_pool2d '
    'adaptive_max_pool3d avg_pool1d avg_pool2d avg_pool3d lp_pool1d lp_pool2d max_pool1d max_pool2d '
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


for _name in 'relu leaky_relu elu selu celu hardtanh threshold rrelu'.split():
    globals()[f'{_name}_'] = _writing(getattr(activations, _name))


def __getattr__(name: str) -> Any:
    if name.startswith('_'):
        raise AttributeError(f"module 'torch.nn.functional' has no attribute {name!r}")

    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise UnsupportedOp(f'torch.nn.functional.{name}')

    return refuse
