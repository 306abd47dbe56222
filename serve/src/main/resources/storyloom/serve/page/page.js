import { advice, tooLong } from './advice.js';
import { copy } from './clipboard.js';
import { download } from './download.js';
import { Form, address, newSeed, numbered } from './form.js';
import { asMarkdown, asText, fileName } from './manuscript.js';
import { introduce } from './model-line.js';
import { PromptNotes } from './prompt-notes.js';
import { PromptReading } from './prompt-reading.js';
import { Problem, model } from './service.js';
import { Sheet } from './sheet.js';
import { begin, text } from './story.js';
import { Visit } from './visit.js';
import { VisitList } from './visit-list.js';
import { write } from './writing.js';

const part = Object.fromEntries([...document.querySelectorAll('[id]')].map((one) => [one.id, one]));
const form = new Form(part.form);
const notes = new PromptNotes(part);
const reading = new PromptReading(
  () => form.token,
  (read) => notes.show(read, tokenizer),
);
const sheet = new Sheet(part, {
  spoken: (sentence) => (part.spoken.textContent = sentence),
  wanted: (what, card) => wanted[what]?.(card),
});
const visit = new Visit();
const list = new VisitList(part['visit-list'], part.compare, { show: open, pin });

let running = new AbortController();
let tokenizer = 'words';

/** Has stories written, side by side; those that are being written are given up. */
async function writeAll(wishes) {
  const run = anew();
  const before = sheet.stories;
  part.stop.hidden = false;
  part.another.hidden = true;
  sheet.show(wishes.map((wish) => begin(wish, tokenizer)));
  if (part.sheet.getBoundingClientRect().top > innerHeight / 2) {
    part.sheet.scrollIntoView();
  }
  try {
    // asked anew each time: the service may have gone over to another model
    const about = await model(form.token, run.signal);
    meet(about);
    const read = await reading.of(wishes[0].prompt);
    run.signal.throwIfAborted();
    if (read !== null && read.tokens > read.limit) {
      show(tooLong(read, tokenizer));
    } else {
      await writeCards(about.limits.attention && wishes[0].strategy !== 'beam', run.signal);
    }
  } catch (failure) {
    if (!run.signal.aborted) {
      complain(failure, false);
    }
  }
  if (running === run) {
    end(before);
  }
}

/** Once a story has begun, the way back leads to those that were shown before. */
async function writeCards(attention, signal) {
  const { cards } = sheet;
  const place = { shown: cards.map((card) => card.story.id) };
  let remembered = false;
  await Promise.all(
    cards.map((card) =>
      writeCard(card, { attention, token: form.token, signal }, () => {
        if (!remembered) {
          history.pushState(place, '', address(cards[0].story.wish));
        }
        remembered = true;
      }),
    ),
  );
}

/** A story that fails leaves those beside it alone. */
async function writeCard(card, how, begun) {
  const { story } = card;
  story.tokenizer = tokenizer;
  try {
    await write(story, how, {
      begun: () => {
        visit.add(story);
        card.begun();
        begun();
      },
      wrote: (word) => card.wrote(word),
    });
  } catch (failure) {
    complain(failure, text(story) !== '');
  }
  card.refresh();
  visit.save();
}

function end(before) {
  const focused = document.activeElement === part.stop;
  sheet.cards.filter((card) => card.story.model === '').forEach((card) => sheet.remove(card));
  if (sheet.cards.length === 0) {
    sheet.show(before);
  }
  settle();
  if (focused) {
    part.another.focus();
  }
}

/** Gives up what is being written; problems are over. */
function anew() {
  running.abort();
  running = new AbortController();
  part.problem.hidden = true;
  return running;
}

/** Nothing is being written. */
function settle() {
  const [first, ...others] = sheet.stories;
  part.stop.hidden = true;
  part.another.hidden =
    first === undefined || others.some((other) => other.wish.prompt !== first.wish.prompt);
  part.another.textContent = others.length === 0 ? 'Another one' : 'Others';
  tell();
}

/** Tells the list of what has changed. */
function tell() {
  const read = visit.stories.filter((story) => story.state !== 'writing' && text(story).trim());
  part.visit.hidden = read.length === 0;
  part.compare.hidden = read.length === 1;
  list.show(read, new Set(sheet.stories.map((story) => story.id)));
}

/** Shows stories of this visit; the form follows, unless something else is being typed there. */
function look(stories, arrive) {
  const typing = form.prompt !== '' && !sheet.stories.some(({ wish }) => wish.prompt === form.prompt);
  anew();
  sheet.show(stories);
  arrive();
  if (!typing) {
    readAddress();
  }
  settle();
}

function open(ids) {
  const stories = visit.find(ids);
  look(stories, () => history.pushState({ shown: ids }, '', address(stories[0].wish)));
  part['story-heading'].focus();
}

function pin(id) {
  visit.find([id]).forEach((story) => (story.pinned = !story.pinned));
  visit.save();
  sheet.cards.filter((card) => card.story.id === id).forEach((card) => card.refresh());
  tell();
}

function complain(failure, begun) {
  if (!(failure instanceof Problem)) {
    throw failure;
  }
  show(advice(failure, begun));
  if (failure.status === 401) {
    part.access.hidden = false;
    part.token.focus();
  }
}

function show({ what, todo }) {
  const strong = document.createElement('strong');
  strong.textContent = what;
  part.problem.replaceChildren(strong, ` ${todo}`);
  part.problem.hidden = false;
}

/** What can be done with a story. */
const wanted = {
  copy: (card) =>
    copied(
      card,
      text(card.story),
      'The story is copied.',
      'Your browser does not let this page copy. Select the story and copy it yourself.',
    ),
  share: (card) =>
    copied(
      card,
      address(card.story.wish),
      'The link is copied.',
      'Your browser does not let this page copy. Open the story in the list, and take the link from the address bar.',
    ),
  text: ({ story }) => download(`${fileName(story)}.txt`, asText(story), 'text/plain'),
  markdown: ({ story }) => download(`${fileName(story)}.md`, asMarkdown(story), 'text/markdown'),
  pin: ({ story }) => pin(story.id),
};

async function copied(card, copied, done, otherwise) {
  card.say((await copy(copied)) ? done : otherwise);
}

function meet(about) {
  ({ tokenizer } = about.shape);
  introduce(part.model, about);
}

function readAddress() {
  form.readAddress();
  reading.typed(form.prompt);
}

part.form.addEventListener('submit', (event) => {
  event.preventDefault();
  writeAll(form.wishes());
});
part.form.addEventListener('input', () => reading.typed(form.prompt));
part.stop.addEventListener('click', () => running.abort());
part.another.addEventListener('click', () => {
  const { stories } = sheet;
  form.forgetSeed();
  writeAll(
    form.prompt === stories[0].wish.prompt
      ? form.wishes()
      : numbered(stories[0].wish, newSeed(), stories.length),
  );
});
part.skip.addEventListener('click', (event) => {
  // the address holds the story's settings where other pages name a place in them
  event.preventDefault();
  part['story-heading'].focus();
});
addEventListener('popstate', ({ state }) => look(visit.find(state?.shown ?? []), () => {}));
addEventListener('hashchange', () => history.state ?? readAddress());
addEventListener('pagehide', () => visit.save());

sheet.show(visit.find(history.state?.shown ?? []));
settle();
try {
  const about = await model(form.token);
  meet(about);
  form.allow(about);
} catch (failure) {
  complain(failure, false);
}
readAddress();
