import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { invalidField } from '#api-conventions/invalid-field.js';
import type { NumberReach } from '#identity/numbers/number-reach.js';
import { rfc3339 } from '#kernel/clock.js';
import { type Cell, csvLine } from '#kernel/text/csv.js';
import { type AuditEntry, type AuditFilter, AuditService } from './audit.service.js';

/** The limit of entries in one file. */
const MAX_ENTRIES = 100_000;
const BATCH_SIZE = 500;

const COLUMNS: ReadonlyArray<readonly [name: string, of: (entry: AuditEntry) => Cell]> = [
  ['id', ({ id }) => id],
  ['at', ({ at }) => rfc3339(at)],
  ['action', ({ action }) => action],
  ['key_id', ({ key_id }) => key_id],
  ['operator_id', ({ operator_id }) => operator_id],
  ['target', ({ target }) => target],
  ['status', ({ status }) => status],
  ['numbers', ({ numbers }) => numbers?.join(' ') ?? null],
  ['request_id', ({ request_id }) => request_id],
];

/** The audit log as CSV, read and sent in batches. */
@Injectable()
export class AuditExportService {
  constructor(private readonly audit: AuditService) {}

  /**
   * Every entry that matches, newest first. Entries that are written meanwhile are not in it.
   * @throws Problem `invalid_request` when more than 100,000 match: a file that is cut short would look whole
   */
  async stream(by: NumberReach, filter: AuditFilter): Promise<Readable> {
    const beyond = await this.audit.exceeds(by, filter, MAX_ENTRIES);
    if (beyond) {
      throw invalidField(
        'since',
        'more than 100,000 entries match; narrow them with since and until',
        'coinciden más de 100 000 entradas; acótelas con since y until',
      );
    }
    return Readable.from(this.#pages(by, filter));
  }

  async *#pages(by: NumberReach, filter: AuditFilter): AsyncGenerator<string> {
    yield csvLine(COLUMNS.map(([name]) => name));
    for (let before: number | null = null; ; ) {
      const page: AuditEntry[] = await this.audit.list(by, { limit: BATCH_SIZE, before }, filter);
      if (page.length) yield page.map((entry) => csvLine(COLUMNS.map(([, of]) => of(entry)))).join('');
      const last = page.at(-1);
      if (!last || page.length < BATCH_SIZE) return;
      before = last.id;
    }
  }
}
