import { firstWords, seed, text } from './story.js';
import { counted } from './units.js';

const FEWEST = 2;
const MOST = 3;

/** The list of a visit's stories: open one, pin one, or choose some and see them side by side. */
export class VisitList {
  #list;
  #compare;
  #entries = new Map();
  #chosen = new Set();

  /**
   * @param {HTMLOListElement} list
   * @param {HTMLButtonElement} compare
   * @param {{show: (ids: string[]) => void, pin: (id: string) => void}} told of what is wanted
   */
  constructor(list, compare, told) {
    this.#list = list;
    this.#compare = compare;
    compare.addEventListener('click', () => told.show([...this.#chosen]));
    list.addEventListener('click', (event) => {
      const id = event.target.closest('li')?.dataset.story;
      if (event.target.closest('.open') !== null) {
        told.show([id]);
      } else if (event.target.closest('.pin') !== null) {
        told.pin(id);
      }
    });
    list.addEventListener('change', (event) => this.#choose(event.target));
  }

  /**
   * @param {import('./story.js').Story[]} stories in order
   * @param {Set<string>} shown ids of those that stand on the sheet
   */
  show(stories, shown) {
    const focused = document.activeElement;
    const entries = stories.map((story) => this.#entry(story, shown.has(story.id)));
    this.#list.replaceChildren(...entries);
    this.#entries = new Map(entries.map((entry) => [entry.dataset.story, entry]));
    this.#chosen.forEach((id) => this.#entries.has(id) || this.#chosen.delete(id));
    if (this.#list.contains(focused)) {
      focused.focus();
    }
    this.#count();
  }

  #entry(story, shown) {
    const entry = this.#entries.get(story.id) ?? made(story.id);
    const first = firstWords(text(story), 90);
    const number = seed(story);
    const [box, open, pin] = entry.children;
    open.querySelector('.first-words').textContent = first;
    open.querySelector('.hint').textContent = [
      firstWords(story.wish.prompt, 70),
      ...(story.tokens > 0 ? [counted(story.tokens, story.tokenizer)] : []),
      ...(number === null ? [] : [`from ${number}`]),
    ].join(' · ');
    open.ariaCurrent = shown ? 'true' : null;
    box.ariaLabel = `Compare: ${first}`;
    pin.ariaPressed = String(story.pinned);
    pin.ariaLabel = `Pin: ${first}`;
    return entry;
  }

  #choose(box) {
    const id = box.closest('li').dataset.story;
    if (box.checked) {
      this.#chosen.add(id);
    } else {
      this.#chosen.delete(id);
    }
    this.#count();
  }

  #count() {
    const chosen = this.#chosen.size;
    this.#compare.disabled = chosen < FEWEST;
    this.#compare.textContent = chosen < FEWEST ? 'Compare' : `Compare the ${chosen} ticked`;
    this.#entries.forEach((entry, id) => {
      entry.firstElementChild.disabled = chosen >= MOST && !this.#chosen.has(id);
    });
  }
}

function made(id) {
  const entry = document
    .getElementById('entry-template')
    .content.firstElementChild.cloneNode(true);
  entry.dataset.story = id;
  return entry;
}
