"""Public names of PyTorch by what becomes of them here: read, or refused by name in a forward pass."""

NN_READ = """
    AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d AdaptiveLogSoftmaxWithLoss AdaptiveMaxPool1d
    AdaptiveMaxPool2d AdaptiveMaxPool3d AlphaDropout AvgPool1d AvgPool2d AvgPool3d BCELoss BCEWithLogitsLoss
    BatchNorm1d BatchNorm2d BatchNorm3d Bilinear CELU CTCLoss ChannelShuffle ConstantPad1d ConstantPad2d
    ConstantPad3d Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d CosineEmbeddingLoss
    CosineSimilarity CrossEntropyLoss CrossMapLRN2d DataParallel Dropout Dropout1d Dropout2d Dropout3d ELU
    Embedding EmbeddingBag FeatureAlphaDropout Flatten Fold GELU GLU GRU GRUCell GaussianNLLLoss GroupNorm
    Hardshrink Hardsigmoid Hardswish Hardtanh HingeEmbeddingLoss HuberLoss Identity InstanceNorm1d
    InstanceNorm2d InstanceNorm3d KLDivLoss L1Loss LPPool1d LPPool2d LSTM LSTMCell LayerNorm LazyBatchNorm1d
    LazyBatchNorm2d LazyBatchNorm3d LazyConv1d LazyConv2d LazyConv3d LazyConvTranspose1d LazyConvTranspose2d
    LazyConvTranspose3d LazyInstanceNorm1d LazyInstanceNorm2d LazyInstanceNorm3d LazyLinear LeakyReLU Linear
    LocalResponseNorm LogSigmoid LogSoftmax MSELoss MarginRankingLoss MaxPool1d MaxPool2d MaxPool3d
    MaxUnpool1d MaxUnpool2d MaxUnpool3d Mish Module ModuleDict ModuleList MultiLabelMarginLoss
    MultiLabelSoftMarginLoss MultiMarginLoss MultiheadAttention NLLLoss NLLLoss2d PReLU PairwiseDistance
    Parameter ParameterDict ParameterList PixelShuffle PixelUnshuffle PoissonNLLLoss RNN RNNBase RNNCell
    RNNCellBase RReLU ReLU ReLU6 ReflectionPad1d ReflectionPad2d ReflectionPad3d ReplicationPad1d
    ReplicationPad2d ReplicationPad3d SELU Sequential SiLU Sigmoid SmoothL1Loss SoftMarginLoss Softmax
    Softmax2d Softmin Softplus Softshrink Softsign SyncBatchNorm Tanh Tanhshrink Threshold Transformer
    TransformerDecoder TransformerDecoderLayer TransformerEncoder TransformerEncoderLayer TripletMarginLoss
    TripletMarginWithDistanceLoss Unflatten Unfold UninitializedParameter Upsample UpsamplingBilinear2d
    UpsamplingNearest2d ZeroPad2d
"""
NN_REFUSED = """
    Container FractionalMaxPool2d FractionalMaxPool3d UninitializedBuffer
"""

FUNCTIONAL_READ = """
    adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool1d
    adaptive_max_pool1d_with_indices adaptive_max_pool2d adaptive_max_pool2d_with_indices adaptive_max_pool3d
    adaptive_max_pool3d_with_indices affine_grid alpha_dropout avg_pool1d avg_pool2d avg_pool3d batch_norm
    bilinear binary_cross_entropy binary_cross_entropy_with_logits celu celu_ channel_shuffle conv1d conv2d
    conv3d conv_tbc conv_transpose1d conv_transpose2d conv_transpose3d cosine_embedding_loss cosine_similarity
    cross_entropy ctc_loss dropout dropout1d dropout2d dropout3d elu elu_ embedding embedding_bag
    feature_alpha_dropout fold gaussian_nll_loss gelu glu grid_sample group_norm gumbel_softmax hardshrink
    hardsigmoid hardswish hardtanh hardtanh_ hinge_embedding_loss huber_loss instance_norm interpolate kl_div
    l1_loss layer_norm leaky_relu leaky_relu_ linear local_response_norm log_softmax logsigmoid lp_pool1d
    lp_pool2d margin_ranking_loss max_pool1d max_pool1d_with_indices max_pool2d max_pool2d_with_indices
    max_pool3d max_pool3d_with_indices max_unpool1d max_unpool2d max_unpool3d mish mse_loss
    multi_head_attention_forward multi_margin_loss multilabel_margin_loss multilabel_soft_margin_loss nll_loss
    normalize one_hot pad pairwise_distance pdist pixel_shuffle pixel_unshuffle poisson_nll_loss prelu relu
    relu6 relu_ rrelu rrelu_ selu selu_ sigmoid silu smooth_l1_loss soft_margin_loss softmax softmin softplus
    softshrink softsign tanh tanhshrink threshold threshold_ triplet_margin_loss
    triplet_margin_with_distance_loss unfold upsample upsample_bilinear upsample_nearest
"""
FUNCTIONAL_REFUSED = """
    fractional_max_pool2d fractional_max_pool2d_with_indices fractional_max_pool3d
    fractional_max_pool3d_with_indices
"""

