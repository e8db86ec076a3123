"""Values and derivatives of activations as PyTorch computes them (float64), for internal/conformance.

Kinks are among the points where PyTorch's derivative there is the one that Myelin documents.
"""

import json
import math
from pathlib import Path

import torch
import torch.nn.functional as F

OUT = Path(__file__).resolve().parents[2] / "internal/conformance/golden/activations.json"
POINTS = [-9.5, -3.25, -1.5, -1.0, -0.5, -0.001, 0.0, 0.001, 0.5, 1.0, 1.5, 2.75, 6.0, 9.5]
KINKS_AT_3 = [-3.0, 3.0]
# Where a formula that subtracts, such as 1 + erf, has few digits left.
TAIL = [-3.5, -5.0, -6.5, -8.0]
ROWS = [[1.5, -0.25, 3.0, 0.0], [0.0, 0.0, 0.0, 0.0], [-40.0, 10.0, 10.5, -2.0]]


def short(tensor):
    return [float(f"{value:.10g}") for value in tensor.detach().reshape(-1).tolist()]


def case(name, function, options=None, points=POINTS, tail=False):
    """`tail`: values and derivatives are near 0, and their digits count."""
    z = torch.tensor(points, dtype=torch.float64, requires_grad=True)
    y = function(z)
    # A cotangent that differs from element to element, so that a Jacobian is tested and not its column sums.
    cotangent = torch.linspace(0.5, 2.0, y.numel(), dtype=torch.float64).reshape(y.shape)
    (y * cotangent).sum().backward()
    return {
        "name": name,
        "options": options,
        "shape": list(z.shape),
        "z": short(z),
        "value": short(y),
        "cotangent": short(cotangent),
        "gradient": short(z.grad),
        "tail": tail,
    }


def gelu(z):
    """PyTorch's own subtracts in the tail."""
    return z / 2 * torch.special.erfc(-z * math.sqrt(0.5))


def gelu_by_tanh(z):
    return z * torch.sigmoid(2 * math.sqrt(2 / math.pi) * (z + 0.044715 * z**3))


CASES = [
    case("identity", lambda z: z * 1),
    case("step", lambda z: torch.heaviside(z.detach(), torch.ones_like(z)) + 0 * z),
    case("sigmoid", torch.sigmoid),
    case("tanh", torch.tanh),
    case("relu", F.relu),
    case("leakyRelu", F.leaky_relu, {}),
    case("leakyRelu", lambda z: F.leaky_relu(z, 0.3), {"slope": 0.3}),
    case("elu", F.elu, {}),
    case("elu", lambda z: F.elu(z, 0.7), {"alpha": 0.7}),
    case("selu", F.selu),
    case("celu", F.celu, {}),
    case("celu", lambda z: F.celu(z, 2.5), {"alpha": 2.5}),
    case("gelu", F.gelu, {}),
    case("gelu", lambda z: F.gelu(z, approximate="tanh"), {"approximate": "tanh"}),
    case("silu", F.silu),
    case("mish", F.mish),
    case("softplus", F.softplus),
    case("softsign", F.softsign),
    case("hardSigmoid", F.hardsigmoid, points=POINTS + KINKS_AT_3),
    case("hardTanh", F.hardtanh),
    case("hardSwish", F.hardswish),
    case("relu6", F.relu6),
    case("exponential", torch.exp),
    case("softmax", lambda z: F.softmax(z, -1), points=ROWS),
    case("gelu", gelu, {}, TAIL + [-10.0, -12.5], True),
    case("gelu", gelu_by_tanh, {"approximate": "tanh"}, TAIL, True),
    case("silu", F.silu, None, TAIL + [-20.0], True),
    case("mish", F.mish, None, TAIL + [-20.0], True),
    case("softplus", F.softplus, None, TAIL + [-20.0], True),
    case("sigmoid", torch.sigmoid, None, TAIL + [-20.0], True),
    case("logSoftmax", lambda z: F.log_softmax(z, -1), points=ROWS),
]

OUT.write_text("[\n" + ",\n".join(json.dumps(entry) for entry in CASES) + "\n]\n")
