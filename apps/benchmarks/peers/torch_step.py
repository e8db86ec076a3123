"""PyTorch as a contender: speaks the protocol of src/protocol.ts on standard input and output.

    python3 torch_step.py FOLDER TORCH_THREADS

FOLDER holds task.json and the arrays it names, as src/write-task.ts wrote them. OpenBLAS reads its number of threads from
OPENBLAS_NUM_THREADS when it is loaded; torch.set_num_threads alone leaves it on all cores.
"""

import json
import sys
import time
from pathlib import Path

import numpy
import torch
from torch import nn

folder = Path(sys.argv[1])
torch.set_num_threads(int(sys.argv[2]))
task = json.loads((folder / "task.json").read_text())
workload = task["workload"]


def array(name):
    """A tensor from its file."""
    about = task["arrays"][name]
    values = numpy.fromfile(folder / name, dtype=about["dtype"])
    return torch.from_numpy(values.reshape(about["shape"]))


class ChannelsLast(nn.Module):
    """Flattens images in the order of the others: height, width, channels."""

    def forward(self, x):
        return x.permute(0, 2, 3, 1).flatten(1)


def network():
    modules, next_weights, is_image = [], 0, any(layer["kind"] != "dense" for layer in workload["layers"])
    for layer in workload["layers"]:
        if layer["kind"] == "maxPool":
            modules.append(nn.MaxPool2d(layer["size"]))
            continue
        kernel, bias = array(f"kernel{next_weights}"), array(f"bias{next_weights}")
        next_weights += 1
        if layer["kind"] == "convolution":
            module = nn.Conv2d(kernel.shape[2], kernel.shape[3], layer["size"])
            kernel = kernel.permute(3, 2, 0, 1)
        else:
            if is_image:
                modules.append(ChannelsLast())
                is_image = False
            module = nn.Linear(kernel.shape[0], kernel.shape[1])
            kernel = kernel.t()
        with torch.no_grad():
            module.weight.copy_(kernel)
            module.bias.copy_(bias)
        modules.append(module)
        activation = "relu" if layer["kind"] == "convolution" else layer.get("activation")
        if activation is not None:
            modules.append({"relu": nn.ReLU, "tanh": nn.Tanh}[activation]())
    return nn.Sequential(*modules)


class Training:
    def __init__(self):
        self.net = network()
        kind, rate = workload["optimizer"]["kind"], workload["optimizer"]["learningRate"]
        optimizers = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}
        self.optimizer = optimizers[kind](self.net.parameters(), lr=rate)
        losses = {
            "crossEntropy": nn.CrossEntropyLoss,
            "binaryCrossEntropy": nn.BCEWithLogitsLoss,
            "meanSquaredError": nn.MSELoss,
        }
        self.loss = losses[workload["loss"]]()
        inputs, targets = array("inputs"), array("targets")
        if inputs.dim() == 5:
            inputs = inputs.permute(0, 1, 4, 2, 3).contiguous()
        targets = targets.long() if workload["loss"] == "crossEntropy" else targets.float().unsqueeze(-1)
        self.batches = list(zip(inputs, targets))
        self.position, self.steps, self.sum = 0, 0, torch.zeros(())

    def step(self, count):
        for _ in range(count):
            inputs, targets = self.batches[self.position % len(self.batches)]
            self.position += 1
            self.optimizer.zero_grad(set_to_none=True)
            loss = self.loss(self.net(inputs), targets)
            loss.backward()
            self.optimizer.step()
            self.sum += loss.detach()
        self.steps += count

    def proof(self):
        mean = self.sum.item() / self.steps
        self.sum, self.steps = torch.zeros(()), 0
        return mean


class Inference:
    def __init__(self):
        self.net = network()
        self.inputs, self.targets = array("inputs"), array("targets")

    @torch.no_grad()
    def step(self, count):
        for _ in range(count):
            self.outputs = torch.softmax(self.net(self.inputs), -1)

    def proof(self):
        return nn.functional.nll_loss(self.outputs.log(), self.targets.long()).item()


class Matmul:
    def __init__(self):
        self.a, self.b = array("a"), array("b")

    def step(self, count):
        for _ in range(count):
            self.product = self.a @ self.b

    def proof(self):
        flat = self.product.double().flatten()
        return (flat[0::2].sum() - flat[1::2].sum()).item()


def check_blas():
    """Refuses the reference BLAS, which is tens of times slower than what anyone uses PyTorch with."""
    torch.ones(2, 2) @ torch.ones(2, 2)
    maps = Path("/proc/self/maps")
    if torch.backends.mkl.is_available() or not maps.exists() or "openblas" in maps.read_text():
        return
    raise RuntimeError("PyTorch has only the reference BLAS here (Debian: apt-get install libopenblas0-pthread)")


def answer(message):
    print(json.dumps(message), flush=True)


try:
    check_blas()
    prepared = {"training": Training, "inference": Inference, "matmul": Matmul}[workload["kind"]]()
    answer({"ready": True, "version": torch.__version__})
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] == "quit":
            break
        if request["do"] == "proof":
            answer({"proof": prepared.proof()})
            continue
        start = time.perf_counter()
        prepared.step(request["count"])
        answer({"seconds": time.perf_counter() - start, "steps": request["count"]})
except Exception as error:  # the measuring process reports it
    answer({"error": f"{type(error).__name__}: {error}"})
