#!/usr/bin/env python3
"""Makes golden_copy.json: losses, every gradient and a greedy story of tiny seq2seqs that copy, by PyTorch in double.

The weights are drawn here and stored beside the results, so that the test needs nothing but the file:
    python3 golden_copy.py > golden_copy.json
What is not about copying stands in golden.py. Ids from V on are words that the vocabulary lacks: V + the place at which the
word first stands in its prompt. The story is that of weights four times as large, which makes it less even.
"""
import json
from functools import partial

import torch

import golden
from golden import E, END, H, START, V, drawn

PAD, OOV = 0, 1
PROMPTS = [[5, V + 1, 7, V + 1], [9, 4], [V, 4, 6, 4, 8, V + 5]]
STORIES = [[7, V + 1, 6], [4, 10, OOV, 9], [V + 5, 4, V, 6, 6]]
SHARP, LONGEST = 4, 12
CASES = [
    {"layers": 1, "bidirectional": False, "attention": "dot", "tied": False, "copy": True},
    {"layers": 2, "bidirectional": True, "attention": "additive", "tied": True, "copy": True},
    {"layers": 1, "bidirectional": False, "attention": "dot", "tied": True, "copy": True, "not_copied": [4, 7]},
]


def known(ids):
    return [id if id < V else OOV for id in ids]


def drawn_weights(case):
    weights = golden.drawn_weights(case)
    if case["tied"]:
        del weights["output.weight"]
        weights["output.projection"] = drawn(2 * H, E)
        weights["story_embedding.weight"] = weights["prompt_embedding.weight"]
    return weights | {"copy.weight": drawn(E + 2 * H, 1), "copy.bias": drawn(1)}


def probabilities(case, weights, prompt, story):
    """[T,V+S]"""
    features, attention = golden.attended(case, weights, known(prompt), known(story))
    inputs = weights["story_embedding.weight"][[START] + known(story)]
    gate = (torch.cat([inputs, features], -1) @ weights["copy.weight"] + weights["copy.bias"]).sigmoid()
    logits = (features @ weights["output.projection"] @ weights["prompt_embedding.weight"].T if case["tied"]
              else features @ weights["output.weight"]) + weights["output.bias"]
    return mixed(case, gate, logits, attention, prompt)


def mixed(case, gate, logits, attention, prompt):
    """[T,V+S] of a gate [T,1], logits [T,V] and attention [T,S]; attention on what is not copied goes to the vocabulary"""
    copied = (1 - gate) * attention * torch.tensor([id not in case.get("not_copied", []) for id in prompt])
    of_vocabulary = 1 - copied.sum(-1, keepdim=True)
    probabilities = torch.cat([of_vocabulary * logits.softmax(-1), torch.zeros(len(logits), len(prompt))], -1)
    return probabilities.index_add(1, torch.tensor(prompt), copied)


def greedy(probabilities_after):
    """The likeliest story and the mean of its log probabilities; probabilities_after is that of the words so far, [T,…]"""
    story, logs = [], []
    while len(story) < LONGEST:
        last = probabilities_after(story)[-1]
        allowed = last.clone()
        if last[V:].sum() > 0:  # what the unknown has goes to the prompt's own unknown words
            allowed[V:] *= 1 + last[OOV] / last[V:].sum()
        allowed[[PAD, OOV, START] if story else [PAD, OOV, START, END]] = 0
        token = allowed.argmax().item()
        logs.append(last[token].log())
        if token == END:
            break
        story.append(token)
    return story, sum(logs) / len(logs)


def solved(case):
    weights = drawn_weights(case)
    own, pooled, tokens = 0, 0, 0
    for prompt, story in zip(PROMPTS, STORIES):
        for target, p in zip(story + [END], probabilities(case, weights, prompt, story)):
            own = own - p[target].log()
            pooled = pooled - (p[OOV] + p[V:].sum() if target == OOV or target >= V else p[target]).log()
            tokens += 1
    (own / tokens).backward()
    with torch.no_grad():
        sharp = {name: SHARP * tensor for name, tensor in weights.items()}
        stories = [greedy(partial(probabilities, case, sharp, prompt)) for prompt in PROMPTS]
    return case | {
        "loss": (own / tokens).item(), "pooled": (pooled / tokens).item(),
        "greedy": [story for story, _ in stories], "log_probs": [log.item() for _, log in stories],
        "weights": {name: tensor.flatten().tolist() for name, tensor in weights.items()},
        "gradients": {name: tensor.grad.flatten().tolist() for name, tensor in weights.items()},
    }


if __name__ == "__main__":
    torch.manual_seed(24)
    print(json.dumps({
        "vocabulary": V, "embedding": E, "hidden": H, "prompts": PROMPTS, "stories": STORIES, "sharp": SHARP,
        "longest": LONGEST, "cases": [solved(case) for case in CASES],
    }))
