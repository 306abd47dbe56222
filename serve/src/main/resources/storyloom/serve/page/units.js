/**
 * A length in plain words. Tokens are words and marks to most models, and pieces of words to some.
 *
 * @param {number} tokens
 * @param {string} tokenizer words or bpe
 */
export function counted(tokens, tokenizer) {
  return `${tokens} ${unit(tokens, tokenizer)}`;
}

/** What so many tokens are called. */
export function unit(tokens, tokenizer) {
  const one = tokens === 1;
  if (tokenizer === 'bpe') {
    return one ? 'piece of a word' : 'pieces of words';
  }
  return one ? 'word' : 'words';
}

/** What counts. */
export function explained(tokenizer) {
  return tokenizer === 'bpe'
    ? 'The model writes rare words in several pieces, and each counts.'
    : 'Marks such as commas count as well.';
}
