import { unkeptPerson } from '#identity/person.js';
import { MINUTE } from '#kernel/clock.js';
import { StoppedClock } from '#store/temporary-store.fixture.js';
import { reading } from './ledger.fixture.js';
import { UnkeptReadings } from './unkept-readings.js';

const NUMBER = '300000000000001';
const person = (waId: string) => unkeptPerson(NUMBER, { waId }, 0);

describe('readings about people without a row', () => {
  let clock: StoppedClock;
  let readings: UnkeptReadings;
  beforeEach(() => {
    clock = new StoppedClock();
    readings = new UnkeptReadings(clock);
  });
  const keep = (waId: string) => readings.begin(NUMBER, person(waId))({ reading: reading(), observedAt: clock.now() });
  const has = (waId: string) => readings.get(NUMBER, person(waId)) !== null;

  it('are found under every writing of an address, for the number that read them', () => {
    keep('5215598765432');
    expect([has('525598765432'), has('5215598765432'), has('5215598765433')]).toEqual([true, true, false]);
    expect(readings.get('300000000000002', person('5215598765432'))).toBeNull();
  });

  it('are gone after a minute, also when nobody asks', () => {
    keep('5215598765432');
    clock.pass(MINUTE);
    expect(has('5215598765432')).toBe(false);
    keep('5215598765432');
    clock.pass(MINUTE);
    readings.purge();
    clock.pass(-MINUTE);
    expect(has('5215598765432')).toBe(false);
  });

  it('are 2,000 at most, of which the oldest goes first', () => {
    for (let n = 0; n < 2_001; n += 1) keep(`4915${String(n).padStart(9, '0')}`);
    expect([has('4915000000000'), has('4915000000001'), has('4915000002000')]).toEqual([false, true, true]);
  });

  it('are forgotten with an erasure, those that are being read too', () => {
    keep('5215598765432');
    const late = readings.begin(NUMBER, person('5215598765433'));
    readings.forget();
    late({ reading: reading(), observedAt: clock.now() });
    expect([has('5215598765432'), has('5215598765433')]).toEqual([false, false]);
  });
});
