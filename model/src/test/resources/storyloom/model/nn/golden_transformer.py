#!/usr/bin/env python3
"""Makes golden_transformer.json: losses, every gradient and a greedy story of tiny Transformers, by PyTorch in double.

The weights are drawn here and stored beside the results, so that the test needs nothing but the file:
    python3 golden_transformer.py > golden_transformer.json
Norms, attention, GELU and cross-entropy are PyTorch's own; rotary positions turn numbers i and i + d/2 of a head as one
complex number. Ids from V on are words that the vocabulary lacks, as in golden_copy.py.
"""
import json
from functools import partial

import torch
import torch.nn.functional as F

from golden import END, START, V, drawn
from golden_copy import LONGEST, PROMPTS, STORIES, greedy, known, mixed

W, FEED_FORWARD = 8, 12
CASES = [
    {"layers": 1, "heads": 2, "tied": True, "copy": False},
    {"layers": 2, "heads": 1, "tied": False, "copy": False},
    {"layers": 2, "heads": 4, "tied": True, "copy": True},
    {"layers": 1, "heads": 2, "tied": True, "copy": True, "not_copied": [4, 7]},
]


def drawn_norm(name):
    return {name + ".norm_gain": (1 + drawn(W)).detach().requires_grad_(), name + ".norm_bias": drawn(W)}


def drawn_attention(name):
    maps = ["query_weight", "key_weight", "value_weight", "output_weight"]
    return drawn_norm(name) | {f"{name}.{map}": drawn(W, W) for map in maps}


def drawn_feed_forward(name):
    return drawn_norm(name) | {
        name + ".input_weight": drawn(W, FEED_FORWARD), name + ".output_weight": drawn(FEED_FORWARD, W)}


def drawn_weights(case):
    weights = {"prompt_embedding.weight": drawn(V, W)}
    weights["story_embedding.weight"] = weights["prompt_embedding.weight"] if case["tied"] else drawn(V, W)
    for layer in range(case["layers"]):
        weights |= drawn_attention(f"encoder.{layer}.self_attention") | drawn_feed_forward(f"encoder.{layer}.feed_forward")
        weights |= drawn_attention(f"decoder.{layer}.self_attention") | drawn_attention(f"decoder.{layer}.cross_attention")
        weights |= drawn_feed_forward(f"decoder.{layer}.feed_forward")
    weights |= drawn_norm("encoder") | drawn_norm("decoder")
    if not case["tied"]:
        weights["output.weight"] = drawn(W, V)
    weights["output.bias"] = drawn(V)
    return weights | ({"copy.weight": drawn(2 * W, 1), "copy.bias": drawn(1)} if case["copy"] else {})


def norm(weights, name, x):
    return F.layer_norm(x, (W,), weights[name + ".norm_gain"], weights[name + ".norm_bias"])


def by_head(case, x):
    """[T,W] → [heads,T,d]"""
    return x.unflatten(-1, (case["heads"], -1)).transpose(0, 1)


def turned(x):
    """x [heads,T,d] with each pair of numbers turned by its position."""
    width = x.shape[-1]
    angles = torch.outer(torch.arange(x.shape[1]).double(), 10000.0 ** (-torch.arange(0, width, 2) / width))
    numbers = torch.complex(x[..., :width // 2], x[..., width // 2:]) * torch.polar(torch.ones_like(angles), angles)
    return torch.cat([numbers.real, numbers.imag], -1)


def attended(case, weights, name, x, memory=None, causal=False):
    """x with what it draws from memory, or from itself where there is none; and the mean weights of the heads."""
    y = norm(weights, name, x)
    source = y if memory is None else memory
    q, k, v = (by_head(case, z @ weights[f"{name}.{role}_weight"])
               for z, role in [(y, "query"), (source, "key"), (source, "value")])
    if memory is None:
        q, k = turned(q), turned(k)
    context = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
    mean = (q @ k.transpose(1, 2) / q.shape[-1] ** 0.5).softmax(-1).mean(0)
    return x + context.transpose(0, 1).flatten(1) @ weights[name + ".output_weight"], mean


def fed_forward(weights, name, x):
    inner = F.gelu(norm(weights, name, x) @ weights[name + ".input_weight"], approximate="tanh")
    return x + inner @ weights[name + ".output_weight"]


def probabilities(case, weights, prompt, story):
    """[T,V], or [T,V+S] where the model copies"""
    memory = weights["prompt_embedding.weight"][known(prompt)]
    for layer in range(case["layers"]):
        memory, _ = attended(case, weights, f"encoder.{layer}.self_attention", memory)
        memory = fed_forward(weights, f"encoder.{layer}.feed_forward", memory)
    memory = norm(weights, "encoder", memory)
    inputs = weights["story_embedding.weight"][[START] + known(story)]
    x = inputs
    for layer in range(case["layers"]):
        x, _ = attended(case, weights, f"decoder.{layer}.self_attention", x, causal=True)
        x, looks = attended(case, weights, f"decoder.{layer}.cross_attention", x, memory)
        x = fed_forward(weights, f"decoder.{layer}.feed_forward", x)
    x = norm(weights, "decoder", x)
    logits = x @ (weights["story_embedding.weight"].T if case["tied"] else weights["output.weight"]) + weights["output.bias"]
    if not case["copy"]:
        return logits.softmax(-1)
    gate = (torch.cat([inputs, x], -1) @ weights["copy.weight"] + weights["copy.bias"]).sigmoid()
    return mixed(case, gate, logits, looks, prompt)


def solved(case):
    weights = drawn_weights(case)
    prompts, stories = (PROMPTS, STORIES) if case["copy"] else ([known(ids) for ids in PROMPTS], [known(ids) for ids in STORIES])
    nll, tokens = 0, 0
    for prompt, story in zip(prompts, stories):
        for target, p in zip(story + [END], probabilities(case, weights, prompt, story)):
            nll = nll - p[target].log()
            tokens += 1
    (nll / tokens).backward()
    with torch.no_grad():
        written = [greedy(partial(probabilities, case, weights, prompt)) for prompt in prompts]
    return case | {
        "loss": (nll / tokens).item(), "prompts": prompts, "stories": stories,
        "greedy": [story for story, _ in written], "log_probs": [log.item() for _, log in written],
        "weights": {name: tensor.flatten().tolist() for name, tensor in weights.items()},
        "gradients": {name: tensor.grad.flatten().tolist() for name, tensor in weights.items()},
    }


if __name__ == "__main__":
    torch.manual_seed(24)
    print(json.dumps({
        "vocabulary": V, "width": W, "feed_forward": FEED_FORWARD, "longest": LONGEST,
        "cases": [solved(case) for case in CASES],
    }))
