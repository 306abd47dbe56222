/**
 * The server-sent events of a body, as they come. One that is cut off before its blank line is not
 * told.
 *
 * @param {ReadableStream<Uint8Array>} body
 * @yields {{name: string, data: string}}
 */
export async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      rest = (rest + value).replaceAll('\r\n', '\n');
      const blocks = rest.split('\n\n');
      rest = blocks.pop();
      yield* blocks.map(event).filter((read) => read.data !== '');
    }
  } finally {
    // whoever stops listening lets the server know, so that it stops writing
    await reader.cancel().catch(() => {});
  }
}

function event(block) {
  const fields = block.split('\n').map((line) => /^([^:]*):? ?(.*)$/.exec(line));
  const values = (name) => fields.filter((field) => field[1] === name).map((field) => field[2]);
  return { name: values('event').at(-1) ?? 'message', data: values('data').join('\n') };
}
