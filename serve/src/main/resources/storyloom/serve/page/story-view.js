/**
 * A story, word by word. With the keyboard it is one stop, within which the arrow keys walk from
 * word to word.
 */
export class StoryView {
  #element;
  #pointed;
  #words = [];
  #weights = new Map();
  #current = null;

  /**
   * @param {HTMLElement} element holds the story
   * @param {(word: {text: string, weights: number[]} | null, focused: boolean) => void} pointed is
   *     told of the word that is pointed at or focused; null for none
   */
  constructor(element, pointed) {
    this.#element = element;
    this.#pointed = pointed;
    element.addEventListener('pointerover', (event) => this.#tell(event.target, false));
    element.addEventListener('pointerleave', () => this.#tell(document.activeElement, false));
    element.addEventListener('focusin', (event) => this.#focused(event.target));
    element.addEventListener('focusout', () => this.#pointed(null, false));
    element.addEventListener('click', (event) => event.target.focus());
    element.addEventListener('keydown', (event) => this.#walk(event));
  }

  /** Words whose weights are known, in order. */
  get weighed() {
    return this.#words.map((word) => ({
      text: word.textContent,
      weights: this.#weights.get(word),
    }));
  }

  /**
   * Goes on with the story.
   *
   * @param {string} text as it follows on what is there
   * @param {number[]} weights of its token; empty if there are none
   */
  add(text, weights) {
    for (const part of text.match(/\n+|[^\S\n]+|\S+/g) ?? []) {
      if (part.startsWith('\n')) {
        this.#endParagraph();
      } else if (part.trim() === '') {
        this.#paragraph().append(part);
      } else {
        this.#paragraph().append(this.#word(part, weights));
      }
    }
  }

  #paragraph() {
    if (this.#element.lastElementChild === null) {
      this.#element.append(document.createElement('p'));
    }
    return this.#element.lastElementChild;
  }

  #endParagraph() {
    if (this.#element.lastElementChild?.hasChildNodes()) {
      this.#element.append(document.createElement('p'));
    }
  }

  #word(text, weights) {
    const word = document.createElement('span');
    word.textContent = text;
    if (weights.length > 0) {
      this.#weights.set(word, weights);
      word.tabIndex = this.#words.length === 0 ? 0 : -1;
      this.#words.push(word);
      this.#current ??= word;
    }
    return word;
  }

  #tell(word, focused) {
    const weights = this.#weights.get(word);
    if (weights !== undefined) {
      this.#pointed({ text: word.textContent, weights }, focused);
    } else if (!this.#element.contains(word)) {
      this.#pointed(null, focused);
    }
  }

  #focused(word) {
    this.#current.tabIndex = -1;
    word.tabIndex = 0;
    this.#current = word;
    this.#tell(word, true);
  }

  #walk(event) {
    const at = this.#words.indexOf(event.target);
    if (at < 0 || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    const onwards = getComputedStyle(this.#element).direction === 'rtl' ? -1 : 1;
    const next = {
      ArrowRight: () => this.#words[at + onwards],
      ArrowLeft: () => this.#words[at - onwards],
      ArrowDown: () => this.#inLine(event.target, 1),
      ArrowUp: () => this.#inLine(event.target, -1),
      Home: () => this.#words[0],
      End: () => this.#words.at(-1),
    }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      next()?.focus();
    }
  }

  /** The nearest word in the line below or above. */
  #inLine(word, direction) {
    const from = word.getBoundingClientRect();
    const boxes = this.#words.map((other) => ({ other, box: other.getBoundingClientRect() }));
    const beyond = boxes.filter(({ box }) => (box.top - from.top) * direction > from.height / 2);
    const distance = ({ box }) =>
      Math.abs(box.top - from.top) * 1000 +
      Math.abs(box.left + box.width / 2 - from.left - from.width / 2);
    return beyond.sort((one, other) => distance(one) - distance(other))[0]?.other;
  }
}
