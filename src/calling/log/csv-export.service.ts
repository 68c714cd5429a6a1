import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { type CallCursor, type CallFilter, CallsService } from '#calling/call/calls.service.js';
import { Problem } from '#kernel/problem.js';
import { csvLine } from '#kernel/text/csv.js';
import { HEADER, rowOf } from './call-columns.js';

/** The limit of calls in one file. */
const MAX_ROWS = 100_000;
const BATCH_SIZE = 200;

/** The call log as CSV, read and sent in batches. */
@Injectable()
export class CsvExportService {
  constructor(private readonly calls: CallsService) {}

  /**
   * Every call that matches, newest first, without sessions. Calls that begin meanwhile are not in it.
   * @param filter null when nothing can match
   * @throws Problem `invalid_request` when more than 100,000 match: a file that is cut short would look whole
   */
  async stream(filter: CallFilter | null): Promise<Readable> {
    if (filter && (await this.calls.exceeds(filter, MAX_ROWS))) throw new Problem('invalid_request', { errors: [TOO_MANY] });
    return Readable.from(this.#pages(filter));
  }

  async *#pages(filter: CallFilter | null): AsyncGenerator<string> {
    yield csvLine(HEADER);
    let after: CallCursor | null = null;
    while (filter) {
      const calls = await this.calls.list(filter, BATCH_SIZE, after);
      const views = await this.calls.views(calls, false);
      if (views.length) yield views.map((call) => csvLine(rowOf(call))).join('');
      const last = calls.at(-1);
      if (!last || calls.length < BATCH_SIZE) return;
      after = { createdAt: last.createdAt, id: last.id };
    }
  }
}

const TOO_MANY = {
  field: 'since',
  message: {
    en: 'more than 100,000 calls match; narrow them with since and until',
    es: 'coinciden más de 100 000 llamadas; acótelas con since y until',
  },
};
