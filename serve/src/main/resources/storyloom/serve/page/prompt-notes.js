import { tooLong } from './advice.js';
import { PromptMarks } from './prompt-marks.js';
import { unit } from './units.js';

const MOST_NAMED = 6;
const LONGEST_NAME = 24;

/** What stands below the prompt while it is typed, and the marks in it. */
export class PromptNotes {
  #part;
  #marks;

  /**
   * @param {{prompt: HTMLTextAreaElement, marks: HTMLElement, count: HTMLElement,
   *     'too-long': HTMLElement, unknown: HTMLElement}} part of the page
   */
  constructor(part) {
    this.#part = part;
    this.#marks = new PromptMarks(part.marks, part.prompt);
  }

  /**
   * @param {{tokens: number, limit: number, words: object[]} | null} reading null if nothing is
   *     known of the prompt
   * @param {string} tokenizer of the model
   */
  show(reading, tokenizer) {
    this.#marks.show(reading);
    const beyond = reading !== null && reading.tokens > reading.limit;
    this.#part.count.textContent =
      reading === null
        ? ''
        : `${reading.tokens} of ${reading.limit} ${unit(reading.limit, tokenizer)}`;
    this.#part.prompt.ariaInvalid = String(beyond);
    const { what, todo } = beyond ? tooLong(reading, tokenizer) : { what: '', todo: '' };
    say(this.#part['too-long'], `${what} ${todo}`.trim());
    say(this.#part.unknown, reading === null ? '' : unknown(reading.words));
  }
}

/** What is said twice is read out twice. */
function say(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

function unknown(words) {
  const lacking = words.filter(({ known }) => !known);
  const names = [...new Set(lacking.map(({ text }) => `“${shortened(text)}”`))];
  if (names.length === 0) {
    return '';
  }
  const named = names.slice(0, MOST_NAMED).join(', ');
  const others = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  return `Unknown to the model: ${named}${others}. It sees only that some word stands there.`;
}

function shortened(word) {
  return word.length <= LONGEST_NAME ? word : `${word.slice(0, LONGEST_NAME)}…`;
}
