import { spans } from './prompt-spans.js';

/** Marks in a text field, which can have none: they stand in a layer below, letter for letter. */
export class PromptMarks {
  #layer;
  #field;

  /**
   * @param {HTMLElement} layer lies below the field, set in the same type
   * @param {HTMLTextAreaElement} field
   */
  constructor(layer, field) {
    this.#layer = layer;
    this.#field = field;
    field.addEventListener('scroll', () => this.#follow());
  }

  /**
   * @param {{tokens: number, limit: number, words: {text: string, known: boolean}[]} | null}
   *     reading of what stands in the field; null for no marks
   */
  show(reading) {
    const typed = this.#field.value;
    const pieces = [];
    let at = 0;
    const mark = (start, end, kind) => {
      pieces.push(typed.slice(at, start), marked(typed.slice(start, end), kind));
      at = end;
    };
    const found = reading === null ? [] : spans(typed, reading.words);
    found
      .filter(({ word }) => !word.known)
      .forEach(({ start, end }) => mark(start, end, 'unknown'));
    if (reading !== null && reading.tokens > reading.limit) {
      mark(Math.max(at, found.at(-1)?.end ?? 0), typed.length, 'beyond');
    }
    // a line that is empty so far has its height as well
    this.#layer.replaceChildren(...pieces, `${typed.slice(at)}\u200b`);
    this.#follow();
  }

  #follow() {
    this.#layer.scrollTop = this.#field.scrollTop;
  }
}

function marked(text, kind) {
  const mark = document.createElement('mark');
  mark.className = kind;
  mark.textContent = text;
  return mark;
}
