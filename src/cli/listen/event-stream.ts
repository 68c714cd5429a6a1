/** One block of Server-Sent Events; a field that the block does not have is undefined. */
export type StreamFrame = ReturnType<typeof readBlock>;

/**
 * Reads Server-Sent Events from chunks of text, wherever they are cut. The gateway's own streams have one `data` line per
 * block; that is all this reader reads.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export class EventStreamParser {
  #rest = '';

  /** The blocks that this chunk completes. */
  push(chunk: string): StreamFrame[] {
    const blocks = (this.#rest + chunk).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    return blocks.map(readBlock);
  }
}

function readBlock(block: string) {
  const fields = new Map(
    block.split('\n').map((line) => {
      const [name = '', ...value] = line.split(':');
      return [name, value.join(':').replace(/^ /, '')];
    }),
  );
  const retry = Number(fields.get('retry'));
  return {
    /** An empty id clears the last event id of the reader. */
    id: fields.get('id'),
    /** Undefined for a frame that carries an event of the gateway. */
    event: fields.get('event'),
    data: fields.get('data'),
    /** Ms to wait before the next connection. */
    retry: retry > 0 ? retry : undefined,
  };
}

/** Reads frames from chunks of text, at any cut. */
export async function* framesOf(chunks: AsyncIterable<string>): AsyncGenerator<StreamFrame> {
  const parser = new EventStreamParser();
  for await (const chunk of chunks) yield* parser.push(chunk);
}
