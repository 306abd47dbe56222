import { generate, Problem } from './service.js';

/**
 * Has a story written.
 *
 * @param {import('./story.js').Story} story grows as it is written
 * @param {{attention: boolean, token: string, signal: AbortSignal}} how
 * @param {{begun: () => void, wrote: (word: {text: string, weights: number[]}) => void}} told of
 *     what is new in the story
 * @throws {Problem} the story keeps what was written before
 */
export async function write(story, { attention, token, signal }, told) {
  try {
    for await (const { name, data } of generate({ ...story.wish, attention }, token, signal)) {
      signal.throwIfAborted();
      took[name]?.(story, data, told);
    }
  } catch (failure) {
    story.state = signal.aborted ? 'stopped' : 'broken';
    if (!signal.aborted) {
      throw failure;
    }
  }
}

const took = {
  prompt(story, data, told) {
    story.model = data.model;
    story.prompt = data.words;
    told.begun();
  },

  token(story, data, told) {
    const word = { text: data.text, weights: perWord(data.weights ?? [], story.prompt) };
    story.words.push(word);
    told.wrote(word);
  },

  story(story, data, told) {
    if (story.words.length === 0 && data.story !== '') {
      const whole = { text: data.story, weights: [] };
      story.words.push(whole);
      told.wrote(whole);
    }
    story.tokens = data.tokens;
    story.state = data.finish_reason;
  },
};

/** Weights of words, each the sum of those of its tokens. */
function perWord(weights, words) {
  if (weights.length === 0) {
    return [];
  }
  let at = 0;
  return words.map(({ tokens }) => {
    const own = weights.slice(at, (at += tokens));
    return Math.round(own.reduce((sum, weight) => sum + weight, 0) * 1e4) / 1e4;
  });
}
