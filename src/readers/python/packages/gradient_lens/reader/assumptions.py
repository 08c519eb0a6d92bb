"""What is assumed for an argument that nothing in the file gives, by its name. Every use is marked as a guess."""

from __future__ import annotations

import inspect
import re
from typing import Any

#: The names that fields use, and a value that makes a small but ordinary model.
_BY_NAME: tuple[tuple[str, Any], ...] = (
    (r'(num_?|n_?)?(class(es)?|categories|labels?|targets?)(_?(num|count|size))?|n_?cls|nclass(es)?|num_?out(puts?)?', 10),
    (r'(output|out)_?(size|dim|features?)|(d|dim)_?out(put)?|n_?out(puts?)?|(n|num)_?outputs?|(action|act)_?(dim|size|n)|(n|num)_?actions?', 10),
    (r'(in|input|img|image|num|n|num_input|input_img)?_?(channels?|chans?|ch)(_?in)?|in_?planes|c_?in|nc|inp', 3),
    (r'(vocab(ulary)?|dict(ionary)?)(_?size|_?len)?|n_?(vocab|tokens?|words)|num_?(embeddings?|tokens?|words)|words|ntokens?', 1000),
    (r'(src|tgt|source|target|input|output|trg)_?(vocab(_?size)?|words|tokens)', 1000),
    (r'dims?|(d|dim)_?model|(n_?)?emb(ed(ding)?)?(s)?(_?(dim|size))?|emb_?d(im)?|n_?embd|ninp|width|model_?dim|feature_?dim', 64),
    (r'(n_?|num_?)?hid(den)?(s)?(_?(size|dim|units?|features?|channels?|layer_?size))?|h_?dim|nhid|d_?(ff|hid|inner)', 64),
    (r'(out|mid)_?(channels?|ch|planes)|planes|c_?out|(n_?|num_?)?filters|base(_?(channels?|width|filters))?|ngf|ndf', 32),
    (r'(n_?|num_?)?(in(put)?s?|features?|inputs?|obs(ervation)?|state|x)(_?(size|dim|features?|shape_?dim))?|n_?in|in_?dim|(d|dim)_?in(put)?', 16),
    (r'(latent|z|noise|code)_?(dim|size)?|nz', 32),
    (r'(n|num)_?(layers?|blocks?|stages?|stacks?)|layers|blocks|stages|stacks|depth', 2),
    (r'(n_?|num_?)?(attn_?|attention_?)?heads?|nheads?', 4),
    (r'(dim_?|d_?)head|head_?dim|(dim_?|d_?)[kvq]', 16),
    (r'kernel(_?size)?|ksize|k', 3),
    (r'strides?|dilation|groups', 1),
    (r'(attn_?|att_?|drop_?path_?|feat_?)?drop(out)?(_?(rate|prob|p))?|p', 0.1),
    (r'(seq|block|context|max|max_?seq|sequence|max_?position)_?(len(gth)?|size|embeddings)|seq_?len|window', 32),
    (r'(image|img|input|im)_?(size|res(olution)?|h(eight)?|w(idth)?)|resolution|im_?size|height|width', 32),
    (r'(num_?|n_?|max_?)?frames?|(num_?|n_?)?(views?|slots|tasks)', 4),
    (r'frame_?patch(_?size)?', 2),
    (r'(image_?|img_?)?patch(_?size)?(_?(h|w|height|width))?', 8),
    (r'(mlp|ff|ffn|dim_?feed_?forward|feed_?forward)_?(dim|size|hidden)?|dim_?feedforward', 128),
    (r'mlp_?ratio|expansion(_?(ratio|factor))?|expand_?ratio|width_?mult(iplier)?', 2),
    (r'bias|use_?\w+|batch_?first|norm|with_?\w+', True),
    (r'devices?', 'cpu'),
    (r'(act(ivation)?|nonlinearity)(_?(fn|func|function|name))?', 'relu'),
    (r'negative_?slope|alpha', 0.2),
    (r'eps(ilon)?', 1e-5),
    (r'momentum', 0.1),
)
_COMPILED = tuple((re.compile(pattern), value) for pattern, value in _BY_NAME)


def assumed_value(parameter: inspect.Parameter) -> Any:
    """A plausible value for a constructor's parameter.

    Raises:
        KeyError: where its name says nothing.
    """
    name = parameter.name.strip('_').lower()
    # `inChannels` and `in_channels` are one name.
    snake = re.sub(r'(?<=[a-z])(?=[A-Z])', '_', parameter.name).strip('_').lower()
    wanted = _wanted_type(parameter.annotation)
    for candidate in (snake, name):
        for pattern, value in _COMPILED:
            if pattern.fullmatch(candidate) and _suits(value, wanted):
                return value
    raise KeyError(parameter.name)


def _wanted_type(annotation: Any) -> str | None:
    text = annotation if isinstance(annotation, str) else getattr(annotation, '__name__', None)
    return text if text in ('int', 'float', 'bool', 'str') else None


def _suits(value: Any, wanted: str | None) -> bool:
    if wanted is None:
        return True
    if wanted == 'float':
        return type(value) in (int, float)
    return type(value).__name__ == wanted
