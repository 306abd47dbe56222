const NAMES = ['prompt', 'length', 'temperature', 'strategy', 'seed'];

/** The settings of a story, as the form and the page's address hold them. */
export class Form {
  #more = document.getElementById('more');
  #token = document.getElementById('token');
  #fields;

  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.#fields = Object.fromEntries(NAMES.map((name) => [name, form.elements.namedItem(name)]));
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
   * @param {{max_tokens: number}} limits
   * @param {{max_tokens: number, strategy: string, temperature: number}} defaults
   */
  allow(limits, defaults) {
    const { length } = this.#fields;
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

  /** The body of POST /generate. */
  wish() {
    const { prompt, length, temperature, strategy } = this.#fields;
    return {
      prompt: prompt.value,
      strategy: strategy.value,
      max_tokens: length.valueAsNumber,
      ...(!temperature.disabled && { temperature: temperature.valueAsNumber }),
      seed: this.#seed(),
    };
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
    // few digits: it is read out, noted down, and typed in again
    return stated === '' ? Math.floor(Math.random() * 1e6) : Number(stated);
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
    document.getElementById('length-value').value = `${length.value} tokens`;
    length.setAttribute('aria-valuetext', `${length.value} tokens`);
    temperature.disabled = strategy.value !== 'sample';
    document.getElementById('temperature-value').value = temperature.disabled
      ? 'only for random words'
      : temperature.valueAsNumber.toFixed(2);
  }
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
