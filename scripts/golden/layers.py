"""Outputs and gradients of layers as PyTorch computes them (float64), for internal/conformance.

Run with a Python that has torch: /usr/bin/python3 scripts/golden/layers.py
Images and kernels are written channels last ([height, width, channels], [height, width, in, out]), as Myelin has them.
"Same" padding is worked out here, because PyTorch has it for stride 1 only.
"""

import json
import math
from pathlib import Path

import torch
import torch.nn.functional as F

torch.manual_seed(20240611)
OUT = Path(__file__).resolve().parents[2] / "internal/conformance/golden/layers.json"


def random(*shape):
    return torch.randn(*shape, dtype=torch.float64).mul(1000).round().div(1000).requires_grad_()


def channels_first(x):
    return x.permute(0, 3, 1, 2)


def channels_last(x):
    return x.permute(0, 2, 3, 1)


def margins(extent, size, stride, dilation=1):
    """Cells before and after an axis for padding "same"."""
    positions = math.ceil(extent / stride)
    total = max(0, (positions - 1) * stride + dilation * (size - 1) + 1 - extent)
    return total // 2, total - total // 2


def padded(x, sizes, strides, dilation=(1, 1), value=0.0):
    """Channels-first image with "same" padding."""
    top, bottom = margins(x.shape[2], sizes[0], strides[0], dilation[0])
    left, right = margins(x.shape[3], sizes[1], strides[1], dilation[1])
    return F.pad(x, (left, right, top, bottom), value=value)


def flat(x):
    return [float(f"{value:.10g}") for value in x.detach().reshape(-1).tolist()]


def case(name, config, x, parameters, output, state={}, updates={}, training=True):
    cotangent = random(*output.shape).detach()
    (output * cotangent).sum().backward()
    return {
        "name": name,
        "config": config,
        "inputShape": list(x.shape),
        "input": flat(x),
        "parameters": {
            key: {"shape": list(value.shape), "data": flat(value)} for key, value in {**parameters, **state}.items()
        },
        "output": {"shape": list(output.shape), "data": flat(output)},
        "cotangent": flat(cotangent),
        "inputGradient": flat(x.grad),
        "parameterGradients": {key: flat(value.grad) for key, value in parameters.items()},
        **({"updates": {key: flat(value) for key, value in updates.items()}} if updates else {}),
        **({} if training else {"training": False}),
    }


def dense(name, rows, units, function=None, bias=True, activation=None):
    x = random(*rows)
    kernel = random(rows[-1], units)
    parameters = {"kernel": kernel}
    y = x @ kernel
    if bias:
        parameters["bias"] = random(units)
        y = F.linear(x, kernel.T, parameters["bias"])
    options = {"useBias": bias}
    if activation:
        options["activation"] = activation
    return case(name, {"kind": "dense", "arguments": [units, options]}, x, parameters, function(y) if function else y)


