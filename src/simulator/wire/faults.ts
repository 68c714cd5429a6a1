import { type JsonRecord, record } from '#kernel/read.js';
import { isRefusalCode, MetaRefusal, type RefusalCode } from '#simulator/meta/refusals.js';
import type { Fault } from '#simulator/world/fault-queue.js';

/** The requests that a fault can strike; `*` strikes all. */
export const OPERATIONS = [
  'connect',
  'pre_accept',
  'accept',
  'reject',
  'terminate',
  'permissions',
  'messages',
  'settings.read',
  'settings.write',
  'health',
  'webhook.read',
  'webhook.write',
  'phone_number',
  'profile',
  'templates',
] as const;
export type SimulatedOperation = (typeof OPERATIONS)[number];

/** An answer made up beforehand. `text` is sent as it is, as HTML; `body` as JSON. */
export interface CannedReply {
  status: number;
  body?: JsonRecord;
  text?: string;
  headers?: Record<string, string>;
}

/** A fault for requests. */
export interface RequestFault extends Fault {
  operation: SimulatedOperation | '*';
  /** Waits before anything else happens. */
  delayMs: number;
  /** Acts at once and answers this much later: webhooks then overtake the answer. */
  answerDelayMs: number;
  /** `drop` cuts the connection and does nothing; a reply answers and does nothing. */
  instead: 'drop' | CannedReply | null;
  /** Does what was asked, and then never answers, cuts the connection, or answers something else. */
  afterwards: 'hang' | 'drop' | CannedReply | null;
}

/** Meta's refusal with this code as a reply. */
export const refusalReply = (code: RefusalCode, details?: string): CannedReply => {
  const { status, body } = new MetaRefusal(code, details);
  return { status, body };
};

/** Reads `{ status, body | text, headers }` or `{ code, details }`; `undefined` when it is neither. */
export function readReply(value: unknown): CannedReply | undefined {
  const reply = record(value);
  if (!reply) return undefined;
  if (isRefusalCode(reply.code)) return refusalReply(reply.code, typeof reply.details === 'string' ? reply.details : undefined);
  if (typeof reply.status !== 'number' || !Number.isInteger(reply.status) || reply.status < 200 || reply.status > 599) return undefined;
  const body = record(reply.body);
  const headers = Object.entries(record(reply.headers) ?? {}).map(([name, header]) => [name, String(header)] as const);
  return {
    status: reply.status,
    ...(body && { body }),
    ...(typeof reply.text === 'string' && { text: reply.text }),
    ...(headers.length && { headers: Object.fromEntries(headers) }),
  };
}
