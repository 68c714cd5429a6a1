import { type Call, type Fact, newCall } from '#calling/call/call.js';
import { derive } from '#calling/call/derive.js';
import { HOUR, MINUTE, SECOND } from '#kernel/clock.js';
import { countOf } from './call-ended.observer.js';

const NOON = Date.UTC(2026, 10, 22, 12);
const deadlines = {
  permissionMs: HOUR,
  readyMs: HOUR,
  dialMs: MINUTE,
  ringMs: MINUTE,
  answerMs: MINUTE,
  acceptMs: MINUTE,
  talkMs: HOUR,
};
const at = (seconds: number) => NOON + seconds * SECOND;

function call(direction: Call['direction'], facts: Fact[], wacid: string | null = 'wacid.1') {
  const origin = { id: 'call_1', phoneNumberId: '1', personId: 'usr_1', direction, input: null, reference: null, createdAt: NOON };
  const made = newCall({ ...origin, giveUpAfterMs: null }, facts, wacid);
  return countOf({ call: { ...made, sequence: 4 }, derived: derive(made, deadlines) });
}

const dialed: Fact[] = [
  { kind: 'dialing', at: at(0) },
  { kind: 'ringing', at: at(1) },
];
const over = (talk: number | null, failed = false): Fact => ({
  kind: 'terminated',
  at: at(30),
  startTime: talk === null ? null : at(30 - talk),
  endTime: talk === null ? null : at(30),
  durationSeconds: talk,
  failed,
  error: null,
});

describe('an ended call counts for the permission', () => {
  test('as connected when it was answered, in either direction', () => {
    const answered = call('outbound', [...dialed, { kind: 'accepted', at: at(5) }, over(25)]);
    expect(answered).toEqual({ kind: 'connected', at: at(5), ref: 'wacid.1', direction: 'outbound', outcome: 'answered', revision: 4 });
    expect(call('inbound', [{ kind: 'accept.confirmed', at: at(2) }, over(28)])).toMatchObject({ kind: 'connected', direction: 'inbound' });
  });

  test('as unanswered when ours was not taken, was declined, or was canceled while it rang', () => {
    expect(call('outbound', [...dialed, over(null)])).toMatchObject({ kind: 'unanswered', outcome: 'no_answer', at: at(30) });
    expect(call('outbound', [...dialed, { kind: 'rejected', at: at(9) }, over(null)])).toMatchObject({
      kind: 'unanswered',
      outcome: 'rejected',
    });
    expect(call('outbound', [...dialed, { kind: 'hang_up.asked', at: at(9) }, over(null)])).toMatchObject({
      kind: 'unanswered',
      outcome: 'canceled',
    });
  });

  test("not at all when it failed, was canceled before it rang, or was the user's own", () => {
    expect(call('outbound', [...dialed, over(null, true)])).toMatchObject({ kind: 'uncounted', outcome: 'failed' });
    expect(call('outbound', [{ kind: 'dialing', at: at(0) }, { kind: 'hang_up.asked', at: at(1) }, over(null)])).toMatchObject({
      kind: 'uncounted',
      outcome: 'canceled',
    });
    expect(call('inbound', [over(null)])).toMatchObject({ kind: 'uncounted', outcome: 'missed' });
  });

  test('and is nothing to Meta while it lives, or when 360dialog never took it', () => {
    expect(call('outbound', dialed)).toBeNull();
    expect(call('outbound', [{ kind: 'hang_up.asked', at: at(1) }], null)).toBeNull();
  });
});