TORCH_READ = """
    spmm sparse_coo_tensor stft complex polar angle resolve_conj conj_physical conj imag real view_as_real view_as_complex abs abs_ absolute acos acos_ acosh acosh_ adaptive_avg_pool1d adaptive_max_pool1d add addbmm addcdiv
    addcmul addmm addmv addmv_ addr adjoint all allclose alpha_dropout amax amin aminmax any arange arccos
    arccos_ arccosh arccosh_ arcsin arcsin_ arcsinh arcsinh_ arctan arctan2 arctan_ arctanh arctanh_
    are_deterministic_algorithms_enabled argmax argmin argsort argwhere as_tensor asarray asin asin_ asinh
    asinh_ atan atan2 atan_ atanh atanh_ atleast_1d atleast_2d atleast_3d avg_pool1d baddbmm batch_norm
    bernoulli bilinear bitwise_and bitwise_not bitwise_or bitwise_xor block_diag bmm broadcast_shapes
    broadcast_tensors broadcast_to bucketize cartesian_prod cat cdist ceil ceil_ celu celu_ chain_matmul
    channel_shuffle chunk clamp clamp_ clamp_max clamp_max_ clamp_min clamp_min_ clip clip_ clone column_stack
    combinations concat concatenate constant_pad_nd conv1d conv2d conv3d conv_transpose1d conv_transpose2d
    conv_transpose3d copysign cos cos_ cosh cosh_ cosine_similarity count_nonzero cross cummax cummin cumprod
    cumsum deg2rad deg2rad_ detach detach_ diag diag_embed diagflat diagonal diff dist div divide dot dropout
    dsplit dstack einsum embedding empty empty_like eq equal erf erf_ erfc erfc_ exp exp2 exp2_ exp_ expm1
    expm1_ eye feature_alpha_dropout fill_ fix fix_ flatten flip fliplr flipud float_power floor floor_
    floor_divide fmax fmin fmod frac frac_ from_numpy full full_like gather ge ger get_default_dtype
    get_num_threads greater greater_equal group_norm gt hamming_window hann_window hardshrink heaviside hsplit
    hstack hypot index_add index_put_ index_select initial_seed inner instance_norm is_complex
    is_floating_point is_grad_enabled is_inference_mode_enabled is_nonzero is_same_size is_signed is_storage
    is_tensor isclose isfinite isinf isnan isneginf isposinf isreal kron kthvalue layer_norm ldexp ldexp_ le
    lerp less less_equal linspace load log log10 log10_ log1p log1p_ log2 log2_ log_ log_softmax logaddexp
    logaddexp2 logcumsumexp logical_and logical_not logical_or logical_xor logit logit_ logspace logsumexp lt
    manual_seed masked_fill masked_select matmul matrix_power max max_pool1d max_pool2d max_pool3d maximum
    mean median meshgrid min minimum mm moveaxis movedim msort mul multinomial multiply mv nan_to_num
    nan_to_num_ nansum narrow ne neg neg_ negative negative_ nonzero norm normal not_equal numel ones
    ones_like outer pairwise_distance pdist permute pixel_shuffle pixel_unshuffle poisson positive pow prelu
    prod promote_types quantile rad2deg rad2deg_ rand rand_like randint randint_like randn randn_like randperm
    range ravel reciprocal reciprocal_ relu relu_ remainder repeat_interleave reshape result_type roll rot90
    round round_ row_stack rrelu rrelu_ rsqrt rsqrt_ rsub save scalar_tensor scatter scatter_add
    scatter_reduce searchsorted seed select select_scatter selu selu_ set_default_dtype
    set_default_tensor_type set_deterministic_debug_mode set_float32_matmul_precision set_num_interop_threads
    set_num_threads set_printoptions sgn sigmoid sigmoid_ sign signbit sin sin_ sinc sinc_ sinh sinh_
    slice_scatter softmax sort split split_with_sizes sqrt sqrt_ square square_ squeeze stack std std_mean sub
    subtract sum swapaxes swapdims t take take_along_dim tan tan_ tanh tanh_ tensor tensor_split tensordot
    threshold threshold_ tile topk trace transpose trapezoid trapz tril tril_indices triu triu_indices
    true_divide trunc trunc_ unbind unflatten unique unique_consecutive unsafe_chunk unsafe_split
    unsafe_split_with_sizes unsqueeze use_deterministic_algorithms var var_mean vdot vsplit vstack where xlogy
    xlogy_ zero_ zeros zeros_like
"""
TORCH_REFUSED = """
    affine_grid_generator align_tensors alpha_dropout_ as_strided as_strided_ as_strided_scatter
    bartlett_window binary_cross_entropy_with_logits bincount binomial bitwise_left_shift bitwise_right_shift
    blackman_window can_cast cholesky cholesky_inverse cholesky_solve  
    conj_physical_ conv_tbc corrcoef cosine_embedding_loss cov ctc_loss cumulative_trapezoid det
    diagonal_scatter digamma dropout_ eig embedding_bag embedding_renorm_ empty_strided
    feature_alpha_dropout_ feature_dropout feature_dropout_ fill frexp frobenius_norm gcd gcd_ geqrf
    get_deterministic_debug_mode get_device get_float32_matmul_precision get_num_interop_threads get_rng_state
    gradient grid_sampler grid_sampler_2d grid_sampler_3d hinge_embedding_loss histc histogram histogramdd i0
    i0_ igamma igammac index_fill index_put index_reduce inverse is_conj
    is_deterministic_algorithms_warn_only_enabled is_distributed is_inference is_neg is_warn_always_enabled
    isin istft kaiser_window kl_div lcm lcm_ lgamma lobpcg logdet lstsq lu lu_solve lu_unpack
    margin_ranking_loss masked_scatter matrix_exp matrix_rank max_pool1d_with_indices mode mvlgamma nanmean
    nanmedian nanquantile nextafter norm_except_dim nuclear_norm orgqr ormqr pca_lowrank pinverse
    poisson_nll_loss polygamma put qr renorm resize_as_ resize_as_sparse_ resolve_neg
    segment_reduce set_flush_denormal set_rng_state set_warn_always slogdet solve svd svd_lowrank symeig
    triangular_solve triplet_margin_loss vander 
"""

