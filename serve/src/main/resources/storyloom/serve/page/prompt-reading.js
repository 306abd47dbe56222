import { Problem, read } from './service.js';

/** How long nothing is typed before the service is asked. Unit: milliseconds. */
const PAUSE = 250;

/** What the model makes of a prompt while it is typed. */
export class PromptReading {
  #token;
  #told;
  #timer = 0;
  #running = new AbortController();
  #known = { prompt: '', reading: null };
  #refusedToken = null;

  /**
   * @param {() => string} token to show to the service
   * @param {(reading: object | null) => void} told of what was read; null for nothing, or where the
   *     service does not tell
   */
  constructor(token, told) {
    this.#token = token;
    this.#told = told;
  }

  /** Has the service read a prompt, unless more is typed at once; until then the last one stands. */
  typed(prompt) {
    clearTimeout(this.#timer);
    this.#running.abort();
    this.#told(prompt.trim() === '' ? null : this.#known.reading);
    this.#timer = setTimeout(() => this.of(prompt), PAUSE);
  }

  /**
   * What the model makes of a prompt.
   *
   * @returns {Promise<object | null>} null where the service does not tell
   */
  async of(prompt) {
    clearTimeout(this.#timer);
    this.#running.abort();
    if (prompt !== this.#known.prompt) {
      this.#running = new AbortController();
      const { signal } = this.#running;
      const reading = await this.#ask(prompt, signal);
      if (signal.aborted) {
        return null;
      }
      this.#known = { prompt: reading === null ? '' : prompt, reading };
    }
    this.#told(this.#known.reading);
    return this.#known.reading;
  }

  async #ask(prompt, signal) {
    const token = this.#token();
    if (prompt.trim() === '' || token === this.#refusedToken) {
      return null;
    }
    try {
      return await read(prompt, token, signal);
    } catch (failure) {
      if (failure instanceof Problem && failure.status === 401) {
        // each try costs a connection; a story asks for the token
        this.#refusedToken = token;
      } else if (!(failure instanceof Problem) && !signal.aborted) {
        throw failure;
      }
      return null;
    }
  }
}
