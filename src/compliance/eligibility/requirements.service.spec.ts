import { ConversationsService } from '#compliance/conversations/conversations.service.js';
import { ConversationsStore } from '#compliance/conversations/storage/conversations.store.js';
import { limitUsage } from '#compliance/conversations/usage/limit-usage.fixture.js';
import type { Settings } from '#config/settings.js';
import { numberSettings } from '#identity/numbers/number-settings.fixture.js';
import type { OurNumber } from '#identity/numbers/our-number.js';
import type { InboxService } from '#inbox/inbox.service.js';
import { DAY, SECOND } from '#kernel/clock.js';
import type { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { StoppedClock, type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { READING } from './reading.js';
import { ReadingsStore } from './readings.store.js';
import { toRequirementsDto } from './requirements.dto.js';
import { OWNER_TRUSTED_MS, RequirementsService } from './requirements.service.js';

const settings = { compliance: { requiredConversations: 1_000, windowDays: 30, timeZone: 'UTC' } } as Settings;
const OWNER = { source: 'owner', scope: 'portfolio' } as const;

describe.each(engines)('what the owner declared, on %s', (engine) => {
  let database: TemporaryStore;
  let store: Store;
  let clock: StoppedClock;
  let requirements: RequirementsService;
  let number: OurNumber;

  beforeEach(async () => {
    database = await temporaryStore(engine);
    store = await database.open();
    clock = new StoppedClock();
    number = { phoneNumberId: '300000000000001', displayPhoneNumber: null, wabaId: null, learnedAt: clock.now() };
    const inbox = { lastReceivedAt: async () => null } as unknown as InboxService;
    const conversations = new ConversationsService(new ConversationsStore(), inbox, store, numberSettings(settings), clock);
    requirements = new RequirementsService(new ReadingsStore(), conversations, store, numberSettings(settings), clock, limitUsage());
  });
  afterEach(() => database.remove());

  const observe = (name: string, value: unknown, over: object = OWNER) =>
    store.write((tx) => requirements.observe(tx, number.phoneNumberId, { name, value, ...OWNER, ...over, observedAt: clock.now() }));
  const shown = async () => {
    const { messaging_limit: limit, paths_to_limit: paths } = toRequirementsDto(
      number.phoneNumberId,
      await requirements.requirements(number),
      clock.now(),
    );
    const { value, reason } = await requirements.limit(number.phoneNumberId);
    return { limit, verification: paths[0]?.state, forTheDial: [value?.limit ?? null, reason] };
  };

  it('is believed for 30 days by the clock, to the millisecond, and shown as stale after', async () => {
    await observe(READING.limit, { limit: 'TIER_2K', event: null });
    await observe(READING.verification, 'verified');
    const believed = {
      limit: { tier: 'TIER_2K', limit: 2_000, meets: true, source: 'owner', reason: null },
      verification: 'verified',
      forTheDial: ['TIER_2K', null],
    };
    clock.pass(OWNER_TRUSTED_MS - SECOND);
    expect(await shown()).toMatchObject(believed);
    clock.pass(SECOND);
    expect(await shown()).toMatchObject(believed);
    clock.pass(1);
    expect(await shown()).toMatchObject({
      limit: { tier: null, limit: null, meets: null, source: 'owner', reason: 'stale' },
      verification: null,
      forTheDial: [null, 'stale'],
    });
    expect(OWNER_TRUSTED_MS).toBe(30 * DAY);
  });

  it('is still reported after that, with its date, and counts anew once declared again', async () => {
    await observe(READING.limit, { limit: 'TIER_2K', event: null });
    clock.pass(31 * DAY);
    expect((await requirements.declared(number.phoneNumberId)).limit).toMatchObject({
      value: { limit: 'TIER_2K' },
      observedAt: clock.now() - 31 * DAY,
    });
    await observe(READING.limit, { limit: 'TIER_2K', event: null });
    expect((await shown()).limit).toMatchObject({ meets: true, reason: null });
  });

  it('gives way to any other source, however old', async () => {
    await observe(READING.limit, { limit: 'TIER_250', event: null }, { source: 'webhook' });
    clock.pass(40 * DAY);
    await observe(READING.limit, { limit: 'TIER_2K', event: null });
    expect((await shown()).limit).toMatchObject({ tier: 'TIER_250', source: 'webhook', meets: false });
  });

  it('gives way to the integer of the portfolio, which also stands before a newer limit of the number', async () => {
    await observe(READING.limit, { limit: '2000', event: null }, { source: 'webhook', scope: 'portfolio' });
    clock.pass(DAY);
    await observe(READING.limit, { limit: 'TIER_250', event: null }, { source: 'partner_api', scope: 'number' });
    expect((await shown()).limit).toMatchObject({ limit: 2_000, source: 'webhook', scope: 'portfolio', meets: true });
  });

  it.each([[{ limit: null, event: null }], [{}], [null], ['TIER_2K']])(
    'tells nothing where a database holds %j as a limit',
    async (value) => {
      await observe(READING.limit, value);
      await observe(READING.verification, null);
      expect(await shown()).toMatchObject({
        limit: { tier: null, limit: null, meets: null, source: null, reason: 'no_source', readings: [] },
        verification: null,
        forTheDial: [null, 'no_source'],
      });
      expect(await requirements.declared(number.phoneNumberId)).toEqual({ limit: null, verification: null });
      await observe(READING.limit, { limit: 'TIER_10K', event: null }, { source: 'meta' });
      expect((await shown()).limit).toMatchObject({ tier: 'TIER_10K', source: 'meta' });
    },
  );
});
