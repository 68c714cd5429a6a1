import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { StoppedClock, type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import type { IdentityChange } from './identity-change.js';
import { PeopleService } from './people.service.js';
import { PeopleStore } from './people.store.js';
import type { Identifiers, Person } from './person.js';

const [N1, N2, N3] = ['5215510000001', '5215510000002', '5215510000003'];
const [U1, U2, U3] = ['MX.10000001', 'MX.10000002', 'MX.10000003'];
/** Our number. */
const A = '300000000000001';
const T = Date.UTC(2026, 10, 23, 12);
const at = (seconds: number): number => T + seconds * 1000;

describe.each(engines)('people on %s', (engine) => {
  let database: TemporaryStore;
  let store: Store;
  let people: PeopleService;
  let merged: Array<[from: string, into: string]>;
  let readdressed: string[];

  const open = async (): Promise<void> => {
    database = await temporaryStore(engine);
    store = await database.open();
    people = new PeopleService(new PeopleStore(), store, new StoppedClock());
    [merged, readdressed] = [[], []];
    people.onMerge(async (_, from, into) => void merged.push([from, into]));
    people.onAddressChanged(async (_, id) => void readdressed.push(id));
  };
  beforeEach(open);
  afterEach(() => database.remove());

  const wrote = (identifiers: Identifiers, seconds: number): Promise<Person> =>
    store.write((tx) => people.named(tx, A, identifiers, 'wire', { at: at(seconds), acts: true }));
  const reported = (identifiers: Identifiers, seconds: number): Promise<Person> =>
    store.write((tx) => people.named(tx, A, identifiers, 'wire', { at: at(seconds) }));
  const typed = (identifiers: Identifiers): Promise<Person> => store.write((tx) => people.named(tx, A, identifiers, 'caller'));
  const changed = (former: Identifiers, present: Identifiers, seconds: number): Promise<Person> =>
    store.write((tx) => people.changed(tx, A, { former, present, at: at(seconds) }));
  const identified = (person: Person, identifiers: Identifiers, equates = false): Promise<Person> =>
    store.write((tx) => people.identified(tx, { phoneNumberId: A, personId: person.id }, identifiers, { at: at(50), equates }));
  const idOf = async (written: string): Promise<string | undefined> => (await people.find(A, written))?.id;

  it('are one when a webhook names an id of each together', async () => {
    const byNumber = await wrote({ waId: N1 }, 1);
    await wrote({ userId: U1 }, 2);
    const both = await reported({ waId: N1, userId: U1 }, 3);
    expect(both).toMatchObject({ id: byNumber.id, waId: N1, userId: U1 });
    expect(await idOf(U1)).toBe(byNumber.id);
    expect(merged).toHaveLength(1);
  });

  it('are one when Meta names the BSUID of a number that only an API client has used', async () => {
    const ana = await wrote({ waId: N1, userId: U1 }, 1);
    await typed({ waId: N2 });
    expect(await reported({ waId: N2, userId: U1 }, 5)).toMatchObject({ id: ana.id, waId: N2 });
  });

  it('stay two when a BSUID of one is named with a number by which the other has written', async () => {
    const [ana, beto] = [await wrote({ waId: N1, userId: U1 }, 1), await wrote({ waId: N2 }, 2)];
    expect((await reported({ waId: N2, userId: U1 }, 5)).id).toBe(ana.id);
    expect(await idOf(N2)).toBe(beto.id);
    expect(merged).toEqual([]);
  });

  describe('a number that another human has now', () => {
    it('is theirs once Meta names it with another BSUID, and nothing of the former holder passes', async () => {
      const ana = await wrote({ waId: N1, userId: U1 }, 1);
      const stranger = await wrote({ waId: N1, userId: U2 }, 9);
      expect(stranger.id).not.toBe(ana.id);
      expect(await idOf(N1)).toBe(stranger.id);
      expect(await people.find(A, U1)).toMatchObject({ id: ana.id, waId: null, userId: U1 });
      expect(merged).toEqual([]);
      expect(readdressed).toEqual([ana.id]);
      // A webhook of before, delivered again.
      expect((await reported({ waId: N1, userId: U1 }, 1)).id).toBe(ana.id);
      expect(await idOf(N1)).toBe(stranger.id);
    });

    it('is theirs when they write from it after it was given up, and not by a report or a client that mentions it', async () => {
      const ana = await wrote({ waId: N1, userId: U1 }, 1);
      await changed({ waId: N1, userId: U1 }, { waId: N2, userId: U2 }, 5);
      expect((await reported({ waId: N1 }, 8)).id).toBe(ana.id);
      expect((await typed({ waId: N1 })).id).toBe(ana.id);
      expect((await wrote({ waId: N1 }, 4)).id).toBe(ana.id);
      const stranger = await wrote({ waId: N1 }, 9);
      expect(stranger.id).not.toBe(ana.id);
      expect(await idOf(N1)).toBe(stranger.id);
      expect(await people.find(A, N2)).toMatchObject({ id: ana.id, waId: N2, userId: U2 });
    });
  });

  describe('beside a call or a request that is known', () => {
    it('an id of another kind belongs to its person', async () => {
      const ana = await typed({ waId: N1 });
      await wrote({ userId: U1 }, 1);
      expect(await identified(ana, { userId: U1, name: 'Ana' })).toMatchObject({ waId: N1, userId: U1, name: 'Ana' });
      expect(merged).toHaveLength(1);
    });

    it.each([
      ['number', { waId: N2 }],
      ['BSUID', { userId: U2 }],
    ])('another %s belongs to somebody else', async (_, ids) => {
      const [ana, beto] = [await wrote({ waId: N1, userId: U1 }, 1), await wrote(ids, 2)];
      expect(await identified(ana, { ...ids, name: 'Otra' })).toEqual(ana);
      expect(await idOf(Object.values(ids)[0] ?? '')).toBe(beto.id);
      expect(merged).toEqual([]);
    });

    it('an unknown number beside the call that a client has dialled is the writing of Meta, until Meta has named the person', async () => {
      const ana = await typed({ waId: N1 });
      expect(await identified(ana, { waId: N2 })).toMatchObject({ id: ana.id, waId: N2 });
      expect(await idOf(N1)).toBe(ana.id);
      expect(await identified(ana, { waId: N3 })).toMatchObject({ id: ana.id, waId: N2 });
      expect(await idOf(N3)).toBeUndefined();
    });

    it('the number that 360dialog answers for the one that was sent is the same person', async () => {
      const ana = await typed({ waId: N1 });
      expect(await identified(ana, { waId: N2, userId: U1 }, true)).toMatchObject({ id: ana.id, waId: N2 });
      expect(await idOf(N1)).toBe(ana.id);
      expect(await identified(ana, { waId: N3, userId: U3 }, true)).toMatchObject({ id: ana.id, waId: N2, userId: U1 });
    });
  });

  describe('a change', () => {
    const change = (former: Identifiers, present: Identifiers, seconds: number): IdentityChange => ({ former, present, at: at(seconds) });

    /** A change, or a message in between. */
    type Step = IdentityChange | [Identifiers, number];
    const arrives = (step: Step): Promise<Person> => ('former' in step ? store.write((tx) => people.changed(tx, A, step)) : wrote(...step));

    const HISTORIES: Record<string, { steps: Step[]; ids: Partial<Person>; under: string[] }> = {
      'of the number, then of the number again': {
        steps: [
          change({ waId: N1, userId: U1 }, { waId: N2, userId: U2 }, 10),
          change({ waId: N2, userId: U2 }, { waId: N3, userId: U3 }, 20),
        ],
        ids: { waId: N3, userId: U3 },
        under: [N1, N2, N3, U1, U2, U3],
      },
      'of hidden BSUIDs, with messages under each': {
        steps: [
          change({ userId: U1 }, { userId: U2 }, 10),
          [{ userId: U2 }, 12],
          change({ userId: U2 }, { userId: U3 }, 20),
          [{ userId: U3 }, 22],
        ],
        ids: { waId: null, userId: U3 },
        under: [U1, U2, U3, N1],
      },
      'there and back': {
        steps: [
          change({ waId: N1, userId: U1 }, { waId: N2, userId: U2 }, 10),
          change({ waId: N2, userId: U2 }, { waId: N1, userId: U3 }, 20),
        ],
        ids: { waId: N1, userId: U3 },
        under: [N1, N2, U1, U2, U3],
      },
      'that hides the number, which Meta shows again later': {
        steps: [change({ userId: U1 }, { userId: U2 }, 10), [{ waId: N1, userId: U2 }, 15]],
        ids: { waId: N1, userId: U2 },
        under: [N1, U1, U2],
      },
      'in the older form, by numbers alone': {
        steps: [change({ waId: N1 }, { waId: N2 }, 10), [{ waId: N2, userId: U2 }, 12], change({ waId: N2 }, { waId: N3 }, 20)],
        ids: { waId: N3, userId: null },
        under: [N1, N2, N3, U1, U2],
      },
    };

    it.each(Object.entries(HISTORIES))('%s gives one person, in every order of arrival', async (_, history) => {
      for (const [i, order] of permutations(history.steps).entries()) {
        // Other people for each order.
        const as = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll('10000', `${100 + i}00`)) as T;
        const ana = await wrote(as({ waId: N1, userId: U1 }), 1);
        for (const step of order) await arrives(as(step));
        const found = await Promise.all(as(history.under).map((written) => people.find(A, written)));
        expect(found.map((person) => person?.id)).toEqual(history.under.map(() => ana.id));
        expect(found[0]).toMatchObject(as(history.ids));
        // Delivered once more, and an older mention: nothing changes.
        for (const step of order.filter((one) => 'former' in one)) await arrives(as(step));
        await reported(as({ waId: N1, userId: U1 }), 1);
        expect(await people.find(A, as(U1))).toEqual(found[0]);
      }
    });

    it('to a number of somebody else takes the number and nothing more', async () => {
      const [ana, beto] = [await wrote({ waId: N1, userId: U1 }, 1), await wrote({ waId: N2, userId: U3 }, 2)];
      const after = await changed({ waId: N1, userId: U1 }, { waId: N2, userId: U2 }, 10);
      expect(after).toMatchObject({ id: ana.id, waId: N2, userId: U2 });
      expect(await people.find(A, U3)).toMatchObject({ id: beto.id, waId: null });
      expect(await idOf(N2)).toBe(ana.id);
      expect(merged).toEqual([]);
      expect(readdressed).toEqual([beto.id, ana.id]);
    });

    it('to a number that somebody without a BSUID had before leaves them without an address', async () => {
      const beto = await wrote({ waId: N2 }, 2);
      await wrote({ waId: N1, userId: U1 }, 3);
      await changed({ waId: N1, userId: U1 }, { waId: N2, userId: U2 }, 10);
      expect((await people.byKeys([{ phoneNumberId: A, personId: beto.id }])).get(beto.id)).toMatchObject({ waId: null, userId: null });
    });

    it('to a number that only a client has used is that person', async () => {
      const [ana, beto] = [await wrote({ waId: N1, userId: U1 }, 1), await typed({ waId: N2 })];
      expect(await changed({ waId: N1, userId: U1 }, { waId: N2, userId: U2 }, 10)).toMatchObject({ waId: N2, userId: U2 });
      expect([ana.id, beto.id]).toContain(await idOf(N1));
      expect(merged).toHaveLength(1);
    });

    it('of a number that another human took over later is not theirs', async () => {
      const ana = await wrote({ waId: N1, userId: U1 }, 1);
      const stranger = await wrote({ waId: N1, userId: U3 }, 20);
      await changed({ waId: N1, userId: U1 }, { waId: N2, userId: U2 }, 10);
      expect(await idOf(N1)).toBe(stranger.id);
      expect(await people.find(A, U1)).toMatchObject({ id: ana.id, waId: N2, userId: U2 });
      expect(merged).toEqual([]);
    });

    it('of a person who is not known is kept, since the change before it may follow', async () => {
      const person = await changed({ userId: U1 }, { userId: U2 }, 10);
      expect(await idOf(U1)).toBe(person.id);
      expect(person).toMatchObject({ waId: null, userId: U2 });
    });
  });
});

const permutations = <T>(items: readonly T[]): T[][] =>
  items.length < 2
    ? [[...items]]
    : items.flatMap((item, i) => permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest]));
