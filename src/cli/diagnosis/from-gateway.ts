import type { Language } from '#error-catalogue/catalogue.js';
import { entryOf, fill } from '#error-catalogue/lookup.js';
import { type JsonRecord, number, record, records, text } from '#kernel/read.js';
import { isBsuid } from '#kernel/wa-id.js';
import { type CheckVerdict, type CliFinding, finding, type RecentRefusal } from './finding.js';

/** A gate as the gateway answers it. */
function readGate(gate: JsonRecord, language: Language): CliFinding {
  return finding(text(gate.name) ?? '?', verdictOf(gate.verdict), language, {
    value: shown(gate.value),
    required: shown(gate.required),
    code: text(gate.code) ?? null,
    remedy: text(gate.remedy) ?? null,
    retry_at: text(gate.retry_at) ?? text(gate.earliest_at) ?? null,
  });
}

export const readGates = (holder: unknown, language: Language): CliFinding[] =>
  records(record(holder)?.gates).map((gate) => readGate(gate, language));

export function readRefusal(given: JsonRecord, language: Language): RecentRefusal {
  const code = text(given.code) ?? '?';
  const words = entryOf(code)?.[language];
  return {
    code,
    upstream_code: number(given.upstream_code) ?? null,
    operation: text(given.operation) ?? null,
    count: number(given.count) ?? null,
    last_at: text(given.last_at) ?? null,
    cause: text(given.cause) ?? (words ? fill(words.detail) : null),
    remedy: text(given.remedy) ?? (words ? fill(words.remedy) : null),
  };
}

/** @param to a phone number or a BSUID */
export const preflightPath = (to: string): string => `/api/calling/preflight?${isBsuid(to) ? 'recipient' : 'to'}=${encodeURIComponent(to)}`;

/** `available`, `blocked` or `unknown` of a direction or of a preflight; what is none of them is unknown. */
export function readAvailability(holder: unknown): 'available' | 'blocked' | 'unknown' {
  const given = text(record(holder)?.verdict);
  return given === 'available' || given === 'blocked' ? given : 'unknown';
}

const verdictOf = (given: unknown): CheckVerdict => (given === 'pass' || given === 'fail' || given === 'warning' ? given : 'unknown');

function shown(value: unknown): string | number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'boolean' ? String(value) : (text(value) ?? null);
}
