#!/usr/bin/env python3
"""Scores pairs and writes greedy stories from a Storyloom bundle, with NumPy alone.

    python3 docs/numpy_story.py MODEL < pairs.jsonl > stories.jsonl

MODEL is the folder of a bundle. Each line of the input is a JSON object with the ids of a prompt, and for a pair those of
its story: {"prompt": [17, 4, 29], "story": [5, 8, 11]}, without <start> and <end>, as bin/bench ids writes them. A pair
gets the log probability of each token of its story and of the <end> behind it; a prompt alone gets its greedy story.

Covered is the default network, with or without copying: LSTMs in one layer, a prompt read forwards, dot attention, a full softmax,
embeddings of their own. Where a model of V tokens copies, ids from V on are words of the prompt that the vocabulary lacks: V and
the place at which the word first stands there, counted from 0.
"""
import json
import pathlib
import sys

import numpy as np

PAD, OOV, START, END = range(4)
MOST_TOKENS = 200  # decode.max-tokens; a story has at least one token, as decode.min-tokens says
COVERED = {"transformer": None, "layers": 1, "bidirectional": False, "attention": "dot", "tiedEmbeddings": False,
           "adaptiveSoftmax": []}


def read_weights(file):
    """Name → array: 8 bytes with the length of a JSON header, the header, then the numbers; all little-endian."""
    data = pathlib.Path(file).read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    header.pop("__metadata__", None)
    weights = {}
    for name, tensor in header.items():
        first, last = tensor["data_offsets"]
        numbers = np.frombuffer(data[start + first:start + last], "<f4")
        weights[name] = numbers.reshape(tensor["shape"])
    return weights


def read_model(folder):
    """The weights of a bundle; ends the program where its network is another than this page covers."""
    folder = pathlib.Path(folder)
    config = json.loads((folder / "bundle.json").read_text(encoding="utf-8"))["model"]
    for option, covered in COVERED.items():
        if config.get(option, covered) != covered:
            sys.exit(f"numpy_story.py covers {option} = {json.dumps(covered)}; "
                     f"{folder} has {json.dumps(config[option])}: use generate.jar or evaluate.jar")
    return read_weights(folder / "weights.safetensors") | {"not_copied": np.array(config.get("notCopied", []), int)}


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def lstm_step(weights, name, x, h, c):
    """x [E], h and c [H] → the next h and c. The 4H columns are the gates i, f, g, o; there is one bias."""
    sums = x @ weights[name + ".input_weight"] + h @ weights[name + ".recurrent_weight"] + weights[name + ".bias"]
    i, f, g, o = np.split(sums, 4)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


def encode(weights, prompt):
    """The encoder's outputs [S,H], and its last h and c, at which the decoder starts."""
    hidden = weights["encoder.recurrent_weight"].shape[0]
    h = c = np.zeros(hidden, np.float32)
    outputs = []
    for token in prompt:
        h, c = lstm_step(weights, "encoder", weights["prompt_embedding.weight"][known(weights, token)], h, c)
        outputs.append(h)
    return np.stack(outputs), h, c


def log_softmax(x):
    x = x - x.max()
    return x - np.log(np.exp(x).sum())


def known(weights, token):
    """What an embedding takes for a token: <OOV> for one that the vocabulary lacks."""
    return token if token < len(weights["output.bias"]) else OOV


def copied(weights, prompt, x, features, attention, log):
    """Log probabilities [V+S]: those of the vocabulary mixed with the attention on the prompt's words, but its marks."""
    share = sigmoid(np.concatenate([x, features]) @ weights["copy.weight"] + weights["copy.bias"])
    copies = (1 - share) * attention * ~np.isin(prompt, weights["not_copied"])
    mixed = np.concatenate([(1 - copies.sum()) * np.exp(log.astype(np.float64)), np.zeros(len(prompt))])
    np.add.at(mixed, prompt, copies)
    with np.errstate(divide="ignore"):
        return np.log(mixed)


def decode_step(weights, token, prompt, encoded, h, c):
    """The log probabilities [V] of the token behind this one, or [V+S], and the decoder's next h and c."""
    x = weights["story_embedding.weight"][known(weights, token)]
    h, c = lstm_step(weights, "decoder", x, h, c)
    attention = np.exp(log_softmax(encoded @ h))
    features = np.concatenate([h, attention @ encoded])
    log = log_softmax(features @ weights["output.weight"] + weights["output.bias"])
    if "copy.weight" in weights:
        log = copied(weights, prompt, x, features, attention, log)
    return log, h, c


def score(weights, prompt, story):
    """The natural log probability of each token of a story, and of the <end> behind it."""
    encoded, h, c = encode(weights, prompt)
    logs = []
    for before, token in zip([START] + story, story + [END]):
        log, h, c = decode_step(weights, before, prompt, encoded, h, c)
        logs.append(float(log[token]))
    return logs


def with_unknown(weights, log):
    """What <OOV> has goes to the words that only the prompt knows, in proportion to their own probabilities."""
    vocabulary = len(weights["output.bias"])
    given, own = log.copy(), np.logaddexp.reduce(log[vocabulary:], initial=-np.inf)
    if own > -np.inf:
        given[vocabulary:] += np.logaddexp(0, log[OOV] - own)
    return given


def write(weights, prompt, most=MOST_TOKENS):
    """The greedy story; its log_prob is the mean over its tokens, <end> included where it was written."""
    encoded, h, c = encode(weights, prompt)
    story, logs, token = [], [], START
    while len(story) < most:
        log, h, c = decode_step(weights, token, prompt, encoded, h, c)
        allowed = with_unknown(weights, log)
        allowed[[PAD, OOV, START] if story else [PAD, OOV, START, END]] = -np.inf
        token = int(allowed.argmax())
        logs.append(float(log[token]))
        if token == END:
            break
        story.append(token)
    reason = "end" if token == END else "length"
    return {"story": story, "log_prob": sum(logs) / len(logs), "finish_reason": reason}


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    weights = read_model(sys.argv[1])
    for line in sys.stdin:
        pair = json.loads(line)
        if "story" in pair:
            logs = score(weights, pair["prompt"], pair["story"])
            result = {"log_probs": logs, "log_prob": sum(logs) / len(logs)}
        else:
            result = write(weights, pair["prompt"])
        print(json.dumps(result))


if __name__ == "__main__":
    main()
