"""Trains an edited model with real PyTorch and tells its verdict by the conformance pack's rule.

Reads a JSON list of {source, entry, inputs, setup} from standard input, writes a JSON list of {verdict, smallest, yardstick} to
standard output: log10 relative gradients, median over steps 5 to 30 and three seeds.
"""

import importlib.util
import json
import math
import statistics
import sys
from unittest import mock

import torch
from torch import nn

STEPS = 31
SEEDS = 3


def load(source, entry):
    spec = importlib.util.spec_from_file_location("edited", source)
    while True:
        module = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
            break
        except ModuleNotFoundError as missing:
            # What only feeds the training loop need not be there.
            sys.modules[missing.name] = mock.MagicMock()
    return lambda: eval(entry, vars(module))


def draw(spec, batch):
    shape = [batch, *spec["shape"][1:]]
    if spec["kind"] == "int":
        return torch.randint(0, spec["high"], shape)
    return torch.randn(shape)


def loss_of(kind, output):
    """The loss of an output on fresh random targets."""
    if kind in ("cross-entropy", "nll"):
        classes = output.shape[1] if output.dim() < 3 else output.shape[-1]
        flat = output if output.dim() < 3 else output.flatten(0, -2)
        target = torch.randint(0, classes, (flat.shape[0],))
        return (nn.functional.cross_entropy if kind == "cross-entropy" else nn.functional.nll_loss)(flat, target)
    if kind == "bce":
        return nn.functional.binary_cross_entropy(output, torch.randint(0, 2, output.shape).to(output.dtype))
    if kind == "bce-logits":
        return nn.functional.binary_cross_entropy_with_logits(output, torch.randint(0, 2, output.shape).to(output.dtype))
    if kind == "mse":
        return nn.functional.mse_loss(output, torch.randn_like(output))
    raise ValueError(f"no loss {kind}")


def first_output(result):
    while not isinstance(result, torch.Tensor):
        result = next(iter(result.values())) if isinstance(result, dict) else result[0]
    return result


def relative(weight):
    gradient = 0.0 if weight.grad is None else float(weight.grad.norm())
    return math.log10(gradient / float(weight.norm())) if gradient > 0 else -math.inf


def measure(case):
    make = load(case["source"], case["entry"])
    setup = case["setup"]
    kind = setup["loss"] if isinstance(setup["loss"], str) else setup["loss"][0]
    late = {}
    for seed in range(SEEDS):
        torch.manual_seed(seed)
        model = make().train()
        adam = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=1e-3)
        for step in range(STEPS):
            inputs = [draw(spec, setup["batch"]) for spec in case["inputs"]]
            adam.zero_grad()
            loss_of(kind, first_output(model(*inputs))).backward()
            for name, weight in model.named_parameters():
                if step >= 5 and weight.requires_grad and weight.dim() >= 2 and not name.endswith("bias"):
                    late.setdefault(name, []).append(relative(weight))
            adam.step()
    medians = {name: statistics.median(figures) for name, figures in late.items()}
    yardstick, smallest = max(medians.values()), min(medians.values())
    limit = max(yardstick - 3, -7)
    verdict = "exploding" if not yardstick <= 3 else "vanishing or dead" if smallest < limit else "healthy"
    return {"verdict": verdict, "smallest": finite(smallest), "yardstick": finite(yardstick)}


def finite(x):
    return x if math.isfinite(x) else None


if __name__ == "__main__":
    torch.set_num_threads(1)
    print(json.dumps([measure(case) for case in json.load(sys.stdin)]))
