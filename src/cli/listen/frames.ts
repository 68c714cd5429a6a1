import { EventStreamParser, type StreamFrame } from './event-stream.js';

/** Reads frames from chunks of text, at any cut. */
export async function* framesOf(chunks: AsyncIterable<string>): AsyncGenerator<StreamFrame> {
  const parser = new EventStreamParser();
  for await (const chunk of chunks) yield* parser.push(chunk);
}
