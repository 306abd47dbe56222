import { events } from './events.js';

/** What the service has to say where there is no story: its problem details, or none if it was not reached. */
export class Problem extends Error {
  /**
   * @param {number} status of HTTP; 0 if the service was not reached or went away
   * @param {{title?: string, detail?: string}} told in the service's words
   * @param {number | null} retryAfter seconds after which it may be tried again
   */
  constructor(status, told = {}, retryAfter = null) {
    super(told.title);
    this.status = status;
    this.title = told.title ?? '';
    this.detail = told.detail ?? '';
    this.retryAfter = retryAfter;
  }
}

/**
 * What the service tells of its model, its limits and its defaults.
 *
 * @param {string} token empty if none is needed
 * @param {AbortSignal} [signal] ends it
 * @throws {Problem}
 */
export async function model(token, signal) {
  return (await answer('model', { headers: authorization(token), signal })).json();
}

/**
 * What the model makes of a prompt: its length in tokens, and its words.
 *
 * @param {string} prompt
 * @param {string} token empty if none is needed
 * @param {AbortSignal} signal ends it
 * @returns {Promise<{tokens: number, limit: number, words: object[]}>}
 * @throws {Problem}
 */
export async function read(prompt, token, signal) {
  return (await answer('prompt', post({ prompt }, token, signal))).json();
}

/**
 * Has a story written.
 *
 * @param {object} wish the body of POST /generate
 * @param {string} token empty if none is needed
 * @param {AbortSignal} signal ends it
 * @yields {{name: 'prompt' | 'token' | 'story', data: object}} as they come; the last one is the story
 * @throws {Problem} also if the connection ends before the story does
 */
export async function* generate(wish, token, signal) {
  const request = post(wish, token, signal);
  request.headers.Accept = 'text/event-stream';
  const response = await answer('generate', request);
  for await (const { name, data } of connected(events(response.body), signal)) {
    const told = JSON.parse(data);
    if (name === 'problem') {
      throw new Problem(told.status, told);
    }
    yield { name, data: told };
    if (name === 'story') {
      return;
    }
  }
  throw new Problem(0);
}

function post(body, token, signal) {
  return {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...authorization(token) },
    body: JSON.stringify(body),
    signal,
  };
}

function authorization(token) {
  return token === '' ? {} : { Authorization: `Bearer ${token}` };
}

async function answer(path, request) {
  const response = await fetch(path, request).catch((failure) => {
    throw request.signal?.aborted ? failure : new Problem(0);
  });
  if (response.ok) {
    return response;
  }
  const told = await response.json().catch(() => ({}));
  const wait = Number.parseInt(response.headers.get('Retry-After'), 10);
  throw new Problem(response.status, told, Number.isNaN(wait) ? null : wait);
}

async function* connected(stream, signal) {
  try {
    yield* stream;
  } catch (failure) {
    throw signal.aborted ? failure : new Problem(0);
  }
}
