import { Injectable } from '@nestjs/common';
import { PeopleService } from '#identity/people.service.js';
import type { Person } from '#identity/person.js';
import { phoneWritings, readUser } from '#kernel/wa-id.js';
import { type Reader, Store } from '#store/store.js';
import { NumberBounds, type NumberName } from './number-bounds.js';
import type { Sought } from './sought.js';
import { SubjectsStore } from './subjects.store.js';
import { Traces } from './traces.js';

/** Whom an erasure or an export is about. */
export interface Subject extends Sought {
  /** Undefined when no row names the person: texts may. */
  person: Person | undefined;
  /** Phone numbers in every writing, and BSUIDs. */
  addresses: string[];
  /** The gateway's own ids of the calls with the person. */
  callIds: string[];
}

/** Finds by what a person of a number is recognised in everything that is kept. */
@Injectable()
export class SubjectsService {
  constructor(
    private readonly subjects: SubjectsStore,
    private readonly people: PeopleService,
    private readonly store: Store,
  ) {}

  /** Every number of this gateway, removed ones whose calls are kept included. */
  numbers(reader: Reader = this.store.read): Promise<NumberName[]> {
    return this.subjects.numbers(reader);
  }

  /**
   * @param phoneNumberId null while no number is known: then no person is, and texts alone name them
   * @param written a phone number or a BSUID
   */
  async find(phoneNumberId: string | null, written: string, reader: Reader = this.store.read): Promise<Subject> {
    const person = phoneNumberId === null ? undefined : await this.people.find(phoneNumberId, written, reader);
    const rows = person ? await this.subjects.rowsOf(reader, person.id) : { callIds: [], metaIds: [] };
    const held = person ? await this.people.addressesOf(person, reader) : [];
    const identifiers = readUser(written);
    const addresses = namesOf([
      ...held.map((address) => address.slice(address.indexOf(':') + 1)),
      ...[person?.waId, person?.userId, person?.parentUserId, identifiers && Object.values(identifiers)[0]],
    ]);
    const bounds = new NumberBounds(phoneNumberId, await this.numbers(reader));
    const traces = new Traces({ ids: [...addresses, ...rows.metaIds], callIds: rows.callIds });
    return { person, addresses, bounds, traces, callIds: rows.callIds };
  }
}

/** Phone numbers in every writing, and BSUIDs as they are. */
const namesOf = (ids: readonly (string | null | undefined)[]): string[] => [
  ...new Set(ids.filter((id): id is string => !!id).flatMap((id) => (/^\d+$/.test(id) ? phoneWritings(id) : [id]))),
];
