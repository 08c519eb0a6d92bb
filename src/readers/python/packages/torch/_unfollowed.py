"""Names of PyTorch that are known here and not followed."""

#: Functions of `torch`.
FUNCTIONS = """
    affine_grid_generator bincount binomial bitwise_left_shift bitwise_right_shift cholesky cholesky_inverse
    cholesky_solve corrcoef cov cumulative_trapezoid det digamma fake_quantize_per_channel_affine
    fake_quantize_per_tensor_affine frexp frobenius_norm gcd geqrf gradient grid_sampler grid_sampler_2d grid_sampler_3d
    gru gru_cell histc histogram histogramdd i0 igamma igammac index_reduce inverse isin lcm lgamma lobpcg logdet lstm
    lstm_cell lu lu_solve lu_unpack matrix_exp mode mvlgamma nanmean nanmedian nanquantile nextafter norm_except_dim
    nuclear_norm orgqr ormqr pca_lowrank pinverse polygamma qr quantize_per_channel quantize_per_tensor renorm rnn_relu
    rnn_relu_cell rnn_tanh rnn_tanh_cell segment_reduce slogdet svd svd_lowrank triangular_solve vander
"""
#: Functions of `torch` that make or take complex numbers.
COMPLEX = 'istft'
#: Functions of `torch` that make a function of a function.
TRANSFORMS = 'vmap cond while_loop'
#: Methods of tensors.
METHODS = frozenset(
    """
    align_as align_to apply_ as_strided as_strided_ as_strided_scatter as_subclass bincount bitwise_left_shift
    bitwise_left_shift_ bitwise_right_shift bitwise_right_shift_ ccol_indices cdouble cfloat chalf cholesky
    cholesky_inverse cholesky_solve col_indices conj_physical_ corrcoef cov crow_indices
    dense_dim dequantize det diagonal_scatter digamma digamma_ eig erfinv_ frexp gcd gcd_ geqrf hardshrink histc
    histogram i0 i0_ igamma igamma_ igammac igammac_ index_fill index_put index_reduce index_reduce_ indices int_repr
    inverse is_coalesced istft lcm lcm_ lgamma lgamma_ logdet lstsq lu lu_solve map2_ map_ matrix_exp mode multinomial
    mvlgamma mvlgamma_ nanmean nanmedian nanquantile narrow_copy new_empty_strided nextafter nextafter_ nonzero orgqr ormqr
    pinverse polygamma polygamma_ prelu put put_ q_per_channel_axis q_per_channel_scales q_per_channel_zero_points q_scale
    q_zero_point qr qscheme refine_names reinforce rename rename_ renorm renorm_ resize resize_ resize_as resize_as_
    resize_as_sparse_ resolve_neg row_indices slogdet smm solve sparse_dim sparse_mask sparse_resize_
    sparse_resize_and_clear_ sspaddmm storage storage_type svd symeig to_mkldnn to_padded_tensor
    to_sparse_bsc to_sparse_bsr triangular_solve untyped_storage values
    """.split()
)
