import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Script } from '#simulator/world/script.js';
import type { SimulatedUser } from '#simulator/world/user.js';
import type { Operator } from './operator.js';
import type { Person } from './person.js';
import { type Energy, energyOf } from './sound.js';
import { Stage, until } from './stage.js';

/** As mean squares; the quieter of the two sounds, Chromium's beep, is far above. */
const AUDIBLE = 1e-4;
/** One bit of 16, squared. */
const SILENT = 1e-9;
/** A little more than from one beep to the next. */
const LISTEN_MS = 1_100;

/** Both ends of one call. Without a page the phone is the simulator's headless one. */
interface Ends {
  operator: Operator;
  user: SimulatedUser;
  person: Person | null;
}

interface Case {
  what: string;
  way: 'inbound' | 'outbound';
  /** How the person behaves whose phone nobody sits at. */
  script?: Partial<Script>;
  /** Must they be asked first? */
  unasked?: true;
  act: (ends: Ends) => Promise<void>;
  outcome: string;
  /** What the operator reads at the end; null where the card goes away by itself. */
  says: RegExp | null;
}

describe('a call', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());
  afterEach(() => stage.clear());

  const { simulator } = { simulator: () => stage.world.simulator };
  const loud = ({ heard, sent }: Energy) => heard > AUDIBLE && sent > AUDIBLE;

  /** Sound reaches both sides; when one mutes, nothing of it arrives. */
  async function talk({ operator, user, person }: Ends): Promise<void> {
    await operator.until('in_progress');
    await until('the operator is heard and hears', async () => loud(await energyOf(operator.page, LISTEN_MS)));
    if (person) {
      await until('the person is heard and hears', async () => loud(await energyOf(person.page, LISTEN_MS)));
    } else await until('the phone hears', () => simulator().phones.report(stage.callWith(user)).speaking);
    await operator.press('Mute');
    await until('the operator is muted', async () => (await energyOf(operator.page, 300)).sent < SILENT);
    if (person) {
      await until('nothing arrives', async () => (await energyOf(person.page, 300)).heard < SILENT);
      expect((await energyOf(person.page, LISTEN_MS)).heard).toBeLessThan(SILENT);
      await person.press('Mute');
      await until('the person is muted', async () => (await energyOf(operator.page, 300)).heard < SILENT);
      expect(await energyOf(operator.page, LISTEN_MS)).toEqual({ heard: 0, sent: 0 });
    } else {
      await until('the phone hears silence', () => !simulator().phones.report(stage.callWith(user)).speaking);
      expect(simulator().phones.report(stage.callWith(user))).toMatchObject({ connected: true, speaking: false });
      expect((await energyOf(operator.page, LISTEN_MS)).heard).toBeGreaterThan(AUDIBLE);
    }
  }

  const answer = ({ person }: Ends) => person?.press('Answer');
  const operatorHangsUp = ({ operator }: Ends) => operator.press('Hang up');
  const personHangsUp = ({ person, user }: Ends) =>
    person ? person.press('Hang up') : simulator().callSimulation.hangUp(stage.callWith(user));

  const CASES: Case[] = [
    {
      what: 'is answered, carries sound both ways and none when muted, and the operator hangs up',
      way: 'inbound',
      act: async (ends) => {
        await ends.operator.press('Answer');
        await talk(ends);
        await operatorHangsUp(ends);
      },
      outcome: 'answered',
      says: /The call is over: Answered/,
    },
    {
      what: 'is answered, and the person hangs up',
      way: 'inbound',
      act: async (ends) => {
        await ends.operator.press('Answer');
        await ends.operator.until('in_progress');
        await personHangsUp(ends);
      },
      outcome: 'answered',
      says: /The call is over: Answered/,
    },
    {
      what: 'is rejected',
      way: 'inbound',
      act: ({ operator }) => operator.press('Reject'),
      outcome: 'rejected',
      says: /The call is over: Rejected/,
    },
    { what: 'is missed: the person gives up', way: 'inbound', act: async (ends) => personHangsUp(ends), outcome: 'missed', says: null },
    {
      what: 'is asked for, allowed, answered, carries sound both ways and none when muted, and the person hangs up',
      way: 'outbound',
      unasked: true,
      act: async (ends) => {
        await ends.person?.press('Allow for 7 days');
        await answer(ends);
        await talk(ends);
        await personHangsUp(ends);
      },
      outcome: 'answered',
      says: /The call is over: Answered/,
    },
    {
      what: 'is answered, and the operator hangs up',
      way: 'outbound',
      act: async (ends) => {
        await answer(ends);
        await ends.operator.until('in_progress');
        await operatorHangsUp(ends);
      },
      outcome: 'answered',
      says: /The call is over: Answered/,
    },
    {
      what: 'is rejected by the person',
      way: 'outbound',
      script: { on_call: 'reject' },
      act: async ({ person }) => person?.press('Reject'),
      outcome: 'rejected',
      says: /The call is over: Rejected/,
    },
    {
      what: 'rings out',
      way: 'outbound',
      script: { on_call: 'no_answer' },
      act: async ({ operator }) => {
        await operator.until('ringing');
        simulator().advance(60_000);
      },
      outcome: 'no_answer',
      says: /The call is over: No answer/,
    },
    {
      what: 'is canceled while it rings',
      way: 'outbound',
      script: { on_call: 'no_answer' },
      act: async (ends) => {
        await ends.operator.until('ringing');
        await operatorHangsUp(ends);
      },
      outcome: 'canceled',
      says: /The call is over: Canceled/,
    },
    {
      what: 'is not allowed',
      way: 'outbound',
      unasked: true,
      script: { on_permission_request: 'refuse' },
      act: async ({ person }) => person?.press('Don’t allow'),
      outcome: 'permission_denied',
      says: /The call is over: Permission denied/,
    },
  ];
  const PHONES = ['headless phone', 'phone page'];

  it.each(PHONES.flatMap((phone) => CASES.map((one) => ({ phone, ...one }))))(
    '$way, console ↔ $phone: $what',
    async ({ phone, way, script, unasked, act, outcome, says }) => {
      const user = await (unasked ? stage.newcomer(script) : stage.friend(script));
      const operator = await stage.operator('Ana');
      const person = phone === 'phone page' ? await stage.atPhone(user) : null;
      if (way === 'outbound') await operator.dial(`+${user.waId}`);
      else if (person) await person.press('Call the business');
      else stage.callIn(user);
      if (way === 'inbound') await operator.until('incoming');
      await act({ operator, user, person });
      if (says) {
        await operator.until('over');
        expect(await operator.cards()).toMatch(says);
      } else await operator.page.locator('#softphone [data-phase]').waitFor({ state: 'detached' });
      expect(await stage.ended(user)).toMatchObject({ outcome, direction: way });
      if (person) await person.until('none');
      expect([operator.faults, person?.faults ?? []]).toEqual([[], []]);
    },
  );
});
