#!/usr/bin/env python3
"""Makes golden_output.json: loss and every gradient of a tiny attention seq2seq with each kind of output, by PyTorch in double.

The weights are drawn here and stored beside the results, so that the test needs nothing but the file:
    python3 golden_output.py > golden_output.json
Tensors bear a bundle's names and shapes: [in, out], gates i, f, g, o, one bias per LSTM. The adaptive softmax is PyTorch's
own torch.nn.AdaptiveLogSoftmaxWithLoss, label smoothing that of torch.nn.functional.cross_entropy.
"""
import json

import torch
import torch.nn.functional as F

V, E, H = 12, 3, 8
PROMPTS = [[5, 1, 7], [9], [4, 4, 6, 10, 8]]
STORIES = [[6, 5, 11], [4, 10, 1, 7], []]
START, END = 2, 3

torch.set_default_dtype(torch.float64)


def drawn(*shape):
    # rounded, so that the file stays readable and floats can hold the numbers exactly
    return ((torch.rand(*shape) - 0.5) * 1024).round().div(1024).requires_grad_()


def body():
    weights = {"prompt_embedding.weight": drawn(V, E)}
    for name in ("encoder", "decoder"):
        weights[name + ".input_weight"] = drawn(E, 4 * H)
        weights[name + ".recurrent_weight"] = drawn(H, 4 * H)
        weights[name + ".bias"] = drawn(4 * H)
    return weights


def features(weights):
    """One pair at a time: no padding, so nothing about padding can be wrong here."""
    def lstm(name):
        module = torch.nn.LSTM(E, H, batch_first=True)
        replaced = {
            "weight_ih_l0": weights[name + ".input_weight"].T,
            "weight_hh_l0": weights[name + ".recurrent_weight"].T,
            "bias_ih_l0": weights[name + ".bias"],
            "bias_hh_l0": torch.zeros(4 * H),
        }
        return lambda x, state=None: torch.func.functional_call(module, replaced, (x, state))

    rows = []
    for prompt, story in zip(PROMPTS, STORIES):
        encoded, state = lstm("encoder")(weights["prompt_embedding.weight"][prompt][None])
        decoded, _ = lstm("decoder")(weights["story_embedding.weight"][[START] + story][None], state)
        attention = (decoded @ encoded.transpose(1, 2)).softmax(-1)
        rows.append(torch.cat([decoded, attention @ encoded], -1)[0])
    return torch.cat(rows), torch.tensor([target for story in STORIES for target in story + [END]])


def full(smoothing):
    weights = body() | {
        "story_embedding.weight": drawn(V, E), "output.weight": drawn(2 * H, V), "output.bias": drawn(V)}
    x, targets = features(weights)
    logits = x @ weights["output.weight"] + weights["output.bias"]
    return weights, F.cross_entropy(logits, targets, label_smoothing=smoothing), F.cross_entropy(logits, targets)


def tied(smoothing):
    weights = body() | {"output.projection": drawn(2 * H, E), "output.bias": drawn(V)}
    weights["story_embedding.weight"] = weights["prompt_embedding.weight"]
    x, targets = features(weights)
    logits = F.linear(x @ weights["output.projection"], weights["prompt_embedding.weight"], weights["output.bias"])
    return weights, F.cross_entropy(logits, targets, label_smoothing=smoothing), F.cross_entropy(logits, targets)


def adaptive(cutoffs):
    module = torch.nn.AdaptiveLogSoftmaxWithLoss(2 * H, V, cutoffs, div_value=4.0, head_bias=False)
    weights = body() | {"story_embedding.weight": drawn(V, E)}
    names = {"head.weight": "output.head.weight"}
    for k in range(len(cutoffs)):
        names[f"tail.{k}.0.weight"] = f"output.tail.{k}.projection"
        names[f"tail.{k}.1.weight"] = f"output.tail.{k}.weight"
    for name, parameter in module.named_parameters():
        weights[names[name]] = drawn(*reversed(parameter.shape))
    replaced = {name: weights[ours].T for name, ours in names.items()}
    x, targets = features(weights)
    loss = torch.func.functional_call(module, replaced, (x, targets)).loss
    return weights, loss, loss


def gradient(tensor):
    return torch.zeros_like(tensor) if tensor.grad is None else tensor.grad  # None for a tail without targets


def case(name, made, tied_embeddings=False, adaptive_softmax=(), label_smoothing=0.0):
    weights, loss, nll = made
    loss.backward()
    return {
        "name": name, "tied": tied_embeddings, "adaptive": list(adaptive_softmax), "smoothing": label_smoothing,
        "loss": loss.item(), "nll": nll.item(),
        "weights": {name: tensor.flatten().tolist() for name, tensor in weights.items()},
        "gradients": {name: gradient(tensor).flatten().tolist() for name, tensor in weights.items()},
    }


torch.manual_seed(11)
print(json.dumps({
    "vocabulary": V, "embedding": E, "hidden": H, "prompts": PROMPTS, "stories": STORIES,
    "cases": [
        case("smoothed", full(0.1), label_smoothing=0.1),
        case("tied", tied(0.0), tied_embeddings=True),
        case("tied and smoothed", tied(0.2), tied_embeddings=True, label_smoothing=0.2),
        case("adaptive, one tail", adaptive([6]), adaptive_softmax=[6]),
        case("adaptive, two tails", adaptive([5, 9]), adaptive_softmax=[5, 9]),
        case("adaptive, a tail without targets", adaptive([8, 9]), adaptive_softmax=[8, 9]),
    ],
}))
