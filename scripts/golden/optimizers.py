"""Trajectories of optimizers, learning rates of schedules and clipped gradients as PyTorch computes them (float64).

All optimizers walk down the same slope: gradient = steepness d + curvature d^3 with d = w - target, element by element. The
last element has no gradient at all. Lion is not in PyTorch 1.13; shared/lion.py has it.
"""

import json
from pathlib import Path

import torch
from shared.lion import Lion
from torch.optim import lr_scheduler

OUT = Path(__file__).resolve().parents[2] / "internal/conformance/golden/optimizers.json"
START = [1.0, -2.0, 0.5, 3.0, 0.25, 1.5]
TARGET = [-2.0, 1.5, 4.0, -1.0, 4.25, 1.5]
STEEPNESS = [1.0, 0.05, 8.0, 0.3, 0.01, 0.0]
CURVATURE = [0.3, 0.3, 0.3, 0.3, 0.3, 0.0]
KEPT = [1, 2, 3, 5, 10, 20, 30]


def vector(values):
    return torch.tensor(values, dtype=torch.float64)


def short(tensor):
    return [float(f"{value:.10g}") for value in tensor.detach().reshape(-1).tolist()]


def slope(w):
    d = w.detach() - vector(TARGET)
    return vector(STEEPNESS) * d + vector(CURVATURE) * d**3


def case(name, options, make, halve_every=None):
    w = torch.nn.Parameter(vector(START))
    optimizer = make([w])
    schedule = None if halve_every is None else lr_scheduler.StepLR(optimizer, halve_every, 0.5)
    points = []
    for step in range(1, max(KEPT) + 1):
        w.grad = slope(w)
        optimizer.step()
        if schedule is not None:
            schedule.step()
        if step in KEPT:
            points.append(short(w))
    return {"name": name, "options": options, "halveEvery": halve_every, "points": points}


def sgd(**options):
    return lambda parameters: torch.optim.SGD(parameters, **options)


def adam(**options):
    return lambda parameters: torch.optim.Adam(parameters, **options)


def adam_w(**options):
    return lambda parameters: torch.optim.AdamW(parameters, **options)


def rmsprop(**options):
    return lambda parameters: torch.optim.RMSprop(parameters, **options)


def nadam(**options):
    # The default path of PyTorch 1.13 multiplies mu_t into the product of t + 1 twice; this one is as its page says.
    return lambda parameters: torch.optim.NAdam(parameters, foreach=True, **options)


def rates(name, options, make, steps=12):
    optimizer = torch.optim.SGD([torch.nn.Parameter(vector([0.0]))], lr=0.8)
    schedule = make(optimizer)
    seen = []
    for _ in range(steps):
        seen.append(float(f"{optimizer.param_groups[0]['lr']:.10g}"))
        optimizer.step()
        schedule.step()
    return {"name": name, "options": options, "rates": seen}


def clipped(name, limit, apply):
    gradients = [vector([3.0, -4.0, 0.5]), vector([[0.25, -12.0], [0.0, 1.0]])]
    parameters = [torch.nn.Parameter(torch.zeros_like(gradient)) for gradient in gradients]
    for parameter, gradient in zip(parameters, gradients):
        parameter.grad = gradient.clone()
    apply(parameters, limit)
    return {
        "name": name,
        "limit": limit,
        "gradients": [{"shape": list(gradient.shape), "data": short(gradient)} for gradient in gradients],
        "clipped": [short(parameter.grad) for parameter in parameters],
    }


def clip_each(parameters, limit):
    for parameter in parameters:
        torch.nn.utils.clip_grad_norm_([parameter], limit)


