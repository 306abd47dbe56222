#!/usr/bin/env python3
"""Makes golden.json: probabilities, loss and every gradient of tiny attention seq2seqs, by PyTorch in double.

The weights are drawn here and stored beside the results, so that the test needs nothing but the file:
    python3 golden.py > golden.json
Tensors bear a bundle's names and shapes: [in, out], gates i, f, g, o, one bias per LSTM. The first case is the
classic model; each other one is a choice of options. Weights are drawn in the order of their names in a case, and
the classic ones first of all, so that another case changes no number of those before it.

What dropout of recurrent weights and of words zeroes is drawn as DropoutStream does, by the number of the vertex in
the graph: the two inputs come first, then the vertices in the order in which GraphLayout adds them. Probabilities are
those of scoring, without dropout.
"""
import json

import torch

V, E, H = 11, 3, 4
PROMPTS = [[5, 1, 7], [9], [4, 4, 6, 10, 8]]
STORIES = [[6, 5], [4, 10, 1, 7], []]
START, END = 2, 3
CASES = [
    {"layers": 1, "bidirectional": False, "attention": "dot"},
    {"layers": 1, "bidirectional": False, "attention": "none"},
    {"layers": 1, "bidirectional": False, "attention": "general"},
    {"layers": 1, "bidirectional": False, "attention": "additive"},
    {"layers": 2, "bidirectional": False, "attention": "dot"},
    {"layers": 1, "bidirectional": True, "attention": "dot"},
    {"layers": 2, "bidirectional": True, "attention": "general"},
    {"layers": 3, "bidirectional": True, "attention": "none"},
    {"layers": 4, "bidirectional": True, "attention": "additive"},
    {"layers": 1, "bidirectional": False, "attention": "dot", "recurrent_dropout": 0.5, "embedding_dropout": 0},
    {"layers": 1, "bidirectional": False, "attention": "dot", "recurrent_dropout": 0, "embedding_dropout": 0.4},
    {"layers": 2, "bidirectional": True, "attention": "additive", "recurrent_dropout": 0.3, "embedding_dropout": 0.3},
]
SEED = 1  # of dropout

torch.manual_seed(7)
torch.set_default_dtype(torch.float64)


def drawn(*shape):
    # rounded, so that the file stays readable and floats can hold the numbers exactly
    return ((torch.rand(*shape) - 0.5) * 1024).round().div(1024).requires_grad_()


def drawn_lstm(name, inputs, hidden):
    return {
        name + ".input_weight": drawn(inputs, 4 * hidden),
        name + ".recurrent_weight": drawn(hidden, 4 * hidden),
        name + ".bias": drawn(4 * hidden),
    }


def encoder_names(case, layer):
    name = "encoder" if layer == 0 else f"encoder.{layer}"
    return [name, name + ".reverse"] if case["bidirectional"] else [name]


def decoder_name(layer):
    return "decoder" if layer == 0 else f"decoder.{layer}"