TENSOR_READ = """
    stft real angle resolve_conj conj_physical conj H T abs abs_ absolute absolute_ acos acos_ acosh acosh_ add add_ addbmm addbmm_ addcdiv addcdiv_ addcmul
    addcmul_ addmm addmm_ addmv addmv_ addr addr_ adjoint all allclose amax amin aminmax any arccos arccos_
    arccosh arccosh_ arcsin arcsin_ arcsinh arcsinh_ arctan arctan2 arctan2_ arctan_ arctanh arctanh_ argmax
    argmin argsort argwhere asin asin_ asinh asinh_ atan atan2 atan2_ atan_ atanh atanh_ backward baddbmm
    baddbmm_ bernoulli bernoulli_ bfloat16 bitwise_and bitwise_and_ bitwise_not bitwise_not_ bitwise_or
    bitwise_or_ bitwise_xor bitwise_xor_ bmm bool broadcast_to byte cauchy_ ceil ceil_ char chunk clamp clamp_
    clamp_max clamp_max_ clamp_min clamp_min_ clip clip_ clone contiguous copy_ copysign copysign_ cos cos_
    cosh cosh_ count_nonzero cpu cross cuda cummax cummin cumprod cumprod_ cumsum cumsum_ data data_ptr
    deg2rad deg2rad_ detach detach_ device diag diag_embed diagflat diagonal diff dim dist div div_ divide
    divide_ dot double dsplit dtype element_size eq eq_ equal erf erf_ erfc erfc_ exp exp2 exp2_ exp_ expand
    expand_as expm1 expm1_ exponential_ fill_ fill_diagonal_ fix fix_ flatten flip fliplr flipud float
    float_power float_power_ floor floor_ floor_divide floor_divide_ fmax fmin fmod fmod_ frac frac_ gather ge
    ge_ geometric_ ger get_device grad grad_fn greater greater_ greater_equal greater_equal_ gt gt_ half
    has_names heaviside heaviside_ hsplit hypot hypot_ index_add index_add_ index_copy_ index_fill index_fill_
    index_put_ index_select inner int is_complex is_conj is_contiguous is_cpu is_cuda is_distributed
    is_floating_point is_inference is_ipu is_leaf is_meta is_mps is_neg is_nested is_nonzero is_ort is_pinned
    is_same_size is_set_to is_shared is_signed is_sparse is_sparse_csr is_xpu isclose isfinite isinf isnan
    isneginf isposinf isreal item kron kthvalue layout ldexp ldexp_ le le_ lerp lerp_ less less_ less_equal
    less_equal_ log log10 log10_ log1p log1p_ log2 log2_ log_ log_normal_ log_softmax logaddexp logaddexp2
    logcumsumexp logical_and logical_and_ logical_not logical_not_ logical_or logical_or_ logical_xor
    logical_xor_ logit logit_ logsumexp long lt lt_ mH mT masked_fill masked_fill_ masked_scatter
    masked_scatter_ masked_select matmul matrix_power max maximum mean median min minimum mm moveaxis movedim
    msort mul mul_ multinomial multiply multiply_ mv name names nan_to_num nan_to_num_ nansum narrow ndim
    ndimension ne ne_ neg neg_ negative negative_ nelement new new_empty new_full new_ones new_tensor
    new_zeros nonzero norm normal_ not_equal not_equal_ numel numpy outer output_nr permute pin_memory
    positive pow pow_ prod quantile rad2deg rad2deg_ random_ ravel reciprocal reciprocal_ record_stream
    register_hook relu relu_ remainder remainder_ repeat repeat_interleave requires_grad requires_grad_
    reshape reshape_as retain_grad retains_grad roll rot90 round round_ rsqrt rsqrt_ scatter scatter_
    scatter_add scatter_add_ scatter_reduce scatter_reduce_ select select_scatter set_ sgn sgn_ shape
    share_memory_ short sigmoid sigmoid_ sign sign_ signbit sin sin_ sinc sinc_ sinh sinh_ size slice_scatter
    softmax sort split split_with_sizes sqrt sqrt_ square square_ squeeze squeeze_ std storage_offset stride
    sub sub_ subtract subtract_ sum sum_to_size swapaxes swapaxes_ swapdims swapdims_ t t_ take take_along_dim
    tan tan_ tanh tanh_ tensor_split tile to tolist topk trace transpose transpose_ tril tril_ triu triu_
    true_divide true_divide_ trunc trunc_ type type_as unbind unflatten unfold uniform_ unique
    unique_consecutive unsafe_chunk unsafe_split unsafe_split_with_sizes unsqueeze unsqueeze_ var vdot view
    view_as volatile vsplit where xlogy xlogy_ xpu zero_ coalesce to_dense to_sparse to_sparse_coo to_sparse_csc to_sparse_csr
"""
TENSOR_REFUSED = """
    align_as align_to apply_ as_strided as_strided_ as_strided_scatter as_subclass bincount
    bitwise_left_shift bitwise_left_shift_ bitwise_right_shift bitwise_right_shift_ ccol_indices cdouble
    cfloat chalf cholesky cholesky_inverse cholesky_solve col_indices 
    conj_physical_ corrcoef cov crow_indices dense_dim det diagonal_scatter digamma digamma_ eig
    erfinv_ frexp gcd gcd_ geqrf hardshrink histc histogram i0 i0_ igamma igamma_ igammac igammac_ imag
    index_put index_reduce index_reduce_ indices inverse is_coalesced istft lcm lcm_ lgamma lgamma_ logdet
    lstsq lu lu_solve map2_ map_ matrix_exp mode mvlgamma mvlgamma_ nanmean nanmedian nanquantile
    new_empty_strided nextafter nextafter_ orgqr ormqr pinverse polygamma polygamma_ prelu put put_ qr qscheme
     refine_names reinforce rename rename_ renorm renorm_ resize resize_ resize_as resize_as_
    resize_as_sparse_ resolve_neg row_indices slogdet solve storage storage_type svd symeig
    to_padded_tensor to_sparse_bsc to_sparse_bsr
    triangular_solve values
"""
