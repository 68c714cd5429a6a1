import { describe, expect, it } from '@jest/globals';
import { CLAIMS } from './claims.ts';
import { readConfirmation } from './confirm.ts';
import { allUndecided, judged, onePerAssumption, undecided } from './finding.ts';
import { redactEvidence } from './redact.ts';
import { exitOf } from './report.ts';
import { ofCanceled, ofUnanswered } from './scenes/endings.ts';
import { ofEveryCall } from './scenes/every-call.ts';
import { readTrace, type Trace } from './scenes/trace.ts';
import { REASONS, STEPS, WIRE_TEXTS } from './texts.ts';

const NOON = Date.UTC(2026, 10, 23, 12);
const at = (seconds: number): string => new Date(NOON + seconds * 1_000).toISOString();

/** A call that was dialled at noon; entries are `[seconds, kind, name, data]`. */
const trace = (call: object, ...entries: [number, string, string, object?][]): Trace =>
  readTrace(
    { call_id: 'wacid.AAAA', state: 'ended', dialed_at: at(0), ...call },
    { data: entries.map(([seconds, kind, name, data = {}]) => ({ at: at(seconds), kind, name, data })) },
    'active',
  );
const of = (findings: { id: string; verdict: string }[], id: string) => findings.find((one) => one.id === id)?.verdict;

describe('what the timeline of a call shows', () => {
  it('an unanswered call that ends as FAILED contradicts us', () => {
    const ended = { outcome: 'failed', ringing_at: at(2), ended_at: at(62) };
    const seen = trace(ended, [2, 'webhook', 'RINGING'], [62, 'webhook', 'terminate', { status: 'FAILED', duration: null }]);
    expect([of(ofUnanswered(seen), 'W16'), of(ofUnanswered(seen), 'W11')]).toEqual(['does_not_hold', 'holds']);
  });

  it('an unanswered call that only our deadline ends contradicts us, too', () => {
    const seen = trace({ outcome: 'no_answer', ringing_at: at(2), ended_at: at(122) }, [2, 'webhook', 'RINGING']);
    expect([of(ofUnanswered(seen), 'W11'), of(ofUnanswered(seen), 'W16')]).toEqual(['does_not_hold', 'could_not_tell']);
  });

  it('a cancelled call whose terminate never comes contradicts us', () => {
    const seen = trace({ outcome: 'canceled', ended_at: at(4) }, [3, 'request', 'terminate'], [4, 'answer', 'terminate']);
    expect(of(ofCanceled(seen), 'W18')).toBe('does_not_hold');
  });

  it('callback data is judged where the timeline has it, and left open where it does not', () => {
    const seen = trace(
      {},
      [1, 'webhook', 'connect', { opaque_returned: true }],
      [2, 'webhook', 'RINGING', { opaque_returned: false }],
      [3, 'webhook', 'terminate'],
    );
    const found = ofEveryCall(seen, '5215512340001');
    expect(['W05', 'W06', 'W07'].map((id) => of(found, id))).toEqual(['holds', 'does_not_hold', 'could_not_tell']);
  });

  it('a person under a twin of the number is the same person; anybody else is not', () => {
    const named = (wa_id: string) => of(ofEveryCall(trace({ user: { wa_id } }), '525512340001'), 'W43');
    expect([named('5215512340001'), named('5215512340002')]).toEqual(['holds', 'does_not_hold']);
  });

  it('a timestamp far from the moment of the delivery contradicts us', () => {
    const seen = trace({ ringing_at: at(2) }, [3_600, 'webhook', 'RINGING']);
    expect(of(ofEveryCall(seen, '5215512340001'), 'W53')).toBe('does_not_hold');
  });
});

describe('the sum of the findings', () => {
  it('ranks a failure above a success, and names every assumption once', () => {
    const all = onePerAssumption([
      undecided('W01', 'lost'),
      judged('W01', true, 'a'),
      judged('W01', false, 'b'),
      judged('W02', true, 'c'),
      judged('W02', true, 'd'),
    ]);
    expect(all.slice(0, 2)).toMatchObject([
      { id: 'W01', verdict: 'does_not_hold', evidence: ['b'] },
      { id: 'W02', verdict: 'holds', evidence: ['c', 'd'] },
    ]);
    expect(all.map(({ id }) => id)).toEqual(Object.keys(CLAIMS));
  });

  it('ends with 0 for what could be seen, 1 for a contradiction, 2 for an answer that is missing', () => {
    const fine = [judged('W01', true), undecided('W04', 'needs_person')];
    expect(exitOf(fine)).toBe(0);
    expect(exitOf([...fine, undecided('W02', 'lost')])).toBe(2);
    expect(exitOf([...fine, undecided('W02', 'lost'), judged('W03', false)])).toBe(1);
    expect(exitOf(allUndecided(['W01', 'W02'], 'skipped'))).toBe(2);
  });

  it('shows of numbers, ids and tokens only the end', () => {
    expect(redactEvidence('to +5215512340001, MX.10000000000000000005, wacid.HBgNNTIxNTU=, Authorization: Bearer abc.def')).toBe(
      'to …01, MX.…05, wacid.…NTU=, Authorization: Bearer …',
    );
  });

  it('takes Enter, y and s as a yes, q as the end, and everything else as a no', () => {
    expect(['', 'Y', 'sí', 's', 'n', 'what', 'Q'].map(readConfirmation)).toEqual(['yes', 'yes', 'yes', 'yes', 'no', 'no', 'quit']);
  });

  it('says everything in both languages', () => {
    for (const texts of [CLAIMS, REASONS, STEPS, WIRE_TEXTS])
      for (const { en, es } of Object.values(texts)) expect([en.length > 0, es.length > 0, en !== es]).toEqual([true, true, true]);
  });
});