def drawn_weights(case):
    weights = {"prompt_embedding.weight": drawn(V, E), "story_embedding.weight": drawn(V, E)}
    for layer in range(case["layers"]):
        names = encoder_names(case, layer)
        for name in names:
            weights |= drawn_lstm(name, H if layer else E, H // len(names))
    for layer in range(case["layers"]):
        weights |= drawn_lstm(decoder_name(layer), H if layer else E, H)
    if case["attention"] == "general":
        weights["attention.weight"] = drawn(H, H)
    if case["attention"] == "additive":
        weights["attention.query_weight"] = drawn(H, H)
        weights["attention.key_weight"] = drawn(H, H)
        weights["attention.vector"] = drawn(H)
    weights["output.weight"] = drawn(H if case["attention"] == "none" else 2 * H, V)
    weights["output.bias"] = drawn(V)
    return weights


def lstm(weights, layers):
    """PyTorch's own LSTM; layers: for each layer the names of its directions, forward first."""
    inputs = weights[layers[0][0] + ".input_weight"].shape[0]
    hidden = weights[layers[0][0] + ".recurrent_weight"].shape[0]
    module = torch.nn.LSTM(
        inputs, hidden, len(layers), batch_first=True, bidirectional=len(layers[0]) == 2)
    replaced = {}
    for layer, names in enumerate(layers):
        for name, suffix in zip(names, [f"l{layer}", f"l{layer}_reverse"]):
            replaced["weight_ih_" + suffix] = weights[name + ".input_weight"].T
            replaced["weight_hh_" + suffix] = weights[name + ".recurrent_weight"].T
            replaced["bias_ih_" + suffix] = weights[name + ".bias"]
            replaced["bias_hh_" + suffix] = torch.zeros(4 * hidden)
    return lambda x, state=None: torch.func.functional_call(module, replaced, (x, state))


def joined(state, layers):
    """[layers · directions, 1, H / directions] → [layers, 1, H], the forward direction first."""
    return state.reshape(layers, -1, 1, state.shape[-1]).permute(0, 2, 1, 3).reshape(layers, 1, H)


def scores(case, weights, decoded, encoded):
    if case["attention"] == "general":
        return decoded @ weights["attention.weight"] @ encoded.transpose(1, 2)
    if case["attention"] == "additive":
        query = decoded @ weights["attention.query_weight"]
        key = encoded @ weights["attention.key_weight"]
        return (query[:, :, None] + key[:, None]).tanh() @ weights["attention.vector"]
    return decoded @ encoded.transpose(1, 2)


def attended(case, weights, prompt, story):
    """Features [T,I] and attention [T,S], None without any, of one pair: no padding, so nothing about padding can be wrong."""
    layers = range(case["layers"])
    encoder = lstm(weights, [encoder_names(case, layer) for layer in layers])
    decoder = lstm(weights, [[decoder_name(layer)] for layer in layers])
    encoded, (h, c) = encoder(weights["prompt_embedding.weight"][prompt][None])
    state = joined(h, case["layers"]), joined(c, case["layers"])
    decoded, _ = decoder(weights["story_embedding.weight"][[START] + story][None], state)
    if case["attention"] == "none":
        return decoded[0], None
    attention = scores(case, weights, decoded, encoded).softmax(-1)
    return torch.cat([decoded, attention @ encoded], -1)[0], attention[0]


def log_probabilities(case, weights, prompt, story):
    features, _ = attended(case, weights, prompt, story)
    return (features @ weights["output.weight"] + weights["output.bias"]).log_softmax(-1)


def scrambled(value):
    """The finaliser of SplitMix64."""
    value &= 2**64 - 1
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 & 2**64 - 1
    value = (value ^ value >> 27) * 0x94D049BB133111EB & 2**64 - 1
    return value ^ value >> 31


GOLDEN = 0x9E3779B97F4A7C15


def kept(vertex, count, rate):
    """For each of some numbers 0 where it is dropped, else 1 / (1 - rate); stream 0, before the first update."""
    key = SEED
    for part in (0, 0, vertex):
        key = scrambled(key + GOLDEN * (part + 1))
    draws = [(scrambled(key + GOLDEN * position) >> 11) / 2**53 for position in range(count)]
    return torch.tensor([0.0 if draw < rate else 1 / (1 - rate) for draw in draws])


def vertices(case):
    """The names of the graph's vertices that come before the attention, in the order of their numbers."""
    names = ["prompt", "story"]
    for embedding in ["prompt_embedding", "story_embedding"]:
        names += [embedding, embedding + ".words"] if case.get("embedding_dropout") else [embedding]
    for layer in range(case["layers"]):
        encoders = encoder_names(case, layer)
        names += encoders if len(encoders) == 1 else [encoders[0], "reversal", encoders[1], "both"]
        names.append(decoder_name(layer))
    return names


def dropped_weights(case, weights):
    dropped = dict(weights)
    for number, name in enumerate(vertices(case)):
        if name.endswith(".words"):
            weight = name.replace(".words", ".weight")
            dropped[weight] = weights[weight] * kept(number, V, case["embedding_dropout"])[:, None]
        weight = name + ".recurrent_weight"
        if weight in weights and case.get("recurrent_dropout"):
            mask = kept(number, weights[weight].numel(), case["recurrent_dropout"])
            dropped[weight] = weights[weight] * mask.reshape(weights[weight].shape)
    return dropped


def solved(case):
    weights = drawn_weights(case)
    dropped = dropped_weights(case, weights)
    nll, tokens, probabilities = 0, 0, []
    for prompt, story in zip(PROMPTS, STORIES):
        targets = story + [END]
        logs = log_probabilities(case, dropped, prompt, story)
        nll = nll - logs[range(len(targets)), targets].sum()
        tokens += len(targets)
        if "recurrent_dropout" in case:
            logs = log_probabilities(case, weights, prompt, story)
        probabilities += logs.exp().flatten().tolist()
    loss = nll / tokens
    loss.backward()
    return case | {
        "loss": loss.item(),
        "probabilities": probabilities,  # of each story's tokens, story after story, [N, V]
        "weights": {name: tensor.flatten().tolist() for name, tensor in weights.items()},
        "gradients": {name: tensor.grad.flatten().tolist() for name, tensor in weights.items()},
    }


if __name__ == "__main__":
    print(json.dumps({
        "vocabulary": V, "embedding": E, "hidden": H, "prompts": PROMPTS, "stories": STORIES,
        "cases": [solved(case) for case in CASES],
    }, indent=1))
