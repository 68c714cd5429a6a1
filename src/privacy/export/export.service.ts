import { Injectable } from '@nestjs/common';
import { requireUser } from '#api-conventions/user-input.dto.js';
import { type NumberReach, reaches } from '#identity/numbers/number-reach.js';
import { Clock, rfc3339 } from '#kernel/clock.js';
import { parseJson } from '#kernel/read.js';
import type { PersonTable } from '#privacy/person/person-tables.js';
import { SubjectsService } from '#privacy/person/subjects.service.js';
import type { PersonExportDto } from './export.dto.js';
import { ExportStore, type Row } from './export.store.js';

/** Gathers everything that is kept about a person. */
@Injectable()
export class ExportService {
  constructor(
    private readonly rows: ExportStore,
    private readonly subjects: SubjectsService,
    private readonly clock: Clock,
  ) {}

  /**
   * Everything about a person in each number that a principal reaches, also in those that were removed and whose calls are kept. A number
   * that keeps nothing about them is left out.
   * @throws Problem `invalid_request` when the text names no user
   */
  async of(by: NumberReach, written: string): Promise<PersonExportDto> {
    requireUser(written);
    const kept = await this.subjects.numbers();
    const ids = kept.flatMap(({ phoneNumberId }) => (reaches(by, phoneNumberId) ? phoneNumberId : []));
    const numbers: PersonExportDto['numbers'] = [];
    for (const id of kept.length === 0 && by.numbers === null ? [null] : ids) {
      const rows = await this.rows.rowsOf(await this.subjects.find(id, written));
      if (Object.values(rows).some((some) => some.length > 0)) numbers.push({ phone_number_id: id, ...shownTables(rows) });
    }
    return { user: written, exported_at: rfc3339(this.clock.now()), numbers };
  }
}

const shownTables = (rows: Record<PersonTable, Row[]>): Record<PersonTable, Row[]> =>
  Object.fromEntries(Object.entries(rows).map(([table, some]) => [table, some.map(shown)])) as Record<PersonTable, Row[]>;

/** A row as people can read it: JSON as JSON, and times as RFC 3339. */
const shown = (row: Row): Row => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, shownValue(name, value)]));

function shownValue(name: string, value: unknown): unknown {
  if (typeof value === 'number' && value > 0 && /(?:^|_)(?:at|since|until)$/.test(name)) return rfc3339(value);
  if (typeof value !== 'string' || !/^[[{]/.test(value)) return value;
  try {
    return parseJson(value);
  } catch {
    return value;
  }
}
