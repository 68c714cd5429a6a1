import { Injectable } from '@nestjs/common';
import type { Facts } from '#calling/call/call.js';
import { camelCase } from '#kernel/case.js';
import type { Reader } from '#store/store.js';
import type { NumberName } from './number-bounds.js';

/** The ids under which a person's rows are found. */
export interface PersonRows {
  callIds: string[];
  /** Of calls and messages at Meta. */
  metaIds: string[];
}

/** The SQL that finds by what a person is recognised. */
@Injectable()
export class SubjectsStore {
  /** Every number of this gateway, as texts name them. */
  async numbers(reader: Reader): Promise<NumberName[]> {
    const rows = await reader.selectFrom('numbers').select(['phone_number_id', 'display_phone_number', 'waba_id']).execute();
    return rows.map((row) => camelCase(row));
  }

  async rowsOf(reader: Reader, personId: string): Promise<PersonRows> {
    const calls = await reader.selectFrom('calls').select(['id', 'wacid', 'knowledge']).where('person_id', '=', personId).execute();
    const facts = await reader.selectFrom('permission_facts').select('ref').where('person_id', '=', personId).execute();
    const messages = calls.flatMap(({ knowledge }) => Object.values((JSON.parse(knowledge) as { facts: Facts }).facts));
    return {
      callIds: calls.map(({ id }) => id),
      metaIds: [
        ...calls.map(({ wacid }) => wacid),
        ...facts.map(({ ref }) => ref),
        ...messages.map((fact) => ('messageId' in fact ? fact.messageId : null)),
      ].filter((id) => id !== null),
    };
  }
}
