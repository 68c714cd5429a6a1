import type { Settings } from '#config/settings.js';
import type { Dialog360Client } from '#dialog360/dialog360.client.js';
import type { PermissionReading } from '#dialog360/permission-reading.js';
import { numberSettings } from '#identity/numbers/number-settings.fixture.js';
import { PeopleService } from '#identity/people.service.js';
import { PeopleStore } from '#identity/people.store.js';
import type { Person } from '#identity/person.js';
import { DAY, HOUR, MINUTE, SECOND } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { lineOf } from '#numbers/lines.fixture.js';
import type { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { StoppedClock, type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { called, reading } from './ledger.fixture.js';
import { LivePermissionsService } from './live-permissions.service.js';
import { toPermissionDto } from './permission.dto.js';
import { PermissionsService } from './permissions.service.js';
import { PermissionsStore } from './permissions.store.js';

class FakeDialog360 {
  answer: PermissionReading | Problem = reading();
  asked = 0;
  /** While set, answers wait for it. */
  gate: Promise<void> | null = null;

  async readPermission(): Promise<PermissionReading> {
    this.asked += 1;
    await this.gate;
    if (this.answer instanceof Problem) throw this.answer;
    return this.answer;
  }
}

const upstream = { status: 401, code: 138000, message: null, details: null, fbtrace_id: null };

describe.each(engines)('the permission ledger on %s', (engine) => {
  let database: TemporaryStore;
  let store: Store;
  let clock: StoppedClock;
  let dialog360: FakeDialog360;
  let people: PeopleService;
  let permissions: PermissionsService;
  let ana: Person;
  const number = { phoneNumberId: '300000000000001', displayPhoneNumber: null, wabaId: null, learnedAt: 0 };
  const pair = () => ({ phoneNumberId: number.phoneNumberId, personId: ana.id });
  const ledger = () => permissions.ledger(number, ana);

  beforeEach(async () => {
    database = await temporaryStore(engine);
    store = await database.open();
    clock = new StoppedClock();
    dialog360 = new FakeDialog360();
    people = new PeopleService(new PeopleStore(), store, clock);
    const kept = new PermissionsStore();
    const settings = { permissionMaxAgeMs: MINUTE } as Settings;
    const live = new LivePermissionsService(kept, lineOf(dialog360 as unknown as Dialog360Client), store, settings, clock);
    permissions = new PermissionsService(kept, live, people, store, numberSettings({ permissionPolicy: 'production' }), clock);
    ana = await store.write((tx) => people.named(tx, number.phoneNumberId, { waId: '5215512345678' }, 'caller'));
  });

  afterEach(() => database.remove());

  const askedAt = async (messageId: string) => store.write((tx) => permissions.asked(tx, pair(), messageId));
  const ended = async (...facts: Parameters<typeof called>) => store.write((tx) => permissions.callEnded(tx, pair(), called(...facts)));

  test('asks 360dialog once for all who want to know at the same time', async () => {
    let open = () => {};
    dialog360.gate = new Promise((resolve) => {
      open = resolve;
    });
    const all = [ledger(), ledger(), ledger()];
    await new Promise((resolve) => setImmediate(resolve));
    open();
    expect((await Promise.all(all)).map(({ permission }) => permission.status)).toEqual([
      'no_permission',
      'no_permission',
      'no_permission',
    ]);
    expect(dialog360.asked).toBe(1);
  });

  test('asks again after a minute, after a new fact, and after a limit has freed', async () => {
    await ledger();
    clock.pass(30 * SECOND);
    await ledger();
    expect(dialog360.asked).toBe(1);
    await askedAt('wamid.1');
    clock.pass(2 * SECOND);
    dialog360.answer = reading({
      ask: { canPerform: false, limits: [{ period: 'PT24H', maxAllowed: 1, used: 1, expiresAt: clock.now() + 5 * SECOND }] },
    });
    expect((await ledger()).ask).toMatchObject({ verdict: 'fail', until: clock.now() + 5 * SECOND });
    clock.pass(5 * SECOND);
    await ledger();
    clock.pass(MINUTE);
    await ledger();
    expect(dialog360.asked).toBe(4);
  });

  test('shows what it remembers while 360dialog fails, and says so', async () => {
    await askedAt('wamid.1');
    dialog360.answer = new Problem('upstream_unavailable');
    const standing = await permissions.status(number, ana);
    expect(standing).toMatchObject({
      permission: { status: 'unknown' },
      call: { verdict: 'unknown' },
      unreadable: { code: 'upstream_unavailable' },
    });
    expect(standing.ask).toEqual({ verdict: 'fail', code: 'permission_request_limit_reached', until: clock.now() + DAY });
    expect(toPermissionDto('x', number, ana, await ledger(), 'es')).toMatchObject({
      status: null,
      readable: false,
      unreadable_code: 'upstream_unavailable',
      can_ask: { verdict: 'fail', remedy: expect.stringMatching(/\w/) },
      last_request: { message_id: 'wamid.1', status: 'sent' },
    });
  });

  test('refuses to dial for a reason of the number, and still shows the ledger', async () => {
    dialog360.answer = new Problem('calling_disabled', { upstream });
    await expect(permissions.status(number, ana)).rejects.toMatchObject({ code: 'calling_disabled' });
    expect((await ledger()).unreadable?.code).toBe('calling_disabled');
  });

  test('foresees what the next unanswered call does, and a late correction does not count twice', async () => {
    dialog360.answer = reading({ status: 'permanent' });
    for (const hour of [1, 2, 3]) await ended('unanswered', clock.now() - hour * HOUR);
    expect(await ledger()).toMatchObject({ unansweredInARow: 3, nextEffect: 'revoke' });
    await ended('unanswered', clock.now() - HOUR, undefined, 2);
    expect(await ledger()).toMatchObject({ unansweredInARow: 3 });
    await ended('connected', clock.now() - HOUR, undefined, 3);
    expect(await ledger()).toMatchObject({ unansweredInARow: 0, nextEffect: 'none' });
  });

  test('takes nothing back that was never counted', async () => {
    await ended('uncounted', clock.now(), 'wacid.1');
    expect((await ledger()).history).toEqual([]);
    await ended('unanswered', clock.now(), 'wacid.2');
    await ended('uncounted', clock.now(), 'wacid.2', 2);
    expect(await ledger()).toMatchObject({ unansweredInARow: 0, history: [{ kind: 'unanswered' }, { kind: 'uncounted' }] });
  });

  test('shows the permission first of all that is called status', async () => {
    await askedAt('wamid.1');
    dialog360.answer = reading({ status: 'temporary', expiresAt: clock.now() + DAY });
    const shown = JSON.stringify(toPermissionDto('+52 1 55 1234 5678', number, ana, await ledger(), 'en'));
    expect(/"status":"(\w+)"/.exec(shown)?.[1]).toBe('temporary');
    expect(JSON.parse(shown)).toMatchObject({
      user: { wa_id: '5215512345678', input: '+52 1 55 1234 5678' },
      expires_at: new Date(clock.now() + DAY).toISOString(),
      can_call: { verdict: 'pass', code: null, remedy: null, earliest_at: null },
      window: { state: 'closed', closes_at: null },
      history: [{ kind: 'asked', ref: 'wamid.1' }],
      next_unanswered_effect: 'none',
      readable: true,
    });
  });

  test('is one ledger when two people turn out to be one', async () => {
    await askedAt('wamid.1');
    clock.pass(SECOND);
    const bsuid = await store.write((tx) => people.named(tx, number.phoneNumberId, { userId: 'MX.1000000000000001' }, 'wire'));
    await store.write((tx) => permissions.callEnded(tx, { ...pair(), personId: bsuid.id }, called('unanswered', clock.now())));
    ana = await store.write((tx) =>
      people.named(tx, number.phoneNumberId, { waId: '5215512345678', userId: 'MX.1000000000000001' }, 'wire'),
    );
    expect((await ledger()).history.map(({ kind }) => kind)).toEqual(['unanswered', 'asked']);
  });
});
