import { counted, explained } from './units.js';

const NAMES = ['prompt', 'length', 'temperature', 'strategy', 'seed'];

/** The settings of a story, as the form and the page's address hold them. */
export class Form {
  #more = document.getElementById('more');
  #token = document.getElementById('token');
  #howMany = document.getElementById('how-many');
  #tokenizer = 'words';
  #fields;
  #stories;

  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.#fields = Object.fromEntries(NAMES.map((name) => [name, form.elements.namedItem(name)]));
    this.#stories = form.elements.namedItem('stories');
    const { prompt } = this.#fields;
    form.addEventListener('input', () => this.#show());
    // a field that is hidden could not be pointed out
    form.addEventListener(
      'invalid',
      (event) => (this.#more.open ||= this.#more.contains(event.target)),
      true,
    );
    form.querySelectorAll('.example').forEach((example) =>
      example.addEventListener('click', () => {
        prompt.value = example.textContent;
        prompt.dispatchEvent(new Event('input', { bubbles: true }));
        prompt.focus();
      }),
    );
    prompt.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
    this.#show();
  }

  /**
   * Takes over what the service allows, and what it does unless told otherwise.
   *
   * @param {{limits: {max_tokens: number, n: number}, shape: {tokenizer: string},
   *     defaults: {max_tokens: number, strategy: string, temperature: number}}} about the model
   */
  allow({ limits, shape, defaults }) {
    const { length } = this.#fields;
    this.#tokenizer = shape.tokenizer;
    document.getElementById('length-hint').textContent = explained(shape.tokenizer);
    this.#howMany.hidden = limits.n === 1;
    this.#stories.forEach((choice) => (choice.parentElement.hidden = choice.value > limits.n));
    length.max = limits.max_tokens;
    length.min = Math.min(length.min, limits.max_tokens);
    const { max_tokens: most, strategy, temperature } = defaults;
    this.#set({ length: most, strategy, temperature });
  }

  /** Takes over the settings that stand in the page's address. */
  readAddress() {
    const stated = new URLSearchParams(location.hash.slice(1) || location.search);
    this.#set(Object.fromEntries(stated));
    this.#more.open ||= stated.has('seed') || stated.has('strategy');
  }

  /**
   * The body of POST /generate for each of the stories that are asked for, each of which starts from
   * a number of its own, by which it can be had again alone.
   *
   * @returns {object[]}
   */
  wishes() {
    const { prompt, length, temperature, strategy } = this.#fields;
    const wish = {
      prompt: prompt.value,
      strategy: strategy.value,
      max_tokens: length.valueAsNumber,
      ...(!temperature.disabled && { temperature: temperature.valueAsNumber }),
    };
    return numbered(wish, this.#seed(), temperature.disabled ? 1 : Number(this.#stories.value));
  }

  /** The prompt as it stands there. */
  get prompt() {
    return this.#fields.prompt.value;
  }

  /** Forgets the seed, so that the next story is another one. */
  forgetSeed() {
    this.#fields.seed.value = '';
  }

  /** The access token; empty if none was entered. */
  get token() {
    return this.#token.value;
  }

  #seed() {
    const stated = this.#fields.seed.value;
    return stated === '' ? newSeed() : Number(stated);
  }

  #set(values) {
    for (const name of NAMES) {
      if (values[name] !== undefined && this.#fits(name, values[name])) {
        this.#fields[name].value = values[name];
      }
    }
    this.#show();
  }

  #fits(name, value) {
    switch (name) {
      case 'prompt':
        return true;
      case 'strategy':
        return [...this.#fields.strategy.options].some((option) => option.value === value);
      case 'seed':
        return /^\d{1,15}$/.test(value);
      default:
        return value !== '' && Number.isFinite(Number(value));
    }
  }

  #show() {
    const { length, temperature, strategy } = this.#fields;
    const most = counted(length.valueAsNumber, this.#tokenizer);
    document.getElementById('length-value').value = most;
    length.setAttribute('aria-valuetext', most);
    temperature.disabled = strategy.value !== 'sample';
    this.#howMany.disabled = temperature.disabled;
    document.getElementById('temperature-value').value = temperature.disabled
      ? 'only for random words'
      : temperature.valueAsNumber.toFixed(2);
  }
}

/** A number to start from; of few digits, as it is read out, noted down, and typed in again. */
export function newSeed() {
  return Math.floor(Math.random() * 1e6);
}

/** The same wish for several stories that start from one number after the other. */
export function numbered(wish, seed, stories) {
  return Array.from({ length: stories }, (_, at) => ({ ...wish, seed: seed + at }));
}

/**
 * An address that opens this page with a wish filled in. It stands behind the # sign: browsers keep
 * that part to themselves, so that no prompt ends up in the log of a server and none is too long.
 *
 * @param {object} wish the body of POST /generate
 */
export function address(wish) {
  const stated = new URLSearchParams({
    prompt: wish.prompt,
    length: wish.max_tokens,
    strategy: wish.strategy,
    ...(wish.temperature !== undefined && { temperature: wish.temperature }),
    seed: wish.seed,
  });
  return `${location.origin}${location.pathname}#${stated}`;
}
