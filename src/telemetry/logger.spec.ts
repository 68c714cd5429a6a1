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

  it('writes a text as the message, with the event of the framework', () => {
    logger.log('mapped');
    logger.warn('deprecated');
    expect(lines).toEqual([
      expect.objectContaining({ level: 20, event: 'framework.message', message: 'mapped' }),
      expect.objectContaining({ level: 40, message: 'deprecated' }),
    ]);
  });

  it('writes an error with its text, in any order of the two', () => {
    logger.error(new Error('broken'));
    logger.error('it failed', 'a stack', new Error('broken'));
    expect(lines).toMatchObject([
      { message: 'Error: broken', error: expect.anything() },
      { message: 'it failed', error: expect.anything() },
    ]);
  });
});
