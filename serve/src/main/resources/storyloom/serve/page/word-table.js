/**
 * What a heat map shows one word at a time, for all words at once: the rows of a table.
 *
 * @param {{text: string, weights: number[]}[]} words of the story
 * @param {import('./heat-map.js').HeatMap} heatMap of the prompt
 * @returns {HTMLTableRowElement[]}
 */
export function rows(words, heatMap) {
  return words.map(({ text, weights }) => {
    const row = document.createElement('tr');
    const word = cell('th', text);
    word.scope = 'row';
    word.dir = 'auto';
    row.append(word, cell('td', heatMap.mostly(weights)));
    return row;
  });
}

function cell(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
