import { readdirSync, readFileSync } from 'node:fs';
import { entryOf } from '#error-catalogue/lookup.js';
import type { JsonRecord } from '#kernel/read.js';
import { mayHaveActed, problemOf } from './dialog360.errors.js';
import type { Operation } from './exchange.js';
import { readHealthAnswer, readWebhookAnswer, restrictionsOf } from './number-reading.js';
import { readPermissionAnswer } from './permission-reading.js';
import { readUpstream } from './read-upstream.js';
import { readDelivery } from './webhook-reader.js';

interface Golden {
  source: string;
  confidence: 'D' | 'D-old' | 'code' | '?';
  kind: 'webhook' | 'answer' | 'error';
  operation?: Operation;
  status?: number;
  body?: JsonRecord;
  text?: string;
  expected: JsonRecord;
}

const FOLDER = new URL('../../test/corpus/', import.meta.url);
const corpus = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .map((name) => [name.slice(0, -5), JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as Golden] as const);
const of = (kind: Golden['kind']) => corpus.filter(([, golden]) => golden.kind === kind);
const bytes = (golden: Golden) => Buffer.from(golden.text ?? JSON.stringify(golden.body));

describe('the corpus', () => {
  it.each(corpus)('%s names its source and how sure it is', (_, golden) => {
    expect(golden.source).toMatch(/\w{3}/);
    expect(['D', 'D-old', 'code', '?']).toContain(golden.confidence);
  });

  it.each(of('webhook'))('%s is read as the documents say', (_, golden) => {
    const { elements, unreadable } = readDelivery({ body: bytes(golden), receivedAt: Date.UTC(2030, 0, 1) });
    expect({ elements: elements.map(({ key, source: _, ...rest }) => rest), unreadable }).toEqual(golden.expected);
    expect(new Set(elements.map(({ key }) => key)).size).toBe(elements.length);
    for (const { key } of elements) expect(key).toMatch(/^[0-9a-f]{44}$/);
  });

  it.each(of('error'))('%s is understood', (_, golden) => {
    const now = Date.UTC(2026, 11, 16);
    const upstream = readUpstream(golden.status ?? 0, golden.text ?? JSON.stringify(golden.body));
    const problem = problemOf(upstream, golden.operation ?? 'connect', now);
    const outcome = mayHaveActed(upstream) ? 'unknown' : 'refused';
    expect({ upstream, code: problem.code, outcome, retryAt: problem.retryAt }).toEqual({ retryAt: null, ...golden.expected });
    expect(entryOf(problem.code)).toBeDefined();
  });

  it.each(of('answer'))('%s is read as the documents say', (_, golden) => {
    expect(readAnswer(golden)).toMatchObject(golden.expected);
  });
});

function readAnswer({ operation, body = {} }: Golden): object | undefined {
  if (operation === 'read_permission') return readPermissionAnswer(body);
  if (operation === 'read_health') return readHealthAnswer(body);
  if (operation === 'read_webhook') return readWebhookAnswer(body);
  const calling = body.calling as JsonRecord;
  return { calling, restrictions: restrictionsOf(calling) };
}
