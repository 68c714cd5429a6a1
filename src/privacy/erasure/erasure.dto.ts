import type { Language } from '#error-catalogue/catalogue.js';

/** How many rows named the person, by kind. Calls, deliveries, events and answers stay anonymous; the rest is deleted. */
export class ErasedDto {
  /** Rows of the person. */
  people: number;
  /** Phone numbers and BSUIDs under which the person was known. */
  addresses: number;
  /** Words under which the person was searched for. */
  person_words: number;
  /** 24 h windows. */
  windows: number;
  /** Grants, requests and calls that decide on the permission. */
  permission_facts: number;
  /** Permission readings of 360dialog. */
  permission_readings: number;
  /** Calls that became anonymous. */
  calls: number;
  /** Entries of the timelines of these calls. */
  timeline_entries: number;
  /** Digests by which conversations are deduplicated. */
  conversation_digests: number;
  /** Webhook deliveries that were redacted. */
  deliveries: number;
  /** Events that were redacted. */
  events: number;
  /** Stored answers to repeated requests that were redacted. */
  answers: number;
}

/** A place that the gateway cannot reach, where the person may still be. */
export class RemainderDto {
  /** A stable word: `meta`, `backups`, `subscribers`, `forward`, `file` or `postgres`. */
  where: string;
  /** What is there, and what to do about it. */
  detail: string;
  /** For `subscribers`: which subscriptions received events about the person. */
  subscriptions?: string[];
}

/** The result of an erasure: what the gateway erased, and where data about the person may remain. */
export class ErasureDto {
  /** The same counts again and again are zeros: an erased person is unknown. */
  erased: ErasedDto;
  /** The ids of the numbers in which the person was erased: those of the key, or every one. */
  phone_number_ids: string[];
  /** `done`: the database file holds nothing of the person any more; `next_start`: after the next start; `unsupported`: see `remains`. */
  file: 'done' | 'next_start' | 'unsupported';
  /** Where data about the person may still be. */
  remains: RemainderDto[];
}

/** What was erased, and where the person may still be. */
export interface Erasure {
  erased: ErasedDto;
  /** In which numbers. */
  numbers: readonly string[];
  compaction: ErasureDto['file'];
  /** Events that subscribers have already got: how often, and which subscriptions. */
  delivered: { subscriptions: string[]; deliveries: number };
  forwarded: boolean;
}

/** Lists `meta` and `backups` always, and the other remainders when they apply; `language` is the language of their texts. */
export function toErasureDto(erasure: Erasure, language: Language): ErasureDto {
  const { erased, numbers, compaction, delivered, forwarded } = erasure;
  const remainder = (where: keyof typeof TEXTS): RemainderDto => ({ where, detail: TEXTS[where][language] });
  const remains = [remainder('meta'), remainder('backups')];
  if (delivered.deliveries > 0) remains.push({ ...remainder('subscribers'), subscriptions: delivered.subscriptions });
  if (forwarded) remains.push(remainder('forward'));
  if (compaction === 'next_start') remains.push(remainder('file'));
  if (compaction === 'unsupported') remains.push(remainder('postgres'));
  return { erased, phone_number_ids: [...numbers], file: compaction, remains };
}

const TEXTS = {
  meta: {
    en: '360dialog and Meta keep data of their own about this person; ask them to erase it.',
    es: '360dialog y Meta conservan sus propios datos sobre esta persona; pídales que los borren.',
  },
  backups: {
    en: 'Backups of the database and logs of proxies in front of the gateway still hold what they held; let them expire.',
    es: 'Los respaldos de la base de datos y los registros de los proxies delante del gateway conservan lo que tenían; déjelos caducar.',
  },
  subscribers: {
    en: 'Events about this person have been delivered to these subscriptions; their owners must erase them.',
    es: 'Se entregaron eventos sobre esta persona a estas suscripciones; sus responsables deben borrarlos.',
  },
  forward: {
    en: 'Deliveries about this person may have been passed on to WEBHOOK_FORWARD_URL before; whoever got them must erase them.',
    es: 'Es posible que antes se hayan reenviado entregas sobre esta persona a WEBHOOK_FORWARD_URL; quien las recibió debe borrarlas.',
  },
  file: {
    en: 'The rows are gone, but pages of the database file may hold copies until the gateway is started again: the file is too large to be rewritten now.',
    es: 'Las filas ya no están, pero el archivo de la base puede conservar copias hasta el próximo arranque: es demasiado grande para reescribirlo ahora.',
  },
  postgres: {
    en: 'Postgres keeps the bytes of deleted rows until they are overwritten, and its log as long as you archive it: run VACUUM FULL at a quiet hour.',
    es: 'Postgres conserva los bytes de las filas borradas hasta sobrescribirlos, y su registro mientras lo archive: ejecute VACUUM FULL en una hora tranquila.',
  },
} as const;
