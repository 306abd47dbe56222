#!/usr/bin/env python3
"""Scores pairs and writes greedy stories from a Storyloom bundle, with NumPy alone.

    python3 docs/numpy_story.py MODEL < pairs.jsonl > stories.jsonl

MODEL is the folder of a bundle. Each line of the input is a JSON object with the ids of a prompt, and for a pair those of
its story: {"prompt": [17, 4, 29], "story": [5, 8, 11]}, without <start> and <end>, as bin/bench ids writes them. A pair
gets the log probability of each token of its story and of the <end> behind it; a prompt alone gets its greedy story.

Covered is the default network: one layer, a prompt read forwards, dot attention, a full softmax, embeddings of their own.
"""
import json
import pathlib
import sys

import numpy as np

PAD, OOV, START, END = range(4)
MOST_TOKENS = 200  # decode.max-tokens; a story has at least one token, as decode.min-tokens says
COVERED = {"layers": 1, "bidirectional": False, "attention": "dot", "tiedEmbeddings": False, "adaptiveSoftmax": []}


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
    return read_weights(folder / "weights.safetensors")


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
        h, c = lstm_step(weights, "encoder", weights["prompt_embedding.weight"][token], h, c)
        outputs.append(h)
    return np.stack(outputs), h, c


def log_softmax(x):
    x = x - x.max()
    return x - np.log(np.exp(x).sum())


def decode_step(weights, token, encoded, h, c):
    """The log probabilities [V] of the token behind this one, and the decoder's next h and c."""
    h, c = lstm_step(weights, "decoder", weights["story_embedding.weight"][token], h, c)
    attention = np.exp(log_softmax(encoded @ h))
    features = np.concatenate([h, attention @ encoded])
    return log_softmax(features @ weights["output.weight"] + weights["output.bias"]), h, c


def score(weights, prompt, story):
    """The natural log probability of each token of a story, and of the <end> behind it."""
    encoded, h, c = encode(weights, prompt)
    logs = []
    for before, token in zip([START] + story, story + [END]):
        log, h, c = decode_step(weights, before, encoded, h, c)
        logs.append(float(log[token]))
    return logs


def write(weights, prompt, most=MOST_TOKENS):
    """The greedy story; its log_prob is the mean over its tokens, <end> included where it was written."""
    encoded, h, c = encode(weights, prompt)
    story, logs, token = [], [], START
    while len(story) < most:
        log, h, c = decode_step(weights, token, encoded, h, c)
        allowed = log.copy()
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
