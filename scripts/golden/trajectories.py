"""Whole trainings as PyTorch makes them (float64), for internal/conformance: very different networks, losses, optimizers and options.

Each network is written twice, as the config of Myelin's layers and as a PyTorch function; so are its loss and its optimizer.
Images and kernels are channels last, as Myelin has them.
"""

import json
import math
from pathlib import Path

import torch
import torch.nn.functional as F
from shared.lion import Lion

torch.manual_seed(20240611)
OUT = Path(__file__).resolve().parents[2] / "internal/conformance/golden/trajectories.json"


def random(*shape, scale=1.0):
    return torch.randn(*shape, dtype=torch.float64).mul(1000 * scale).round().div(1000)


def flat(tensor):
    return [float(f"{value:.8g}") for value in tensor.detach().reshape(-1).tolist()]


def shaped(tensor):
    return {"shape": list(tensor.shape), "data": tensor.reshape(-1).tolist()}


def convolution(x, kernel, bias, margins=(0, 0, 0, 0), **options):
    """`margins`: left, right, top, bottom."""
    first = F.pad(x.permute(0, 3, 1, 2), margins)
    return F.conv2d(first, kernel.permute(3, 2, 0, 1).contiguous(), bias, **options).permute(0, 2, 3, 1)


def pooled(x, pool, *options, margins=(0, 0, 0, 0), value=0.0):
    return pool(F.pad(x.permute(0, 3, 1, 2), margins, value=value), *options).permute(0, 2, 3, 1)


def clip_norm(gradients, limit):
    """limit / max(norm, limit); PyTorch's clip_grad_norm_ adds 1e-6 to the norm."""
    norm = torch.sqrt(sum((gradient**2).sum() for gradient in gradients))
    for gradient in gradients:
        gradient.mul_(limit / max(norm.item(), limit))


def training(
    name,
    network,
    parameters,
    forward,
    loss,
    per_row,
    optimizer,
    make,
    inputs,
    targets,
    epochs,
    batch_size,
    rate=None,
    clip=None,
    penalty=lambda p: 0.0,
    frozen=(),
    sample_weights=None,
    class_weights=None,
    runs=1,
):
    p = {path: value.clone().requires_grad_(path not in frozen) for path, value in parameters.items()}
    trained = [value for value in p.values() if value.requires_grad]
    weights = torch.ones(len(inputs), dtype=torch.float64)
    if sample_weights is not None:
        weights = weights * torch.tensor(sample_weights, dtype=torch.float64)
    if class_weights is not None:
        weights = weights * torch.tensor([class_weights.get(str(int(y)), 1.0) for y in targets], dtype=torch.float64)
    torch_optimizer = make(trained)
    losses = []
    updates = 0
    for _ in range(runs * epochs):
        total = 0.0
        for start in range(0, len(inputs), batch_size):
            batch = slice(start, start + batch_size)
            torch_optimizer.zero_grad()
            rows = per_row(forward(p, inputs[batch]), targets[batch]).reshape(len(inputs[batch]), -1).mean(1)
            objective = (rows * weights[batch]).sum() / weights[batch].sum() + penalty(p)
            objective.backward()
            if clip is not None:
                clip([value.grad for value in trained])
            if rate is not None:
                torch_optimizer.param_groups[0]["lr"] = rate(updates)
            torch_optimizer.step()
            updates += 1
            total += float(objective) * float(weights[batch].sum())
        losses.append(total / float(weights.sum()))
    output = forward(p, inputs)
    return {
        "name": name,
        "network": {"kind": "sequential", "arguments": [list(inputs.shape[1:]), *network]},
        "parameters": {path: shaped(value) for path, value in parameters.items()},
        "loss": loss,
        "optimizer": optimizer,
        "options": {
            "epochs": epochs,
            "batchSize": batch_size,
            **({"sampleWeights": sample_weights} if sample_weights else {}),
            **({"classWeights": class_weights} if class_weights else {}),
        },
        "runs": runs,
        "inputs": shaped(inputs),
        "targets": shaped(targets),
        "losses": [float(f"{value:.8g}") for value in losses],
        "scored": float(f"{float(per_row(output, targets).mean()):.8g}"),
        "trained": {path: flat(value) for path, value in p.items()},
        "predictions": flat(output),
    }


