"""Losses, per row and as weighted means, with their gradients, as PyTorch computes them (float64), for internal/conformance."""

import json
import math
from pathlib import Path

import torch
import torch.nn.functional as F

torch.manual_seed(20240611)
OUT = Path(__file__).resolve().parents[2] / "internal/conformance/golden/losses.json"


def short(tensor):
    return [float(f"{value:.10g}") for value in tensor.detach().reshape(-1).tolist()]


def random(*shape):
    return torch.randn(*shape, dtype=torch.float64).mul(1000).round().div(1000)


def probabilities(*shape):
    return torch.softmax(random(*shape), -1).mul(1000).round().div(1000)


def data(tensor):
    return {"shape": list(tensor.shape), "data": short(tensor), "dtype": "f32" if tensor.is_floating_point() else "i32"}


def case(name, options, predictions, targets, elements):
    """`elements` gives unreduced losses [rows, ...]; a row's loss is their mean."""
    p = predictions.clone().requires_grad_()
    per_row = elements(p, targets).reshape(p.shape[0], -1).mean(1)
    weights = torch.linspace(0.0, 2.0, p.shape[0], dtype=torch.float64)
    weighted_mean = (per_row * weights).sum() / weights.sum()
    weighted_mean.backward()
    return {
        "name": name,
        "options": options,
        "predictions": data(predictions),
        "targets": data(targets),
        "perRow": short(per_row),
        "weights": short(weights),
        "weightedMean": short(weighted_mean)[0],
        "gradient": short(p.grad),
    }


def smoothed(targets, share):
    return targets * (1 - share) + share / 2


def cross_entropy(p, targets, smoothing=0.0):
    """Classes are PyTorch's axis 1 and Myelin's last."""
    rows = targets.is_floating_point()
    moved = targets.movedim(-1, 1) if rows else targets
    return F.cross_entropy(p.movedim(-1, 1), moved, reduction="none", label_smoothing=smoothing)


def log_of(p):
    return torch.log(p / p.sum(-1, keepdim=True))


values, wanted = random(5, 3).mul(2), random(5, 3)
logits, bits = random(5, 2).mul(4), torch.tensor([[0, 1], [1, 1], [0, 0], [1, 0], [1, 1]], dtype=torch.float64)
chances = torch.sigmoid(random(5, 2)).mul(1000).round().div(1000)
scores, labels, soft = random(5, 4).mul(3), torch.tensor([2, 0, 3, 1, 1]), probabilities(5, 4)
sequence, words = random(3, 2, 4).mul(3), torch.tensor([[0, 3], [1, 1], [2, 0]])
unnormalized = soft * torch.tensor([[1.0], [2.0], [0.5], [1.0], [3.0]], dtype=torch.float64)
signs = bits * 2 - 1
counts = torch.tensor([[0, 3, 1], [2, 0, 5], [1, 1, 0], [4, 2, 2], [0, 0, 7]], dtype=torch.float64)

CASES = [
    case("meanSquaredError", None, values, wanted, lambda p, y: F.mse_loss(p, y, reduction="none")),
    case("meanAbsoluteError", None, values, wanted, lambda p, y: F.l1_loss(p, y, reduction="none")),
    case("huber", {}, values, wanted, lambda p, y: F.huber_loss(p, y, reduction="none")),
    case("huber", {"delta": 0.4}, values, wanted, lambda p, y: F.huber_loss(p, y, reduction="none", delta=0.4)),
    case("logCosh", None, values, wanted, lambda p, y: torch.log(torch.cosh(p - y))),
    case(
        "binaryCrossEntropy",
        {"fromLogits": True},
        logits,
        bits,
        lambda p, y: F.binary_cross_entropy_with_logits(p, y, reduction="none"),
    ),
    case(
        "binaryCrossEntropy",
        {"fromLogits": True, "labelSmoothing": 0.2},
        logits,
        bits,
        lambda p, y: F.binary_cross_entropy_with_logits(p, smoothed(y, 0.2), reduction="none"),
    ),
    case("binaryCrossEntropy", {}, chances, bits, lambda p, y: F.binary_cross_entropy(p, y, reduction="none")),
    case(
        "binaryCrossEntropy",
        {"labelSmoothing": 0.1},
        chances,
        bits,
        lambda p, y: F.binary_cross_entropy(p, smoothed(y, 0.1), reduction="none"),
    ),
    case("crossEntropy", {"fromLogits": True}, scores, labels, cross_entropy),
    case(
        "crossEntropy",
        {"fromLogits": True, "labelSmoothing": 0.1},
        scores,
        labels,
        lambda p, y: cross_entropy(p, y, 0.1),
    ),
    case("crossEntropy", {"fromLogits": True}, scores, soft, cross_entropy),
    case(
        "crossEntropy",
        {"fromLogits": True, "labelSmoothing": 0.1},
        scores,
        soft,
        lambda p, y: cross_entropy(p, y, 0.1),
    ),
    case("crossEntropy", {"fromLogits": True}, sequence, words, cross_entropy),
    case("crossEntropy", {}, unnormalized, labels, lambda p, y: F.nll_loss(log_of(p), y, reduction="none")),
    case("crossEntropy", {}, unnormalized, soft, lambda p, y: -(y * log_of(p)).sum(-1)),
    case(
        "crossEntropy",
        {"labelSmoothing": 0.3},
        unnormalized,
        labels,
        lambda p, y: -((F.one_hot(y, 4) * 0.7 + 0.3 / 4) * log_of(p)).sum(-1),
    ),
    case("hinge", None, logits, signs, lambda p, y: torch.clamp(1 - y * p, min=0)),
    case(
        "poisson",
        {},
        values.abs() + 0.1,
        counts,
        lambda p, y: F.poisson_nll_loss(p, y, log_input=False, eps=1e-7, reduction="none"),
    ),
    case(
        "poisson",
        {"fromLogRates": True},
        values,
        counts,
        lambda p, y: F.poisson_nll_loss(p, y, log_input=True, reduction="none"),
    ),
    case("kullbackLeibler", {}, probabilities(5, 4), soft, lambda p, y: F.kl_div(p.log(), y, reduction="none").sum(-1)),
    case(
        "kullbackLeibler",
        {"fromLogits": True},
        scores,
        soft,
        lambda p, y: F.kl_div(F.log_softmax(p, -1), y, reduction="none").sum(-1),
    ),
    case("cosineDistance", None, values, wanted, lambda p, y: 1 - F.cosine_similarity(p, y, dim=-1)),
]

assert all(math.isfinite(entry["weightedMean"]) for entry in CASES)
OUT.write_text("[\n" + ",\n".join(json.dumps(entry) for entry in CASES) + "\n]\n")
