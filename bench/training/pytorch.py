"""PyTorch's side of the bench: forward, backward, and the norm of every weight and activation gradient.

Arguments: the model's file, and its inputs as JSON ([{"shape": [...], "high": null or an integer}, ...], batch included).
Prints a line of JSON with the first step's norms, then answers each line "N" on standard input with N steps.
"""
import json
import runpy
import sys
import time

import torch

path, inputs = sys.argv[1], json.loads(sys.argv[2])
torch.set_num_threads(1)
torch.manual_seed(0)
net = runpy.run_path(path)['Net']()
data = [
    torch.randn(each['shape']) if each['high'] is None else torch.randint(0, each['high'], each['shape'])
    for each in inputs
]
squares = []


def watch(module, _inputs, output):
    for tensor in output if isinstance(output, tuple) else (output,):
        if isinstance(tensor, torch.Tensor) and tensor.requires_grad:
            tensor.register_hook(lambda gradient: squares.append(gradient.norm()))


for module in net.modules():
    if not list(module.children()):
        module.register_forward_hook(watch)


def step():
    squares.clear()
    net.zero_grad(set_to_none=True)
    output = net(*data)
    output.backward(torch.ones_like(output) / output.numel())
    norms = torch.stack(squares + [weight.grad.norm() for weight in net.parameters() if weight.grad is not None])
    return norms.tolist()


def answer(value):
    sys.stdout.write(json.dumps(value) + '\n')
    sys.stdout.flush()


norms = step()
parameters = sum(weight.numel() for weight in net.parameters())
answer({'norms': len(norms), 'parameters': parameters, 'cpu': 1000 * time.process_time()})
for line in sys.stdin:
    samples = []
    for _ in range(int(line)):
        wall, cpu = time.perf_counter(), time.process_time()
        step()
        samples.append({'wall': 1000 * (time.perf_counter() - wall), 'cpu': 1000 * (time.process_time() - cpu)})
    answer(samples)