def layer(kind, *arguments):
    return {"kind": kind, "arguments": list(arguments)}


def classifier():
    """Weighted rows and classes, smoothed labels, one norm for all gradients, decoupled decay, a schedule."""
    return training(
        "classes",
        [layer("dense", 5, {"activation": {"kind": "gelu"}}), layer("prelu", {}), layer("dense", 3)],
        {
            "dense_1/kernel": random(4, 5),
            "dense_1/bias": random(5, scale=0.3),
            "prelu_1/alpha": random(5, scale=0.3),
            "dense_2/kernel": random(5, 3),
            "dense_2/bias": random(3, scale=0.3),
        },
        lambda p, x: F.prelu(
            F.gelu(x @ p["dense_1/kernel"] + p["dense_1/bias"]), p["prelu_1/alpha"]
        ) @ p["dense_2/kernel"] + p["dense_2/bias"],
        {"kind": "crossEntropy", "fromLogits": True, "labelSmoothing": 0.1},
        lambda y, wanted: F.cross_entropy(y, wanted, reduction="none", label_smoothing=0.1),
        {
            "kind": "adamW",
            "learningRate": {"kind": "cosineDecay", "initialRate": 0.1, "finalRate": 0.01, "steps": 7},
            "beta1": 0.8,
            "beta2": 0.9,
            "epsilon": 0.001,
            "amsgrad": True,
            "weightDecay": 0.2,
            "clipping": layer("clipByGlobalNorm", 0.4),
        },
        lambda w: torch.optim.AdamW(w, betas=(0.8, 0.9), eps=0.001, amsgrad=True, weight_decay=0.2),
        random(11, 4),
        torch.tensor([0, 2, 1, 1, 0, 2, 2, 1, 0, 0, 1]),
        epochs=4,
        batch_size=4,
        rate=lambda t: 0.01 + 0.045 * (1 + math.cos(math.pi * min(t / 7, 1))),
        clip=lambda gradients: clip_norm(gradients, 0.4),
        sample_weights=[1, 0.5, 2, 1, 0, 1, 3, 1, 1, 0.25, 1],
        class_weights={"0": 0.5, "2": 2},
    )


