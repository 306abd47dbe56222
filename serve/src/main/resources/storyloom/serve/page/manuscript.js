import { firstWords, seed, text } from './story.js';

const LONGEST_TITLE = 80;
const LONGEST_NAME = 40;

/** A story as plain text, with its prompt and what it takes to have it again. */
export function asText(story) {
  return `${story.wish.prompt.trim()}\n\n${text(story).trim()}\n\n${origin(story)}\n`;
}

/** The same as Markdown. */
export function asMarkdown(story) {
  const title = escaped(firstWords(story.wish.prompt, LONGEST_TITLE));
  const paragraphs = text(story).trim().split(/\s*\n\s*/).map(escaped).join('\n\n');
  return `# ${title}\n\n${paragraphs}\n\n*${escaped(origin(story))}*\n`;
}

/** A name for its file, without the ending. */
export function fileName(story) {
  const words = firstWords(story.wish.prompt, LONGEST_NAME)
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
  return [words || 'story', seed(story)].filter((part) => part !== null).join('-');
}

function origin(story) {
  const { strategy, temperature } = story.wish;
  const how = [
    `model ${story.model}`,
    ...(strategy === 'sample' ? [`boldness ${temperature}`, `started from ${seed(story)}`] : []),
  ];
  return `Written by Storyloom: ${how.join(', ')}`;
}

/** So that no mark of a story is taken for one of Markdown's. */
function escaped(line) {
  return line
    .replace(/[\\`*_[\]<>#&]/g, '\\$&')
    .replace(/^[-+=~]/, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2');
}
