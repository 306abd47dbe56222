#!/usr/bin/env python3
"""Makes golden.json: loss and every gradient of a tiny attention seq2seq, by PyTorch in double.

The weights are drawn here and stored beside the results, so that the test needs nothing but the file:
    python3 golden.py > golden.json
Tensors bear a bundle's names and shapes: [in, out], gates i, f, g, o, one bias per LSTM.
"""
import json

import torch

V, E, H = 11, 3, 4
PROMPTS = [[5, 1, 7], [9], [4, 4, 6, 10, 8]]
STORIES = [[6, 5], [4, 10, 1, 7], []]
START, END = 2, 3

torch.manual_seed(7)
torch.set_default_dtype(torch.float64)


def drawn(*shape):
    # rounded, so that the file stays readable and floats can hold the numbers exactly
    return ((torch.rand(*shape) - 0.5) * 1024).round().div(1024).requires_grad_()


weights = {
    "prompt_embedding.weight": drawn(V, E),
    "story_embedding.weight": drawn(V, E),
    "encoder.input_weight": drawn(E, 4 * H),
    "encoder.recurrent_weight": drawn(H, 4 * H),
    "encoder.bias": drawn(4 * H),
    "decoder.input_weight": drawn(E, 4 * H),
    "decoder.recurrent_weight": drawn(H, 4 * H),
    "decoder.bias": drawn(4 * H),
    "output.weight": drawn(2 * H, V),
    "output.bias": drawn(V),
}


def lstm(name):
    module = torch.nn.LSTM(E, H, batch_first=True)
    replaced = {
        "weight_ih_l0": weights[name + ".input_weight"].T,
        "weight_hh_l0": weights[name + ".recurrent_weight"].T,
        "bias_ih_l0": weights[name + ".bias"],
        "bias_hh_l0": torch.zeros(4 * H),
    }
    return lambda x, state=None: torch.func.functional_call(module, replaced, (x, state))


def log_probabilities(prompt, story):
    """One pair at a time: no padding, so nothing about padding can be wrong here."""
    encoded, state = lstm("encoder")(weights["prompt_embedding.weight"][prompt][None])
    decoded, _ = lstm("decoder")(weights["story_embedding.weight"][[START] + story][None], state)
    attention = (decoded @ encoded.transpose(1, 2)).softmax(-1)
    features = torch.cat([decoded, attention @ encoded], -1)[0]
    return (features @ weights["output.weight"] + weights["output.bias"]).log_softmax(-1)


nll, tokens = 0, 0
for prompt, story in zip(PROMPTS, STORIES):
    targets = story + [END]
    nll = nll - log_probabilities(prompt, story)[range(len(targets)), targets].sum()
    tokens += len(targets)
loss = nll / tokens
loss.backward()

print(json.dumps({
    "vocabulary": V, "embedding": E, "hidden": H, "prompts": PROMPTS, "stories": STORIES,
    "loss": loss.item(),
    "weights": {name: tensor.flatten().tolist() for name, tensor in weights.items()},
    "gradients": {name: tensor.grad.flatten().tolist() for name, tensor in weights.items()},
}, indent=1))