def images():
    """Groups, strides and margins of convolution and overlapping pools; a penalty; momentum that looks ahead."""

    def forward(p, x):
        # 6 x 5 with windows 3 x 2, strides 2 x 1: three rows of windows need 7 cells, five columns need 6.
        x = convolution(x, p["conv2d_1/kernel"], p["conv2d_1/bias"], (0, 1, 0, 1), stride=(2, 1), groups=2)
        x = torch.tanh(x)
        # 3 x 5, windows 2 x 3 one by one: 4 and 7 cells.
        x = pooled(x, F.max_pool2d, (2, 3), 1, margins=(1, 1, 0, 1), value=-math.inf)
        x = pooled(x, F.avg_pool2d, (2, 2))
        x = convolution(x, p["conv2d_2/kernel"], None).reshape(len(x), -1)
        return x @ p["dense_1/kernel"] + p["dense_1/bias"]

    return training(
        "images",
        [
            layer(
                "conv2d",
                4,
                [3, 2],
                {
                    "strides": [2, 1],
                    "padding": "same",
                    "groups": 2,
                    "activation": {"kind": "tanh"},
                    "kernelRegularizer": layer("l2", 0.02),
                    "biasRegularizer": {"kind": "l1l2", "l1": 0.01, "l2": 0.03},
                },
            ),
            layer("maxPool2d", [2, 3], {"strides": 1, "padding": "same"}),
            layer("averagePool2d", 2),
            layer("conv2d", 3, [1, 2], {"useBias": False}),
            layer("flatten"),
            layer("dense", 2),
        ],
        {
            "conv2d_1/kernel": random(3, 2, 1, 4, scale=0.6),
            "conv2d_1/bias": random(4, scale=0.3),
            "conv2d_2/kernel": random(1, 2, 4, 3, scale=0.6),
            "dense_1/kernel": random(3, 2),
            "dense_1/bias": random(2, scale=0.3),
        },
        forward,
        {"kind": "meanSquaredError"},
        lambda y, wanted: (y - wanted) ** 2,
        {
            "kind": "sgd",
            "learningRate": {"kind": "stepDecay", "initialRate": 0.08, "every": 3, "factor": 0.6},
            "momentum": 0.8,
            "nesterov": True,
            "weightDecay": 0.02,
        },
        lambda w: torch.optim.SGD(w, lr=0.08, momentum=0.8, nesterov=True, weight_decay=0.02),
        random(5, 6, 5, 2),
        random(5, 2),
        epochs=4,
        batch_size=3,
        rate=lambda t: 0.08 * 0.6 ** (t // 3),
        penalty=lambda p: 0.02 * (p["conv2d_1/kernel"] ** 2).sum()
        + 0.01 * p["conv2d_1/bias"].abs().sum()
        + 0.03 * (p["conv2d_1/bias"] ** 2).sum(),
    )


def frozen():
    """A frozen network inside of another, whose penalty does not count; every number of a gradient clipped."""
    return training(
        "frozen parts",
        [
            layer("rescaling", 0.5, -0.25),
            layer(
                "sequential",
                {"inputShape": [3], "trainable": False},
                layer("dense", 4, {"activation": {"kind": "selu"}, "kernelRegularizer": layer("l1", 0.5)}),
            ),
            layer("dense", 3, {"activation": {"kind": "hardSwish"}, "name": "middle"}),
            layer("dense", 2, {"kernelRegularizer": layer("l1", 0.01)}),
        ],
        {
            "sequential_1/dense_1/kernel": random(3, 4),
            "sequential_1/dense_1/bias": random(4, scale=0.3),
            "middle/kernel": random(4, 3),
            "middle/bias": random(3, scale=0.3),
            "dense_1/kernel": random(3, 2),
            "dense_1/bias": random(2, scale=0.3),
        },
        lambda p, x: F.hardswish(
            F.selu((0.5 * x - 0.25) @ p["sequential_1/dense_1/kernel"] + p["sequential_1/dense_1/bias"])
            @ p["middle/kernel"]
            + p["middle/bias"]
        )
        @ p["dense_1/kernel"]
        + p["dense_1/bias"],
        {"kind": "huber", "delta": 0.6},
        lambda y, wanted: F.huber_loss(y, wanted, reduction="none", delta=0.6),
        {
            "kind": "rmsprop",
            "learningRate": 0.03,
            "alpha": 0.8,
            "epsilon": 0.01,
            "momentum": 0.6,
            "centered": True,
            "clipping": layer("clipByValue", 0.1),
        },
        lambda w: torch.optim.RMSprop(w, lr=0.03, alpha=0.8, eps=0.01, momentum=0.6, centered=True),
        random(7, 3),
        random(7, 2),
        epochs=4,
        batch_size=5,
        clip=lambda gradients: [gradient.clamp_(-0.1, 0.1) for gradient in gradients],
        penalty=lambda p: 0.01 * p["dense_1/kernel"].abs().sum(),
        frozen=("sequential_1/dense_1/kernel", "sequential_1/dense_1/bias"),
    )


def yes_or_no():
    """Probabilities; an optimizer that goes on in a second run."""
    return training(
        "yes or no",
        [
            layer("dense", 4, {"activation": {"kind": "mish"}}),
            layer("dense", 1, {"activation": {"kind": "sigmoid"}}),
        ],
        {
            "dense_1/kernel": random(2, 4),
            "dense_1/bias": random(4, scale=0.3),
            "dense_2/kernel": random(4, 1),
            "dense_2/bias": random(1, scale=0.3),
        },
        lambda p, x: torch.sigmoid(
            F.mish(x @ p["dense_1/kernel"] + p["dense_1/bias"]) @ p["dense_2/kernel"] + p["dense_2/bias"]
        ),
        {"kind": "binaryCrossEntropy", "labelSmoothing": 0.2},
        lambda y, wanted: F.binary_cross_entropy(y, wanted * 0.8 + 0.1, reduction="none"),
        {"kind": "nadam", "learningRate": 0.05, "epsilon": 0.001, "momentumDecay": 0.3, "weightDecay": 0.05},
        # The default path of PyTorch 1.13 multiplies mu_t into the product of t + 1 twice; this one is as its page says.
        lambda w: torch.optim.NAdam(w, lr=0.05, eps=0.001, momentum_decay=0.3, weight_decay=0.05, foreach=True),
        random(9, 2),
        torch.tensor([[0], [1], [1], [0], [1], [0], [0], [1], [1]], dtype=torch.float64),
        epochs=2,
        batch_size=4,
        runs=2,
    )


def sequences():
    """The same weights at every position, a class for each."""
    return training(
        "sequences",
        [
            layer("permute", [1, 0]),
            layer("dense", 3, {"activation": {"kind": "softsign"}}),
            layer("activation", {"kind": "elu", "alpha": 0.7}),
            layer("dense", 3, {"activation": {"kind": "softmax"}}),
        ],
        {
            "dense_1/kernel": random(4, 3),
            "dense_1/bias": random(3, scale=0.3),
            "dense_2/kernel": random(3, 3),
            "dense_2/bias": random(3, scale=0.3),
        },
        lambda p, x: torch.softmax(
            F.elu(F.softsign(x.transpose(1, 2) @ p["dense_1/kernel"] + p["dense_1/bias"]), 0.7) @ p["dense_2/kernel"]
            + p["dense_2/bias"],
            -1,
        ),
        {"kind": "crossEntropy"},
        lambda y, wanted: F.nll_loss(torch.log(y).movedim(-1, 1), wanted, reduction="none"),
        {
            "kind": "adagrad",
            "learningRate": {"kind": "warmUp", "steps": 3, "followedBy": 0.2},
            "initialAccumulator": 0.1,
            "epsilon": 0.001,
        },
        lambda w: torch.optim.Adagrad(w, lr=0.2, initial_accumulator_value=0.1, eps=0.001),
        random(5, 4, 2),
        torch.tensor([[0, 2], [1, 1], [2, 0], [1, 0], [2, 2]]),
        epochs=3,
        batch_size=2,
        rate=lambda t: 0.2 * min((t + 1) / 3, 1),
    )


def counts():
    """Dilation, the sign of the momentum as direction, every gradient clipped by itself, one batch larger than the data."""

    def forward(p, x):
        x = F.softplus(convolution(x, p["conv2d_1/kernel"], p["conv2d_1/bias"], (1, 1, 2, 2), dilation=(2, 1)))
        x = pooled(x, F.avg_pool2d, (3, 2), (1, 2)).reshape(len(x), -1)
        return x @ p["dense_1/kernel"] + p["dense_1/bias"]

    return training(
        "counts",
        [
            layer(
                "conv2d", 2, 3, {"padding": "same", "dilation": [2, 1], "activation": {"kind": "softplus"}}
            ),
            layer("averagePool2d", [3, 2], {"strides": [1, 2]}),
            layer("flatten"),
            layer("dense", 2),
        ],
        {
            "conv2d_1/kernel": random(3, 3, 1, 2, scale=0.4),
            "conv2d_1/bias": random(2, scale=0.3),
            "dense_1/kernel": random(8, 2, scale=0.3),
            "dense_1/bias": random(2, scale=0.3),
        },
        forward,
        {"kind": "poisson", "fromLogRates": True},
        lambda y, wanted: F.poisson_nll_loss(y, wanted, reduction="none"),
        {
            "kind": "lion",
            "learningRate": {"kind": "piecewiseRate", "boundaries": [2], "rates": [0.03, 0.01]},
            "weightDecay": 0.1,
            "clipping": layer("clipByNorm", 0.5),
        },
        lambda w: Lion(w, 0.03, (0.9, 0.99), 0.1),
        random(4, 4, 5, 1),
        torch.tensor([[0, 3], [2, 1], [1, 5], [4, 0]], dtype=torch.float64),
        epochs=5,
        batch_size=32,
        rate=lambda t: 0.03 if t < 2 else 0.01,
        clip=lambda gradients: [clip_norm([gradient], 0.5) for gradient in gradients],
    )


CASES = [make() for make in (classifier, images, frozen, yes_or_no, sequences, counts)]
OUT.write_text("[\n" + ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in CASES) + "\n]\n")
