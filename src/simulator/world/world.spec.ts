import { describe, expect, test } from '@jest/globals';
import { StoppedClock } from '#simulator/simulator.fixture.js';
import { Agenda } from './agenda.js';
import { openAt } from './call-hours.js';
import { MovableClock } from './clock.js';
import { Ids } from './ids.js';
import type { CallHours } from './number.js';
import { callLimits, freeAgainAt } from './permissions.js';
import { faultOfSdp, metaAnswer, metaOffer } from './sdp.js';
import { Users } from './user.js';

test('everything planned happens in order and at its own moment, also what is planned meanwhile', () => {
  const clock = new MovableClock(new StoppedClock(1_000_000));
  const agenda = new Agenda(clock);
  const seen: [string, number][] = [];
  const note = (name: string) => () => seen.push([name, clock.now() - 1_000_000]);
  agenda.plan(300, 'b', 'later', note('later'));
  agenda.plan(100, 'a', 'sooner', () => {
    note('sooner')();
    agenda.plan(50, 'a', 'between', note('between'));
  });
  agenda.plan(200, 'c', 'called off', note('called off'));
  agenda.callOff('c');
  expect(agenda.tick()).toBe(0);
  clock.move(1_000);
  expect(agenda.tick()).toBe(3);
  expect(seen).toEqual([
    ['sooner', 100],
    ['between', 150],
    ['later', 300],
  ]);
});

test('a seed repeats every id, and without one no run repeats another', () => {
  expect(new Ids('seed').wacid()).toBe(new Ids('seed').wacid());
  expect(new Ids().wacid()).not.toBe(new Ids().wacid());
});

test("Meta's own SDP passes Meta's checks, and the answer copies the mid of the offer", () => {
  const ids = new Ids('sdp');
  const offer = metaOffer(ids).sdp.replace('a=mid:audio', 'a=mid:7');
  const answer = metaAnswer(ids, offer).sdp;
  expect(faultOfSdp(offer, 'offer')).toBeNull();
  expect(faultOfSdp(answer, 'answer')).toBeNull();
  expect(answer).toContain('a=mid:7\r\n');
  expect(answer).toContain('a=group:BUNDLE 7\r\n');
});

test.each([
  ['twice serialised', (sdp: string) => sdp.replaceAll('\r\n', '\\r\\n'), /twice/],
  ['without its last CRLF', (sdp: string) => sdp.trimEnd(), /CRLF/],
  ['with video', (sdp: string) => `${sdp}m=video 9 UDP/TLS/RTP/SAVPF 96\r\n`, /m-line/],
  ['without Opus', (sdp: string) => sdp.replace('opus/48000/2', 'PCMU/8000'), /Opus/],
  ['without ICE', (sdp: string) => sdp.replace(/a=ice-pwd.*\r\n/, ''), /ICE/],
])('SDP %s is refused', (_name, spoil, reason) => {
  expect(faultOfSdp(spoil(metaOffer(new Ids('sdp')).sdp), 'offer')).toMatch(reason);
});

describe('call hours', () => {
  const hours: CallHours = {
    status: 'ENABLED',
    timezone_id: 'America/Mexico_City',
    weekly_operating_hours: [{ day_of_week: 'MONDAY', open_time: '0900', close_time: '1800' }],
    holiday_schedule: [{ date: '2026-11-30', start_time: '0000', end_time: '2359' }],
  };
  const at = (time: string): boolean => openAt(hours, Date.parse(time));

  test('they are those of the zone of the business', () => {
    expect(at('2026-11-23T15:00:00Z')).toBe(true);
    expect(at('2026-11-23T14:59:00Z')).toBe(false);
    expect(at('2026-11-24T00:00:00Z')).toBe(false);
    expect(at('2026-11-24T16:00:00Z')).toBe(false);
  });

  test('a holiday closes, and hours that are off do not', () => {
    expect(at('2026-11-30T16:00:00Z')).toBe(false);
    expect(openAt({ ...hours, status: 'DISABLED' }, Date.parse('2026-11-24T03:00:00Z'))).toBe(true);
    expect(openAt(undefined, 0)).toBe(true);
  });
});

test('a reached limit is free again when enough of its uses are a day old', () => {
  const user = new Users().meet('5215500000099');
  expect(user).toBeDefined();
  if (!user) return;
  user.connectedAt = Array.from({ length: 101 }, (_, index) => 1_000_000_000_000 + index);
  expect(freeAgainAt(callLimits(user, 1_000_000_000_500))).toBe(1_000_000_000_000 + 1 + 86_400_000);
});

test('a person is found by handle, by any writing of the number and by the BSUID; nonsense is nobody', () => {
  const users = new Users();
  const ana = users.add({ id: 'ana', name: 'Ana', role: 'test', waId: '5215512340001', parentUserId: 'MX.ENT.20000000000000000001' });
  for (const id of ['ana', '+52 55 1234 0001', '5215512340001', ana.userId ?? '', 'MX.ENT.20000000000000000001'])
    expect(users.find(id)).toBe(ana);
  expect(users.meet('nobody')).toBeUndefined();
  expect(users.meet('MX.10000000000000000099')).toMatchObject({ waId: null, userId: 'MX.10000000000000000099' });
});
