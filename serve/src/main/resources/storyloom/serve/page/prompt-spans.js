/** A word may stand behind an address or a remark that cleaning takes away, but not far behind. */
const FARTHEST = 400;

/**
 * Where the words of a prompt stand in what was typed. The model reads cleaned text, mostly in
 * lower case: a word that is not found there has no place.
 *
 * @param {string} typed
 * @param {{text: string}[]} words as the service tells them
 * @returns {{start: number, end: number}[]} one for each word that was found, with the word
 */
export function spans(typed, words) {
  const folded = fold(typed);
  const found = [];
  let from = 0;
  for (const word of words) {
    const text = fold(word.text);
    const start = folded.slice(0, from + FARTHEST).indexOf(text, from);
    if (start >= 0) {
      from = start + text.length;
      found.push({ start, end: from, word });
    }
  }
  return found;
}

/** In lower case, if that leaves every character where it is. */
function fold(text) {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text;
}