TRAJECTORIES = [
    case("sgd", {"learningRate": 0.05}, sgd(lr=0.05)),
    case("sgd", {"learningRate": 0.05, "weightDecay": 0.1}, sgd(lr=0.05, weight_decay=0.1)),
    case("sgd", {"learningRate": 0.02, "momentum": 0.8}, sgd(lr=0.02, momentum=0.8)),
    case("sgd", {"learningRate": 0.02, "momentum": 0.8, "dampening": 0.4}, sgd(lr=0.02, momentum=0.8, dampening=0.4)),
    case("sgd", {"learningRate": 0.02, "momentum": 0.8, "nesterov": True}, sgd(lr=0.02, momentum=0.8, nesterov=True)),
    case("sgd", {"learningRate": 0.02, "momentum": 0.9}, sgd(lr=0.02, momentum=0.9), halve_every=7),
    case("adam", {}, adam()),
    case("adam", {"learningRate": 0.1}, adam(lr=0.1)),
    case(
        "adam",
        {"learningRate": 0.1, "beta1": 0.5, "beta2": 0.9, "epsilon": 0.01},
        adam(lr=0.1, betas=(0.5, 0.9), eps=0.01),
    ),
    case("adam", {"learningRate": 0.1, "weightDecay": 0.1}, adam(lr=0.1, weight_decay=0.1)),
    case(
        "adam",
        {"learningRate": 0.3, "beta2": 0.5, "amsgrad": True},
        adam(lr=0.3, betas=(0.9, 0.5), amsgrad=True),
        halve_every=10,
    ),
    case("adamW", {"learningRate": 0.1}, adam_w(lr=0.1)),
    case(
        "adamW",
        {"learningRate": 0.1, "weightDecay": 0.3, "amsgrad": True},
        adam_w(lr=0.1, weight_decay=0.3, amsgrad=True),
    ),
    case("rmsprop", {}, rmsprop()),
    case("rmsprop", {"learningRate": 0.05, "alpha": 0.9}, rmsprop(lr=0.05, alpha=0.9)),
    case(
        "rmsprop",
        {"learningRate": 0.02, "momentum": 0.5, "epsilon": 0.001},
        rmsprop(lr=0.02, momentum=0.5, eps=0.001),
    ),
    case(
        "rmsprop",
        {"learningRate": 0.02, "alpha": 0.8, "centered": True, "epsilon": 0.1},
        rmsprop(lr=0.02, alpha=0.8, centered=True, eps=0.1),
    ),
    case(
        "rmsprop",
        {"learningRate": 0.02, "alpha": 0.8, "centered": True, "momentum": 0.5, "epsilon": 0.1, "weightDecay": 0.1},
        rmsprop(lr=0.02, alpha=0.8, centered=True, momentum=0.5, eps=0.1, weight_decay=0.1),
    ),
    case("adagrad", {}, lambda parameters: torch.optim.Adagrad(parameters)),
    case(
        "adagrad",
        {"learningRate": 0.2, "initialAccumulator": 0.1, "weightDecay": 0.1, "epsilon": 0.01},
        lambda parameters: torch.optim.Adagrad(
            parameters, lr=0.2, initial_accumulator_value=0.1, weight_decay=0.1, eps=0.01
        ),
    ),
    case("adadelta", {}, lambda parameters: torch.optim.Adadelta(parameters)),
    case(
        "adadelta",
        {"learningRate": 0.5, "rho": 0.7, "epsilon": 0.001, "weightDecay": 0.1},
        lambda parameters: torch.optim.Adadelta(parameters, lr=0.5, rho=0.7, eps=0.001, weight_decay=0.1),
    ),
    case("adamax", {}, lambda parameters: torch.optim.Adamax(parameters)),
    case(
        "adamax",
        {"learningRate": 0.1, "beta1": 0.8, "beta2": 0.9, "epsilon": 0.001, "weightDecay": 0.1},
        lambda parameters: torch.optim.Adamax(parameters, lr=0.1, betas=(0.8, 0.9), eps=0.001, weight_decay=0.1),
    ),
    case("nadam", {}, nadam()),
    case(
        "nadam",
        {"learningRate": 0.1, "beta1": 0.8, "beta2": 0.9, "epsilon": 0.001, "momentumDecay": 0.5, "weightDecay": 0.1},
        nadam(lr=0.1, betas=(0.8, 0.9), eps=0.001, momentum_decay=0.5, weight_decay=0.1),
    ),
    case(
        "lion",
        {"learningRate": 0.03, "weightDecay": 0.2},
        lambda parameters: Lion(parameters, lr=0.03, betas=(0.9, 0.99), weight_decay=0.2),
    ),
    case(
        "lion",
        {"learningRate": 0.05, "beta1": 0.5, "beta2": 0.8},
        lambda parameters: Lion(parameters, lr=0.05, betas=(0.5, 0.8), weight_decay=0.0),
    ),
]

SCHEDULES = [
    rates(
        "stepDecay",
        {"initialRate": 0.8, "every": 3, "factor": 0.25},
        lambda optimizer: lr_scheduler.StepLR(optimizer, 3, 0.25),
    ),
    rates(
        "exponentialDecay",
        {"initialRate": 0.8, "factor": 0.9},
        lambda optimizer: lr_scheduler.ExponentialLR(optimizer, 0.9),
    ),
    rates(
        "cosineDecay",
        {"initialRate": 0.8, "finalRate": 0.1, "steps": 11},
        lambda optimizer: lr_scheduler.CosineAnnealingLR(optimizer, 11, 0.1),
    ),
    rates(
        "cosineDecay",
        {"initialRate": 0.8, "finalRate": 0.1, "steps": 5, "restarts": True},
        lambda optimizer: lr_scheduler.CosineAnnealingWarmRestarts(optimizer, 5, eta_min=0.1),
    ),
    rates(
        "piecewiseRate",
        {"boundaries": [2, 7], "rates": [0.8, 0.4, 0.2]},
        lambda optimizer: lr_scheduler.MultiStepLR(optimizer, [2, 7], 0.5),
    ),
    rates(
        "warmUp",
        {"steps": 4, "followedBy": 0.8},
        lambda optimizer: lr_scheduler.LinearLR(optimizer, 1 / 4, 1.0, 3),
    ),
]

CLIPPING = [
    clipped("clipByValue", 0.75, torch.nn.utils.clip_grad_value_),
    clipped("clipByNorm", 2.0, clip_each),
    clipped("clipByNorm", 20.0, clip_each),
    clipped("clipByGlobalNorm", 2.0, torch.nn.utils.clip_grad_norm_),
    clipped("clipByGlobalNorm", 20.0, torch.nn.utils.clip_grad_norm_),
]


def lines(entries):
    return "[\n" + ",\n".join(json.dumps(entry) for entry in entries) + "\n]"


OUT.write_text(
    "{\n"
    + f'"slope": {json.dumps({"start": START, "target": TARGET, "steepness": STEEPNESS, "curvature": CURVATURE, "steps": KEPT})},\n'
    + f'"trajectories": {lines(TRAJECTORIES)},\n"schedules": {lines(SCHEDULES)},\n"clipping": {lines(CLIPPING)}\n'
    + "}\n"
)
