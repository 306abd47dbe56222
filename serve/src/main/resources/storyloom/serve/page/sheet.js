import { StoryCard } from './story-card.js';

/** The stories that are looked at, side by side. */
export class Sheet {
  #part;
  #told;
  #cards = [];

  /**
   * @param {{cards: HTMLElement, empty: HTMLElement, about: HTMLElement,
   *     'story-heading': HTMLElement}} part of the page
   * @param {object} told as {@link StoryCard} has it
   */
  constructor(part, told) {
    this.#part = part;
    this.#told = told;
  }

  /** The cards, from left to right. */
  get cards() {
    return this.#cards;
  }

  /** The stories, from left to right. */
  get stories() {
    return this.#cards.map((card) => card.story);
  }

  /**
   * Shows stories in the place of those before.
   *
   * @param {import('./story.js').Story[]} stories none for an empty sheet
   */
  show(stories) {
    this.#place(stories.map((story) => new StoryCard(story, this.#told)));
  }

  /** Takes a card away. */
  remove(card) {
    this.#place(this.#cards.filter((other) => other !== card));
  }

  #place(cards) {
    this.#cards = cards;
    const prompts = new Set(this.stories.map((story) => story.wish.prompt));
    cards.forEach((card, at) => card.name(at + 1, cards.length, prompts.size > 1));
    this.#part.about.textContent = prompts.size === 1 ? this.stories[0].wish.prompt.trim() : '';
    this.#part.cards.replaceChildren(...cards.map((card) => card.element));
    this.#part.empty.hidden = cards.length > 0;
    document.body.classList.toggle('several', cards.length > 1);
    this.#part['story-heading'].textContent = cards.length > 1 ? 'The stories' : 'The story';
  }
}
