import type { Language } from '#error-catalogue/catalogue.js';
import { entryOf, fill } from '#error-catalogue/lookup.js';
import { type JsonRecord, number, record, records, text } from '#kernel/read.js';
import { type Finding, finding, type Refusal, type Verdict } from './finding.js';

/** A gate as the gateway answers it. */
export function readGate(gate: JsonRecord, language: Language): Finding {
  return finding(text(gate.name) ?? '?', verdictOf(gate.verdict), language, {
    value: shown(gate.value),
    required: shown(gate.required),
    code: text(gate.code) ?? null,
    remedy: text(gate.remedy) ?? null,
    retry_at: text(gate.retry_at) ?? text(gate.earliest_at) ?? null,
  });
}

export const readGates = (holder: unknown, language: Language): Finding[] =>
  records(record(holder)?.gates).map((gate) => readGate(gate, language));

export function readRefusal(told: JsonRecord, language: Language): Refusal {
  const code = text(told.code) ?? '?';
  const words = entryOf(code)?.[language];
  return {
    code,
    upstream_code: number(told.upstream_code) ?? null,
    operation: text(told.operation) ?? null,
    count: number(told.count) ?? null,
    last_at: text(told.last_at) ?? null,
    cause: text(told.cause) ?? (words ? fill(words.detail) : null),
    remedy: text(told.remedy) ?? (words ? fill(words.remedy) : null),
  };
}

/** `available`, `blocked` or `unknown` of a direction or of a preflight; what is none of them is unknown. */
export function readStanding(holder: unknown): 'available' | 'blocked' | 'unknown' {
  const told = text(record(holder)?.verdict);
  return told === 'available' || told === 'blocked' ? told : 'unknown';
}

const verdictOf = (told: unknown): Verdict => (told === 'pass' || told === 'fail' || told === 'warning' ? told : 'unknown');

const shown = (value: unknown): string | number | null =>
  typeof value === 'number' ? value : typeof value === 'boolean' ? String(value) : (text(value) ?? null);
