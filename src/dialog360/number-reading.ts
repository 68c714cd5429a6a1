import { type JsonRecord, list, record, records, text, unixTime } from '#kernel/read.js';

/** The answer of `GET /calling/settings`. */
export interface SettingsReading {
  /** Meta's `calling` object; empty when the answer had none. */
  calling: JsonRecord;
  /** The whole answer, with the other groups of settings. */
  body: JsonRecord;
}

/** A temporary restriction of the number by Meta. */
export interface Restriction {
  /** Such as `RESTRICTED_BUSINESS_INITIATED_CALLING`. */
  type: string;
  reason: string | null;
  expiresAt: number | null;
}

/** The health of one entity: the number, its account, the business or the app. */
export interface HealthEntity {
  /** `PHONE_NUMBER`, `WABA`, `BUSINESS`, `APP` or what Meta adds. */
  type: string | null;
  id: string | null;
  /** `AVAILABLE`, `LIMITED` or `BLOCKED`. */
  canSendMessage: string | null;
  canReceiveCallSip: string | null;
  additionalInfo: string[];
  errors: { code: string | null; description: string | null; solution: string | null }[];
}

/** The answer of `GET /health_status`; the fields keep Meta's values in upper case. */
export interface Health {
  phoneNumberId: string | null;
  wabaId: string | null;
  canSendMessage: string | null;
  entities: HealthEntity[];
}

/** Meta's id of the business portfolio that a health names; null when it names none. */
export const portfolioIn = ({ entities }: Health): string | null => entities.find(({ type }) => type === 'BUSINESS')?.id ?? null;

/** The webhook in force; header values are secrets and are not read. */
export interface WebhookRegistration {
  url: string | null;
  headerNames: string[];
}

/** A webhook as 360dialog keeps it; the values of headers, and the query of the URL, are secrets of the owner who registered it. */
export interface WebhookConfig {
  /** Empty when nothing is registered. */
  url: string;
  headers: Record<string, string>;
}

/** The names that Meta's pages give the array of restrictions. */
export const RESTRICTION_MEMBERS = ['restrictions', 'restriction_list', 'restrictions_list'] as const;

/** The restrictions in a `calling` object, under each name of their array: within `restrictions`, or beside it. */
export function restrictionsOf(calling: JsonRecord): Restriction[] {
  const groups = [record(calling.restrictions), calling].filter((group) => group !== undefined);
  const listed = groups.flatMap((group) => RESTRICTION_MEMBERS.flatMap((name) => list(group[name])));
  return records(listed).flatMap((item) => {
    const type = text(item.type);
    return type === undefined ? [] : [{ type, reason: text(item.reason) ?? null, expiresAt: unixTime(item.expiration) ?? null }];
  });
}

/** Reads the answer of `GET /health_status`; undefined when it says nothing about health. */
export function readHealthAnswer(body: JsonRecord): Health | undefined {
  const status = record(body.health_status);
  if (!status) return undefined;
  const entities = records(status.entities).map(readEntity);
  const idOf = (type: string) => entities.find((entity) => entity.type === type)?.id ?? null;
  return {
    phoneNumberId: idOf('PHONE_NUMBER') ?? text(body.id) ?? null,
    wabaId: idOf('WABA'),
    canSendMessage: text(status.can_send_message)?.toUpperCase() ?? null,
    entities,
  };
}

const readEntity = (entity: JsonRecord): HealthEntity => ({
  type: text(entity.entity_type)?.toUpperCase() ?? null,
  id: text(entity.id) ?? null,
  canSendMessage: text(entity.can_send_message)?.toUpperCase() ?? null,
  canReceiveCallSip: text(entity.can_receive_call_sip)?.toUpperCase() ?? null,
  additionalInfo: list(entity.additional_info).flatMap((item) => text(item) ?? []),
  errors: records(entity.errors).map((error) => ({
    code: text(error.error_code) ?? null,
    description: text(error.error_description) ?? null,
    solution: text(error.possible_solution) ?? null,
  })),
});

/** Reads the answer of `GET /v1/configs/webhook` with the values of its headers. */
export const readWebhookConfig = (body: JsonRecord): WebhookConfig => ({
  url: text(body.url) ?? '',
  headers: Object.fromEntries(
    Object.entries(record(body.headers) ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  ),
});

/** Reads the answer of `GET /v1/configs/webhook`. */
export const readWebhookAnswer = (body: JsonRecord): WebhookRegistration => ({
  url: text(body.url) ?? null,
  headerNames: Object.keys(record(body.headers) ?? {}),
});
