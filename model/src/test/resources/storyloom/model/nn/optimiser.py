#!/usr/bin/env python3
"""Makes optimiser.json: steps of torch.optim.Adam and rates of torch.optim.lr_scheduler.

    python3 optimiser.py > optimiser.json
"""
import json
import math
import warnings

import torch

SIZE, STEPS, RATE = 37, 5, 0.01

warnings.simplefilter("ignore")  # schedulers without optimiser steps are what is wanted here
torch.manual_seed(3)
start = torch.randn(SIZE, dtype=torch.float32).double()
# of all magnitudes, so that epsilon counts in some places and not in others
gradients = [(torch.randn(SIZE) * 10.0 ** torch.randint(-10, 2, (SIZE,))).double() for _ in range(STEPS)]
gradients[1][::5] = 0


def adam(dtype):
    parameters = start.clone().to(dtype).requires_grad_()
    optimiser = torch.optim.Adam([parameters], lr=RATE)
    after = []
    for gradient in gradients:
        parameters.grad = gradient.to(dtype)
        optimiser.step()
        after.append(parameters.detach().tolist())
    state = optimiser.state[parameters]
    return {"after": after, "m": state["exp_avg"].tolist(), "v": state["exp_avg_sq"].tolist()}


def rates(shape, updates):
    """LambdaLR counts from 0, our updates from 1."""
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=RATE)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda before: shape(before + 1))
    result = []
    for _ in range(updates):
        result.append(scheduler.get_last_lr()[0])
        scheduler.step()
    return result


def plateau(perplexities, improvement):
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=RATE)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimiser, factor=0.5, patience=0, threshold=improvement, threshold_mode="rel")
    result = []
    for perplexity in perplexities:
        scheduler.step(perplexity)
        result.append(optimiser.param_groups[0]["lr"])
    return result


WARM_UP, UPDATES, IMPROVEMENT = 4, 12, 0.01
PERPLEXITIES = [90, 80, 79.5, 79.3, 79.1, 85, 70, 70, 69.2, 71]
print(json.dumps({
    "rate": RATE, "start": start.tolist(), "gradients": [g.tolist() for g in gradients],
    "double": adam(torch.float64), "float": adam(torch.float32),
    "warmUp": WARM_UP,
    "constant": rates(lambda t: min(1, t / WARM_UP), UPDATES),
    "inverse-sqrt": rates(lambda t: min(t / WARM_UP, math.sqrt(WARM_UP / t)), UPDATES),
    "improvement": IMPROVEMENT, "perplexities": PERPLEXITIES,
    "plateau": plateau(PERPLEXITIES, IMPROVEMENT),
}, indent=1))
