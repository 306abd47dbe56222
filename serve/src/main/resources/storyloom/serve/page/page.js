import { advice, noAttention, outcome } from './advice.js';
import { copy } from './clipboard.js';
import { Form, address } from './form.js';
import { HeatMap } from './heat-map.js';
import { Problem, generate, model } from './service.js';
import { StoryView } from './story-view.js';
import { rows } from './word-table.js';

const part = Object.fromEntries([...document.querySelectorAll('[id]')].map((one) => [one.id, one]));
const form = new Form(part.form);
const heatMap = new HeatMap(part['prompt-words'], part['looked-at'], part.legend);
const story = new StoryView(part.story, point);

let running = new AbortController();
let wish = null;

/** Has the story of the form written; one that is being written is given up. */
async function write() {
  running.abort();
  const run = new AbortController();
  running = run;
  wish = form.wish();
  begin();
  try {
    // asked anew each time: the service may have gone over to another model
    const about = await model(form.token, run.signal);
    part.model.textContent = `Model ${about.model}`;
    const attention = about.limits.attention && wish.strategy !== 'beam';
    for await (const { name, data } of generate({ ...wish, attention }, form.token, run.signal)) {
      run.signal.throwIfAborted();
      told[name]?.(data);
    }
  } catch (failure) {
    if (running !== run) {
      return;
    }
    if (run.signal.aborted) {
      say('Stopped. What was written stays here.');
    } else if (failure instanceof Problem) {
      show(failure);
    } else {
      throw failure;
    }
  }
  if (running === run) {
    end();
  }
}

/** What is done with each event of a story. */
const told = {
  prompt(data) {
    heatMap.show(data.prompt);
    part.colophon.textContent = `Model ${data.model}${wish.strategy === 'sample' ? ` · seed ${data.seed}` : ''}`;
  },

  token(data) {
    add(data.text, data.weights ?? []);
  },

  story(data) {
    if (story.text !== data.story) {
      story.clear();
      add(data.story, []);
    }
    part['no-attention'].textContent = noAttention(wish.strategy);
    part['no-attention'].hidden = story.weighed.length > 0 || story.text === '';
    part['every-word'].hidden = story.weighed.length === 0;
    say(outcome(data));
  },
};

function add(text, weights) {
  part.attention.hidden &&= weights.length === 0;
  story.add(text, weights);
}

function begin() {
  history.replaceState(null, '', address(wish));
  for (const one of [
    'problem',
    'attention',
    'no-attention',
    'every-word',
    'another',
    'copy',
    'share',
  ]) {
    part[one].hidden = true;
  }
  part['every-word'].open = false;
  part.colophon.textContent = '';
  part.stop.hidden = false;
  part.story.ariaBusy = 'true';
  story.clear();
  say(
    wish.strategy === 'beam'
      ? 'Searching. The story appears all at once, when it is found.'
      : 'Writing…',
  );
  if (part.story.getBoundingClientRect().top > innerHeight / 2) {
    part['story-heading'].scrollIntoView();
  }
}

function end() {
  const focused = document.activeElement === part.stop;
  part.stop.hidden = true;
  const nothing = !part.problem.hidden && story.text === '';
  part.another.hidden = nothing;
  part.copy.hidden = story.text === '';
  part.share.hidden = nothing;
  part.story.ariaBusy = 'false';
  if (focused) {
    part.another.focus();
  }
}

function show(problem) {
  const { what, todo } = advice(problem, story.text !== '');
  const strong = document.createElement('strong');
  strong.textContent = what;
  part.problem.replaceChildren(strong, ` ${todo}`);
  part.problem.hidden = false;
  say('');
  if (problem.status === 401) {
    part.access.hidden = false;
    part.token.focus();
  }
}

function say(text) {
  part.status.textContent = text;
}

function point(word, focused) {
  if (word === null) {
    heatMap.clear();
    return;
  }
  heatMap.weigh(word.text, word.weights);
  if (focused) {
    part.spoken.textContent = heatMap.inWords(word.text, word.weights);
  }
}

async function copied(text, done, otherwise) {
  say((await copy(text)) ? done : otherwise);
}

async function introduce() {
  try {
    const about = await model(form.token);
    part.model.textContent = `Model ${about.model}`;
    form.allow(about.limits, about.defaults);
  } catch (failure) {
    if (!(failure instanceof Problem)) {
      throw failure;
    }
    show(failure);
  }
  form.readAddress();
}

part.form.addEventListener('submit', (event) => {
  event.preventDefault();
  write();
});
part.stop.addEventListener('click', () => running.abort());
part.another.addEventListener('click', () => {
  form.forgetSeed();
  write();
});
part.copy.addEventListener('click', () =>
  copied(
    story.text,
    'The story is copied.',
    'Your browser does not let this page copy. Select the story and copy it yourself.',
  ),
);
part.share.addEventListener('click', () =>
  copied(
    address(wish),
    'The link is copied.',
    'Your browser does not let this page copy. The link stands in the address bar.',
  ),
);
part['every-word'].addEventListener('toggle', () =>
  part['every-word-rows'].replaceChildren(
    ...(part['every-word'].open ? rows(story.weighed, heatMap) : []),
  ),
);
part.skip.addEventListener('click', (event) => {
  // the address holds the story's settings where other pages name a place in them
  event.preventDefault();
  part['story-heading'].focus();
});
addEventListener('hashchange', () => form.readAddress());

await introduce();
