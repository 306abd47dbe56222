import { noAttention, outcome } from './advice.js';
import { HeatMap } from './heat-map.js';
import { seed, text } from './story.js';
import { StoryView } from './story-view.js';
import { rows } from './word-table.js';

/** One story, with what the model looked at and what can be done with it. */
export class StoryCard {
  #story;
  #spoken;
  #heatMap;
  #view;

  /** The card itself. */
  element = document.getElementById('card-template').content.firstElementChild.cloneNode(true);

  /**
   * @param {import('./story.js').Story} story is shown as far as it is written
   * @param {{spoken: (sentence: string) => void, wanted: (what: string, card: StoryCard) => void}}
   *     told of what a screen reader is to say, and of what is to be done
   */
  constructor(story, told) {
    this.#story = story;
    this.#spoken = told.spoken;
    this.#heatMap = new HeatMap(
      this.#part('.prompt-words'),
      this.#part('.looked-at'),
      this.#part('.legend ul'),
    );
    this.#view = new StoryView(this.#part('article'), (word, focused) =>
      this.#point(word, focused),
    );
    this.#part('.for-later').addEventListener('click', (event) =>
      told.wanted(event.target.value, this),
    );
    this.#part('.every-word').addEventListener('toggle', () => this.#tabulate());
    this.#part('.about').textContent = story.wish.prompt.trim();
    this.begun();
    story.words.forEach((word) => this.wrote(word));
    this.refresh();
  }

  /** The story that it shows. */
  get story() {
    return this.#story;
  }

  /** The words of the prompt are known now. */
  begun() {
    this.#heatMap.show(this.#story.prompt);
    this.#part('.of-unknown').hidden = this.#story.prompt.every(({ known }) => known);
    const number = seed(this.#story);
    this.#part('.colophon').textContent = [
      ...(this.#story.model === '' ? [] : [`Model ${this.#story.model}`]),
      ...(number === null ? [] : [`started from ${number}`]),
    ].join(' · ');
  }

  /** The story has a word more. */
  wrote({ text, weights }) {
    this.#part('.attention').hidden &&= weights.length === 0;
    this.#view.add(text, weights);
  }

  /** Shows how it goes with the story. */
  refresh() {
    const { state, wish, pinned } = this.#story;
    const nothing = text(this.#story).trim() === '';
    const weighed = this.#view.weighed.length > 0;
    this.#part('article').ariaBusy = String(state === 'writing');
    this.say(outcome(this.#story));
    this.#part('.no-attention').textContent = noAttention(wish.strategy);
    this.#part('.no-attention').hidden = state === 'writing' || nothing || weighed;
    this.#part('.every-word').hidden = state === 'writing' || !weighed;
    this.#part('.for-later').hidden = state === 'writing' || nothing;
    this.#part('[value=pin]').ariaPressed = String(pinned);
  }

  /** Says something about the story. */
  say(sentence) {
    this.#part('.status').textContent = sentence;
  }

  /**
   * Tells it apart from those beside it.
   *
   * @param {number} at its place, from 1
   * @param {number} of how many
   * @param {boolean} ownPrompt whether its prompt is not that of all
   */
  name(at, of, ownPrompt) {
    this.element.ariaLabel = of === 1 ? 'Story' : `Story ${at} of ${of}`;
    this.#part('.about').hidden = !ownPrompt;
  }

  #part(selector) {
    return this.element.querySelector(selector);
  }

  #point(word, focused) {
    if (word === null) {
      this.#heatMap.clear();
      return;
    }
    this.#heatMap.weigh(word.text, word.weights);
    if (focused) {
      this.#spoken(this.#heatMap.inWords(word.text, word.weights));
    }
  }

  #tabulate() {
    const shown = this.#part('.every-word').open ? rows(this.#view.weighed, this.#heatMap) : [];
    this.#part('tbody').replaceChildren(...shown);
  }
}
