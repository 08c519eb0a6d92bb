"""Boxes as (x1, y1, x2, y2): areas, overlaps, and the losses of them."""

from __future__ import annotations

from typing import Any

import torch
from gradient_lens.errors import BadArgument


def box_area(boxes: Any) -> Any:
    """[N, 4] to [N]."""
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])


def box_convert(boxes: Any, in_fmt: str, out_fmt: str) -> Any:
    """Between 'xyxy', 'xywh' (corner) and 'cxcywh' (centre); [..., 4]."""
    formats = ('xyxy', 'xywh', 'cxcywh')
    if in_fmt not in formats or out_fmt not in formats:
        raise BadArgument('Unsupported Bounding Box Conversions for given in_fmt and out_fmt')
    if in_fmt == out_fmt:
        return boxes.clone()
    a, b, c, d = boxes.unbind(-1)
    if in_fmt == 'xywh':
        a, b, c, d = a, b, a + c, b + d
    elif in_fmt == 'cxcywh':
        a, b, c, d = a - 0.5 * c, b - 0.5 * d, a + 0.5 * c, b + 0.5 * d
    if out_fmt == 'xywh':
        a, b, c, d = a, b, c - a, d - b
    elif out_fmt == 'cxcywh':
        a, b, c, d = (a + c) / 2, (b + d) / 2, c - a, d - b
    return torch.stack((a, b, c, d), -1)


def clip_boxes_to_image(boxes: Any, size: tuple[int, int]) -> Any:
    height, width = size
    x, y = boxes[..., 0::2].clamp(min=0, max=width), boxes[..., 1::2].clamp(min=0, max=height)
    return torch.stack((x, y), -1).reshape(boxes.shape)


def _overlaps(boxes1: Any, boxes2: Any) -> tuple[Any, Any]:
    """Shared and joint areas of each of [N, 4] with each of [M, 4]: [N, M]."""
    low = torch.max(boxes1[:, None, :2], boxes2[:, :2])
    high = torch.min(boxes1[:, None, 2:], boxes2[:, 2:])
    size = (high - low).clamp(min=0)
    shared = size[:, :, 0] * size[:, :, 1]
    return shared, box_area(boxes1)[:, None] + box_area(boxes2) - shared


def box_iou(boxes1: Any, boxes2: Any) -> Any:
    shared, joint = _overlaps(boxes1, boxes2)
    return shared / joint


def generalized_box_iou(boxes1: Any, boxes2: Any) -> Any:
    """Overlap less the share of the hull that neither covers (Rezatofighi et al. 2019, arXiv:1902.09630)."""
    shared, joint = _overlaps(boxes1, boxes2)
    low = torch.min(boxes1[:, None, :2], boxes2[:, :2])
    high = torch.max(boxes1[:, None, 2:], boxes2[:, 2:])
    size = (high - low).clamp(min=0)
    hull = size[:, :, 0] * size[:, :, 1]
    return shared / joint - (hull - joint) / hull


def _reduced(loss: Any, reduction: str) -> Any:
    if reduction not in ('none', 'mean', 'sum'):
        raise BadArgument(f"Invalid Value for arg 'reduction': '{reduction}'")
    return loss if reduction == 'none' else loss.mean() if reduction == 'mean' else loss.sum()


def _paired(boxes1: Any, boxes2: Any, eps: float) -> tuple[Any, Any, Any, Any]:
    """Overlap ratio, joint area, and the corners of the hull, box by box."""
    low, high = torch.max(boxes1[..., :2], boxes2[..., :2]), torch.min(boxes1[..., 2:], boxes2[..., 2:])
    shared = torch.where((high > low).all(-1), (high - low).prod(-1), torch.zeros_like(low[..., 0]))
    areas = [(boxes[..., 2:] - boxes[..., :2]).prod(-1) for boxes in (boxes1, boxes2)]
    joint = areas[0] + areas[1] - shared
    hull = torch.min(boxes1[..., :2], boxes2[..., :2]), torch.max(boxes1[..., 2:], boxes2[..., 2:])
    return shared / (joint + eps), joint, *hull


def generalized_box_iou_loss(boxes1: Any, boxes2: Any, reduction: str = 'none', eps: float = 1e-7) -> Any:
    overlap, joint, low, high = _paired(boxes1, boxes2, eps)
    hull = (high - low).prod(-1)
    return _reduced(1 - (overlap - (hull - joint) / (hull + eps)), reduction)


def distance_box_iou_loss(boxes1: Any, boxes2: Any, reduction: str = 'none', eps: float = 1e-7) -> Any:
    """Overlap less the centres' distance by the hull's diagonal (Zheng et al. 2019, arXiv:1911.08287)."""
    overlap, _, low, high = _paired(boxes1, boxes2, eps)
    diagonal = ((high - low) ** 2).sum(-1) + eps
    centres = [(boxes[..., :2] + boxes[..., 2:]) / 2 for boxes in (boxes1, boxes2)]
    return _reduced(1 - overlap + ((centres[0] - centres[1]) ** 2).sum(-1) / diagonal, reduction)
