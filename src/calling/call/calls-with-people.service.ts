import { Injectable } from '@nestjs/common';
import type { PersonKey } from '#identity/person.js';
import { Store } from '#store/store.js';
import type { CallDto } from './call.view.js';
import { CallsService } from './calls.service.js';
import { CallsStore } from './storage/calls.store.js';

/** With how many people a reference is looked for. */
const MOST_PEOPLE = 500;

/** Finds calls by the people they were with, and people by their calls. */
@Injectable()
export class CallsWithPeople {
  constructor(
    private readonly rows: CallsStore,
    private readonly calls: CallsService,
    private readonly store: Store,
  ) {}

  /** The newest call with each of these people, by person; without sessions. */
  async lastWith(personIds: readonly string[]): Promise<Map<string, CallDto>> {
    const calls = await this.rows.lastWith(this.store.read, personIds);
    const views = await this.calls.views(calls, false);
    return new Map(calls.flatMap(({ personId }, i) => (views[i] ? [[personId, views[i]] as const] : [])));
  }

  /** The people with whom these numbers have calls of exactly this `reference`; at most 500. */
  peopleOfReference(numbers: readonly string[], reference: string): Promise<PersonKey[]> {
    return this.rows.peopleOfReference(this.store.read, numbers, reference, MOST_PEOPLE);
  }
}
