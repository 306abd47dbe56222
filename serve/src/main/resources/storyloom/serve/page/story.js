/**
 * A story of this visit: plain data, so that the browser can keep it.
 *
 * @typedef {object} Story
 * @property {string} id of this visit
 * @property {object} wish the body of POST /generate that it was written for
 * @property {string} tokenizer of its model: words or bpe
 * @property {string} model version; empty before the service has answered
 * @property {{text: string, tokens: number, known: boolean}[]} prompt its words
 * @property {{text: string, weights: number[]}[]} words of the story so far, each with the space
 *     before it; weights are of the words of the prompt, none where the model does not tell
 * @property {'writing' | 'stopped' | 'broken' | 'end' | 'length'} state
 * @property {number} tokens its length, once it is finished
 * @property {boolean} pinned
 */

/**
 * A story of which nothing is written yet.
 *
 * @param {object} wish
 * @param {string} tokenizer
 * @returns {Story}
 */
export function begin(wish, tokenizer) {
  return {
    id: `${Date.now().toString(36)}-${Math.floor(Math.random() * 1e9).toString(36)}`,
    wish,
    tokenizer,
    model: '',
    prompt: [],
    words: [],
    state: 'writing',
    tokens: 0,
    pinned: false,
  };
}

/** What is written so far. */
export function text(story) {
  return story.words.map((word) => word.text).join('');
}

/** The number from which the same story can be had again; null where chance has no part in it. */
export function seed(story) {
  return story.wish.strategy === 'sample' ? story.wish.seed : null;
}

/** Its first words, for lists and names of files. */
export function firstWords(text, most) {
  const line = text.trim().replace(/\s+/g, ' ');
  const cut = line.slice(0, most).replace(/\s+\S*$/, '');
  return line.length <= most ? line : `${cut.replace(/[\s.,;:]+$/, '')}…`;
}
