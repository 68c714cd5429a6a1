import { Writable } from 'node:stream';
import { pino } from 'pino';
import { NestLogger } from './logger.js';

describe("Nest's logger", () => {
  const lines: Array<Record<string, unknown>> = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(JSON.parse(chunk.toString()));
      done();
    },
  });
  const logger = new NestLogger(
    pino({ base: null, level: 'trace', messageKey: 'message', serializers: { err: (error: Error) => error.message } }, stream),
  );

  beforeEach(() => lines.splice(0));

  it('tells an object by its members', () => {
    logger.warn({ event: 'events.stream_failed', err: new Error('gone') });
    expect(lines).toEqual([expect.objectContaining({ level: 40, event: 'events.stream_failed', err: 'gone' })]);
  });

  it('tells a text as the message', () => {
    logger.log('mapped');
    expect(lines).toEqual([expect.objectContaining({ level: 20, message: 'mapped' })]);
  });

  it('tells an error beside its text, whichever of the two comes first', () => {
    logger.error(new Error('broken'));
    logger.error('it failed', 'a stack', new Error('broken'));
    expect(lines).toMatchObject([
      { message: 'Error: broken', error: expect.anything() },
      { message: 'it failed', error: expect.anything() },
    ]);
  });
});
