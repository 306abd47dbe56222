import { text } from './story.js';
import { counted } from './units.js';

/**
 * A problem in plain words.
 *
 * @param {import('./service.js').Problem} problem
 * @param {boolean} begun whether a part of the story was written before
 * @returns {{what: string, todo: string}} what has happened, and what to do
 */
export function advice(problem, begun) {
  const said = sentence(problem.detail);
  switch (true) {
    case problem.status === 0 && begun:
      return {
        what: 'The connection was lost before the story was finished.',
        todo: 'What was written so far stays here. Write the story again to have all of it.',
      };
    case problem.status === 0:
      return {
        what: 'The service cannot be reached.',
        todo: 'See whether you are online and the service runs, then try again.',
      };
    case problem.status === 401:
      return {
        what: 'This service asks for an access token.',
        todo: 'Enter yours, then write the story.',
      };
    case problem.status === 403:
      return {
        what: 'Your access token does not allow this.',
        todo: 'Ask whoever runs the service for one that does.',
      };
    case problem.status === 413:
      return { what: 'The prompt is too long.', todo: `Shorten it, then try again. ${said}` };
    case problem.status === 429:
      return {
        what: 'The service is busy.',
        todo: `${later(problem.retryAfter)} Your prompt stays as it is.`,
      };
    case problem.status === 503:
      return {
        what: sentence(problem.title) || 'The service is not ready to write stories.',
        todo: `${later(problem.retryAfter)} ${said}`,
      };
    case problem.status >= 500:
      return {
        what: 'The service failed to write this story.',
        todo: `Try again; if it fails once more, tell whoever runs the service. ${said}`,
      };
    default:
      return {
        what: 'The service cannot write a story for this.',
        todo: `${said} Change the prompt or the settings, then try again.`,
      };
  }
}

/**
 * A prompt of which the model cannot read all, in plain words.
 *
 * @param {{tokens: number, limit: number}} reading of the prompt
 * @param {string} tokenizer of the model
 */
export function tooLong({ tokens, limit }, tokenizer) {
  const beyond = counted(tokens - limit, tokenizer);
  return {
    what: 'The prompt is too long.',
    todo: `Shorten it by ${beyond}: this model reads ${limit}.`,
  };
}

/**
 * How it goes with a story, in plain words.
 *
 * @param {import('./story.js').Story} story
 */
export function outcome(story) {
  const length = counted(story.tokens, story.tokenizer);
  switch (story.state) {
    case 'writing':
      return story.wish.strategy === 'beam'
        ? 'Searching. The story appears all at once, when it is found.'
        : 'Writing…';
    case 'stopped':
      return 'Stopped. What was written stays here.';
    case 'broken':
      return 'It was not finished. What was written stays here.';
    default:
      if (text(story).trim() === '') {
        return 'The model wrote an empty story. Another one, from another number, may have words.';
      }
      return story.state === 'length'
        ? `The story was cut at its greatest length, ${length}. Allow more, and it may come to an end.`
        : `The story is finished: ${length}.`;
  }
}

/**
 * Why nothing is shown of what the model looked at.
 *
 * @param {string} strategy by which the story was written
 */
export function noAttention(strategy) {
  return strategy === 'beam'
    ? 'A search for the likeliest story cannot show what the model looked at; the other ways to choose words can.'
    : 'This model has no attention, so there is nothing to show of what it looked at.';
}

function later(seconds) {
  if (seconds === null) {
    return 'Try again in a moment.';
  }
  return seconds === 1 ? 'Try again in a second.' : `Try again in ${seconds} seconds.`;
}

function sentence(detail) {
  if (detail === '') {
    return '';
  }
  const capital = detail[0].toUpperCase() + detail.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
