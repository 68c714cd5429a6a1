import { idText, type JsonRecord, list, record, text } from '#kernel/read.js';
import { displayNumber } from './change.js';

/** One `entry[].changes[]` as it came, with its content and what its envelope says about the number that it is for. */
export interface ChangeSource {
  /** The member of `changes` itself. */
  item: unknown;
  /** As Meta names it, in lower case; empty when there is none. */
  field: string;
  /** Undefined when it is no object. */
  value: JsonRecord | undefined;
  phoneNumberId: string | null;
  displayPhoneNumber: string | null;
  wabaId: string | null;
  entry: JsonRecord;
}

/** Every change of these `entry` members, in order. */
export function* changesOf(entries: readonly unknown[]): Generator<ChangeSource> {
  for (const source of entries) {
    const entry: JsonRecord = record(source) ?? {};
    for (const item of list(entry.changes)) {
      const change = record(item);
      const field = text(change?.field)?.toLowerCase() ?? '';
      const value = contentOf(field, record(change?.value));
      // A hand-over names the number as the recipient.
      const metadata = record(value?.metadata) ?? record(value?.recipient);
      const phoneNumberId = idText(metadata?.phone_number_id) ?? null;
      const displayPhoneNumber = displayNumber(metadata?.display_phone_number);
      yield { item, field, value, phoneNumberId, displayPhoneNumber, wabaId: idText(entry.id) ?? null, entry };
    }
  }
}

/** On the field `standby` the members of `messages` stand one level deeper. */
const contentOf = (field: string, value: JsonRecord | undefined): JsonRecord | undefined =>
  field === 'standby' ? value && { ...value, ...record(value.standby) } : value;
