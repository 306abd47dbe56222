const LEGEND = [0, 0.05, 0.25, 0.5, 1];
const NAMED = 3;
const LINE_BREAK = '↵';

/** The words of a prompt, each shaded by how much the model looked at it, with the figure below. */
export class HeatMap {
  #list;
  #sentence;
  #words = [];
  #figures = [];

  /**
   * @param {HTMLElement} list holds the words of the prompt
   * @param {HTMLElement} sentence says the same in words
   * @param {HTMLElement} legend is filled with what the shades mean
   */
  constructor(list, sentence, legend) {
    this.#list = list;
    this.#sentence = sentence;
    legend.replaceChildren(
      ...LEGEND.map((weight) => shaded(element('li', percent(weight)), weight)),
    );
  }

  /**
   * @param {{text: string, known: boolean}[]} words of a prompt, of whose weights nothing is known
   *     yet
   */
  show(words) {
    this.#words = words.map(({ text }) => (text === '\n' ? LINE_BREAK : text));
    this.#figures = words.map(figure);
    this.#list.replaceChildren(...words.map(({ known }, at) => this.#item(at, known)));
    this.clear();
  }

  #item(at, known) {
    const item = element('li');
    item.append(element('span', this.#words[at], 'word'), this.#figures[at]);
    if (!known) {
      item.className = 'unknown';
      item.append(element('span', ' (unknown to the model)', 'unseen'));
    }
    return item;
  }

  /**
   * @param {string} word of the story
   * @param {number[]} weights one for each word of the prompt, 1 in all
   */
  weigh(word, weights) {
    this.#figures.forEach((shown, at) => {
      shown.textContent = percent(weights[at]);
      shaded(shown.parentElement, weights[at]);
    });
    this.#sentence.textContent = this.inWords(word, weights);
    this.#bringIntoView(weights.indexOf(Math.max(...weights)));
  }

  /** Shows no weights. */
  clear() {
    this.#figures.forEach((shown) => {
      shown.textContent = '–';
      shaded(shown.parentElement, 0);
    });
    this.#sentence.textContent =
      'Point at a word of the story, or walk through it with the arrow keys.';
  }

  /** What {@link weigh} shows, as a sentence. */
  inWords(word, weights) {
    return `“${isolated(word)}”: ${this.mostly(weights)}`;
  }

  /** The words of the prompt with the largest weights, with figures. */
  mostly(weights) {
    return this.#words
      .map((word, at) => ({ word, weight: weights[at] }))
      .sort((one, other) => other.weight - one.weight)
      .slice(0, NAMED)
      .map(({ word, weight }) => `${isolated(word)} ${percent(weight)}`)
      .join(', ');
  }

  /** Within the list only: the page itself must not move below the pointer. */
  #bringIntoView(at) {
    const list = this.#list.getBoundingClientRect();
    const item = this.#list.children[at].getBoundingClientRect();
    if (item.top < list.top || item.bottom > list.bottom) {
      this.#list.scrollTop += item.top - list.top - (list.height - item.height) / 2;
    }
  }
}

/** A word that may go from right to left, in a sentence that does not. */
function isolated(word) {
  return `\u2068${word}\u2069`;
}

function figure() {
  const made = element('span', '', 'figure');
  made.dir = 'ltr';
  return made;
}

function percent(weight) {
  return weight > 0 && weight < 0.005 ? '<1\u00a0%' : `${Math.round(weight * 100)}\u00a0%`;
}

/** Shades go by the root of a weight: over twenty words, most weights are small. */
function shaded(item, weight) {
  item.style.setProperty('--shade', Math.sqrt(weight).toFixed(3));
  return item;
}

function element(name, text = '', className = '') {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  return made;
}