def conv2d(name, image, filters, size, strides=(1, 1), dilation=(1, 1), padding="valid", bias=True, groups=1):
    x = random(*image)
    kernel = random(*size, image[3] // groups, filters)
    parameters = {"kernel": kernel}
    if bias:
        parameters["bias"] = random(filters)
    first = channels_first(x)
    if padding == "same":
        first = padded(first, size, strides, dilation)
    y = F.conv2d(first, kernel.permute(3, 2, 0, 1), parameters.get("bias"), stride=strides, dilation=dilation, groups=groups)
    options = {"strides": list(strides), "padding": padding, "dilation": list(dilation), "useBias": bias}
    if groups > 1:
        options["groups"] = groups
    return case(name, {"kind": "conv2d", "arguments": [filters, list(size), options]}, x, parameters, channels_last(y))


def pool(name, kind, image, size, strides=None, padding="valid"):
    strides = strides or size
    x = random(*image)
    first = channels_first(x)
    if kind == "maxPool2d":
        if padding == "same":
            first = padded(first, size, strides, value=-math.inf)
        y = F.max_pool2d(first, size, strides)
    else:
        ones = torch.ones_like(first)
        if padding == "same":
            first, ones = padded(first, size, strides), padded(ones, size, strides)
        # The mean over real cells only: sums over ones count them.
        y = F.avg_pool2d(first, size, strides) / F.avg_pool2d(ones, size, strides)
    config = {"kind": kind, "arguments": [list(size), {"strides": list(strides), "padding": padding}]}
    return case(name, config, x, {}, channels_last(y))


def prelu(name, shape, shared):
    x = random(*shape)
    if shared:
        alpha = random(*([1] * (len(shape) - 2)), shape[-1])
        y = channels_last(F.prelu(channels_first(x), alpha.reshape(-1)))
    else:
        alpha = random(*shape[1:])
        y = F.prelu(x, alpha)
    axes = list(range(len(shape) - 2)) if shared else []
    return case(name, {"kind": "prelu", "arguments": [{"sharedAxes": axes}]}, x, {"alpha": alpha}, y)


def batch_normalization(name, shape, training=True, momentum=0.9, epsilon=1e-3):
    """PyTorch's momentum is the share of the batch. Its running variance is unbiased, that of Myelin and Keras is not."""
    x = random(*shape)
    gamma, beta = random(shape[-1]), random(shape[-1])
    mean, variance = random(shape[-1]).detach(), random(shape[-1]).detach().abs() + 0.5
    first = channels_first(x) if len(shape) == 4 else x
    running = mean.clone(), variance.clone()
    y = F.batch_norm(first, *running, gamma, beta, training, 1 - momentum, epsilon)
    output = channels_last(y) if len(shape) == 4 else y
    updates = {}
    if training:
        biased = x.detach().reshape(-1, shape[-1]).var(0, unbiased=False)
        updates = {"movingMean": running[0], "movingVariance": momentum * variance + (1 - momentum) * biased}
    options = {"momentum": momentum, "epsilon": epsilon}
    return case(
        name,
        {"kind": "batchNormalization", "arguments": [options]},
        x,
        {"gamma": gamma, "beta": beta},
        output,
        {"movingMean": mean, "movingVariance": variance},
        updates,
        training,
    )


def layer_normalization(name, shape, axes, epsilon=1e-3):
    x = random(*shape)
    normalized = [shape[axis + 1] for axis in axes]
    gamma, beta = random(*normalized), random(*normalized)
    y = F.layer_norm(x, normalized, gamma, beta, epsilon)
    config = {"kind": "layerNormalization", "arguments": [{"axes": axes, "epsilon": epsilon}]}
    return case(name, config, x, {"gamma": gamma, "beta": beta}, y)


cases = [
    dense("dense", (3, 4), 5),
    dense("dense without bias", (2, 3), 2, bias=False),
    dense("dense with tanh", (3, 4), 2, torch.tanh, activation={"kind": "tanh"}),
    dense("dense with softmax", (3, 4), 3, lambda y: torch.softmax(y, -1), activation={"kind": "softmax"}),
    dense("dense over positions", (2, 3, 4), 2),
    conv2d("convolution", (2, 5, 6, 2), 3, (3, 3)),
    conv2d("convolution without bias, 1 x 2", (2, 3, 4, 2), 2, (1, 2), bias=False),
    conv2d("convolution with strides", (2, 6, 7, 2), 2, (3, 2), strides=(2, 3)),
    conv2d("convolution with dilation", (1, 6, 7, 2), 2, (3, 2), dilation=(2, 3)),
    conv2d("convolution, same", (2, 4, 5, 2), 2, (3, 3), padding="same"),
    conv2d("convolution, same, even kernel", (1, 4, 5, 2), 2, (2, 4), padding="same"),
    conv2d("convolution, same, strides", (1, 6, 5, 2), 2, (3, 3), strides=(2, 2), padding="same"),
    conv2d("convolution, same, dilation", (1, 6, 5, 2), 2, (3, 2), dilation=(2, 2), padding="same"),
    conv2d("convolution, same, strides wider than the kernel", (1, 7, 6, 1), 2, (1, 1), strides=(3, 2), padding="same"),
    pool("maximum", "maxPool2d", (2, 4, 6, 2), (2, 2)),
    pool("maximum, cells left over, overlapping", "maxPool2d", (1, 6, 7, 2), (3, 2), (2, 1)),
    pool("maximum, same", "maxPool2d", (1, 5, 6, 2), (3, 3), (2, 2), "same"),
    pool("average", "averagePool2d", (2, 4, 6, 2), (2, 2)),
    pool("average, cells left over, overlapping", "averagePool2d", (1, 6, 7, 2), (3, 2), (2, 1)),
    pool("average, same", "averagePool2d", (1, 5, 6, 2), (3, 3), (2, 2), "same"),
    prelu("prelu", (3, 4), False),
    prelu("prelu, one alpha per channel", (2, 3, 4, 2), True),
    conv2d("convolution in groups", (2, 4, 5, 4), 6, (2, 2), groups=2),
    conv2d("convolution, depthwise, strides", (1, 5, 6, 3), 6, (3, 2), strides=(2, 1), groups=3),
    batch_normalization("batch normalization", (5, 3)),
    batch_normalization("batch normalization of channels", (2, 3, 4, 2), momentum=0.7, epsilon=1e-5),
    batch_normalization("batch normalization outside of training", (4, 3), training=False),
    layer_normalization("layer normalization", (3, 5), [0]),
    layer_normalization("layer normalization of a whole image", (2, 3, 4, 2), [0, 1, 2]),
    layer_normalization("layer normalization of channels", (2, 3, 4, 2), [2], epsilon=1e-5),
]

OUT.parent.mkdir(parents=True, exist_ok=True)
lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in cases)
OUT.write_text(f'{{"torch":"{torch.__version__}","cases":[\n{lines}\n]}}\n')
print(f"{len(cases)} cases, {OUT.stat().st_size} bytes")
