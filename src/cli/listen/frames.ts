/** One block of an event stream. */
export interface Frame {
  /** Empty says: forget the place; undefined: the place stays. */
  id: string | undefined;
  /** Undefined for an event itself. */
  event: string | undefined;
  data: string | undefined;
  /** Ms to wait before connecting again. */
  retry: number | undefined;
}

/** Reads blocks from chunks of text, wherever these are cut. @see https://html.spec.whatwg.org/multipage/server-sent-events.html */
export async function* framesOf(chunks: AsyncIterable<string>): AsyncGenerator<Frame> {
  let rest = '';
  for await (const chunk of chunks) {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) yield readBlock(block);
  }
}

function readBlock(block: string): Frame {
  const fields = new Map(
    block.split('\n').map((line) => {
      const [name = '', ...value] = line.split(':');
      return [name, value.join(':').replace(/^ /, '')];
    }),
  );
  const retry = Number(fields.get('retry'));
  return { id: fields.get('id'), event: fields.get('event'), data: fields.get('data'), retry: retry > 0 ? retry : undefined };
}
