const KEY = 'storyloom.stories';
const MOST = 40;

/**
 * The stories of this visit. The browser keeps them for this tab until it is closed; where it does
 * not, they stay as long as the page.
 */
export class Visit {
  /** @type {import('./story.js').Story[]} the newest last */
  #stories = kept();

  /** Pinned ones first, then the newest first. */
  get stories() {
    const newest = [...this.#stories].reverse();
    return [...newest.filter((story) => story.pinned), ...newest.filter((story) => !story.pinned)];
  }

  /**
   * Those of some ids, in their order; those that are gone are left out.
   *
   * @param {string[]} ids
   */
  find(ids) {
    return ids
      .map((id) => this.#stories.find((story) => story.id === id))
      .filter((story) => story !== undefined);
  }

  /** Takes up a story that was not there before. */
  add(story) {
    this.#stories.push(story);
  }

  /** Has the browser keep all as they are now; the oldest that is not pinned goes first. */
  save() {
    while (this.#stories.length > MOST && this.#forgetOldest());
    while (!keep(this.#stories) && this.#forgetOldest());
  }

  #forgetOldest() {
    const oldest = this.#stories.findIndex((story) => !story.pinned);
    // the newest one is being read
    const found = oldest >= 0 && oldest < this.#stories.length - 1;
    if (found) {
      this.#stories.splice(oldest, 1);
    }
    return found;
  }
}

function kept() {
  try {
    const stories = JSON.parse(sessionStorage.getItem(KEY) ?? '[]');
    // whoever wrote them is gone
    return stories.map((story) =>
      story.state === 'writing' ? { ...story, state: 'stopped' } : story,
    );
  } catch {
    return [];
  }
}

/** Whether there is room for them, or none at all that could be made. */
function keep(stories) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(stories));
    return true;
  } catch (failure) {
    return failure.name !== 'QuotaExceededError';
  }
}
