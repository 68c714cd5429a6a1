import { ConversationsService } from '#compliance/conversations/conversations.service.js';
import { ConversationsStore } from '#compliance/conversations/storage/conversations.store.js';
import { limitUsage } from '#compliance/conversations/usage/limit-usage.fixture.js';
import type { EligibilityService } from '#compliance/eligibility/eligibility.service.js';
import { ReadingsStore } from '#compliance/eligibility/readings.store.js';
import { RequirementsService } from '#compliance/eligibility/requirements.service.js';
import type { MetaClient } from '#compliance/sources/meta.client.js';
import type { PartnerClient } from '#compliance/sources/partner.client.js';
import type { Settings } from '#config/settings.js';
import { OutboxService } from '#events/outbox.service.js';
import { OutboxStore } from '#events/outbox.store.js';
import { businessNumber } from '#identity/numbers/business-number.fixture.js';
import type { BusinessNumber } from '#identity/numbers/business-number.js';
import { EVERY_NUMBER } from '#identity/numbers/number-reach.js';
import { numberSettings } from '#identity/numbers/number-settings.fixture.js';
import type { NumbersService } from '#identity/numbers/numbers.service.js';
import type { OurNumber } from '#identity/numbers/our-number.js';
import { inboxOf } from '#inbox/inbox.fixture.js';
import type { InboxService } from '#inbox/inbox.service.js';
import { DAY, HOUR, MINUTE } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import type { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { StoppedClock, type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { createLogger } from '#telemetry/logger.js';
import type { PartnerChannelsService } from './partner/partner-channels.service.js';
import { PartnerPollService } from './partner/partner-poll.service.js';
import { PartnerReadsService } from './partner/partner-reads.service.js';
import { FakePartner } from './partner.fixture.js';
import { PollPublisherService } from './poll-publisher.service.js';
import { PollsService } from './polls.service.js';
import type { Cause } from './snapshot.js';
import { SnapshotCollectorService } from './snapshot-collector.service.js';
import { SnapshotReadingsService } from './snapshot-readings.service.js';
import { SnapshotsService } from './snapshots.service.js';
import { SnapshotsStore } from './snapshots.store.js';

describe.each(engines)('polls on %s', (engine) => {
  let database: TemporaryStore;
  let store: Store;
  let clock: StoppedClock;
  let partner: FakePartner;
  let meta: { configured: boolean; readLimit: () => Promise<string> };
  let inbox: InboxService;
  let outbound: 'available' | 'blocked';
  let requirements: RequirementsService;
  let polls: PollsService;
  let snapshots: SnapshotsService;
  let number: BusinessNumber;
  let judged: OurNumber | null;

  beforeEach(async () => {
    database = await temporaryStore(engine);
    store = await database.open();
    clock = new StoppedClock();
    partner = new FakePartner();
    meta = { configured: false, readLimit: async () => 'TIER_10K' };
    outbound = 'available';
    number = businessNumber({ learnedAt: clock.now() });
    const settings = {
      compliance: { requiredConversations: 1_000, windowDays: 30, timeZone: 'UTC', pollCron: '*/15 * * * *' },
    } as Settings;
    const log = { pino: createLogger({ logLevel: 'silent' }) };
    inbox = inboxOf(store, clock).inbox;
    const conversations = new ConversationsService(new ConversationsStore(), inbox, store, numberSettings(settings), clock);
    requirements = new RequirementsService(new ReadingsStore(), conversations, store, numberSettings(settings), clock, limitUsage());
    judged = null;
    const gates = async (about: OurNumber) => {
      judged = about;
      return { inbound: { verdict: 'unknown', gates: [] }, outbound: { verdict: outbound, gates: [] } };
    };
    const numbers = {
      byId: () => number,
      all: () => [number],
      learn: async (_: string, named: object) => {
        number = { ...number, ...named };
      },
    };
    const partnerPoll = new PartnerPollService(
      partner as unknown as PartnerClient,
      new PartnerReadsService(),
      {} as PartnerChannelsService,
      requirements,
      numbers as unknown as NumbersService,
      numberSettings(settings),
      clock,
    );
    const sources = new SnapshotReadingsService(meta as unknown as MetaClient, requirements, clock, log);
    const lookout = new SnapshotCollectorService(
      sources,
      partnerPoll,
      { gates } as unknown as EligibilityService,
      requirements,
      inbox,
      numbers as unknown as NumbersService,
      clock,
    );
    const announcer = new PollPublisherService(new OutboxService(new OutboxStore(store), store), requirements, log);
    polls = new PollsService(new SnapshotsStore(), lookout, announcer, store, clock);
    snapshots = new SnapshotsService(new SnapshotsStore(), store, clock);
  });

  afterEach(async () => {
    await polls.onModuleDestroy();
    await database.remove();
  });

  const poll = async (cause: Cause = 'request') => {
    const { snapshot, done } = await polls.begin(number, cause);
    await done;
    return snapshots.require(EVERY_NUMBER, snapshot.id);
  };
  const events = async () => {
    const rows = await store.read.selectFrom('events').select(['type', 'sequence', 'data']).orderBy('id').execute();
    return rows.map(({ type, sequence, data }) => ({ type, sequence, data: JSON.parse(data) }));
  };

  it('learn the number from the partner before a webhook names it, and never after', async () => {
    partner.phoneNumber = '+1 202 555 0123';
    await poll();
    expect(judged).toMatchObject({ displayPhoneNumber: '12025550123' });
    number = { ...number, displayPhoneNumber: '5215500000001' };
    partner.phoneNumber = '12025550199';
    await poll();
    expect(number.displayPhoneNumber).toBe('5215500000001');
  });

  it('keep what they read when the database fails meanwhile', async () => {
    const write = store.write.bind(store);
    let faults = 0;
    const { snapshot, done } = await polls.begin(number, 'request');
    store.write = (...wish: Parameters<Store['write']>) => {
      faults += 1;
      if (faults <= 2) return Promise.reject(Object.assign(new Error('as the driver says it'), { code: '55P03' }));
      return write(...wish) as never;
    };
    await done;
    expect(await snapshots.require(EVERY_NUMBER, snapshot.id)).toMatchObject({ state: 'done' });
    expect(faults).toBeGreaterThan(2);
  });

  it('keep what every source said, with count and limit apart', async () => {
    expect(await poll()).toMatchObject({
      state: 'done',
      metrics: {
        businessInitiated: 600,
        meets: false,
        source: 'partner_api',
        coverage: { complete: true },
        tier: 'TIER_250',
        meetsLimit: false,
        sources: [
          { source: 'partner_api.balance', outcome: 'read' },
          { source: 'partner_api.channel', outcome: 'read' },
          { source: 'meta.limit', outcome: 'not_configured' },
        ],
      },
    });
  });

  it('never overlap, whatever starts them', async () => {
    let open = () => {};
    partner.door = new Promise((ready) => {
      open = ready;
    });
    const first = await polls.begin(number, 'request');
    await expect(polls.begin(number, 'request')).rejects.toMatchObject({ code: 'check_in_progress' });
    await expect(polls.begin(number, 'schedule')).rejects.toMatchObject({ code: 'check_in_progress' });
    open();
    await first.done;
    expect((await poll()).state).toBe('done');
  });

  it('of replicas on one schedule happen once a tick', async () => {
    await poll('schedule');
    await expect(polls.begin(number, 'schedule')).rejects.toMatchObject({ code: 'check_in_progress' });
    clock.pass(15 * MINUTE);
    expect((await poll('schedule')).state).toBe('done');
  });

  it('that a sleeping process left behind are given up, and what it finds late is not published', async () => {
    let open = () => {};
    partner.door = new Promise((ready) => {
      open = ready;
    });
    const asleep = await polls.begin(number, 'request');
    clock.pass(6 * MINUTE);
    partner.door = Promise.resolve();
    expect((await poll()).state).toBe('done');
    open();
    await asleep.done;
    expect(await snapshots.require(EVERY_NUMBER, asleep.snapshot.id)).toMatchObject({ state: 'failed', metrics: null });
    expect((await events()).filter(({ type }) => type === 'compliance.snapshot')).toHaveLength(1);
  });

  it('report a source that fails, and go on with the others', async () => {
    partner.failure = new Problem('rate_limited');
    expect(await poll()).toMatchObject({
      state: 'done',
      metrics: {
        businessInitiated: null,
        meets: null,
        tier: 'TIER_250',
        sources: [{ outcome: 'failed', code: 'rate_limited' }, { outcome: 'read', code: null }, { outcome: 'not_configured' }],
      },
    });
  });

  it('publish when the verdict changes, and when deliveries stop and come again', async () => {
    await inbox.keep(Buffer.from('{}'), null);
    await poll();
    outbound = 'blocked';
    await poll();
    clock.pass(25 * HOUR);
    await poll();
    await inbox.keep(Buffer.from('{}'), null);
    await poll();
    const told = await events();
    expect(told.map(({ type }) => type).filter((type) => type !== 'compliance.snapshot')).toEqual([
      'compliance.eligibility_changed',
      'webhook.silent',
      'webhook.silent',
    ]);
    expect(told.map(({ sequence }) => sequence)).toEqual(told.map((_, index) => index + 1));
    expect(told.filter(({ type }) => type === 'webhook.silent').map(({ data }) => data.silent)).toEqual([true, false]);
    expect(told.find(({ type }) => type === 'compliance.eligibility_changed')?.data).toMatchObject({
      changed: ['outbound'],
      outbound: { verdict: 'blocked' },
      previous: { outbound: { verdict: 'available' } },
    });
  });

  it('show what sources say against each other; the newest limit speaks', async () => {
    meta.configured = true;
    await poll();
    const { limit, limits } = await requirements.requirements(number);
    expect(limits.map(({ source, value }) => [source, value.limit]).sort()).toEqual([
      ['meta', 'TIER_10K'],
      ['partner_api', 'TIER_250'],
    ]);
    expect(['meta', 'partner_api']).toContain(limit.source);
  });

  it('leave the verdict open when the partner has not answered for long', async () => {
    await poll();
    clock.pass(3 * HOUR);
    expect((await requirements.requirements(number)).progress).toMatchObject({
      meets: null,
      reason: 'stale',
      coverage: { complete: false },
    });
  });

  it('can be listed, newest first, page by page', async () => {
    for (let i = 0; i < 3; i += 1) {
      await poll();
      clock.pass(MINUTE);
    }
    const [newest, next] = await snapshots.list({ numbers: [number.phoneNumberId] }, 2, null);
    expect(newest && next && newest.started_at > next.started_at).toBe(true);
    expect(await snapshots.list({ numbers: [number.phoneNumberId] }, 2, next ? [next.started_at, next.id] : null)).toHaveLength(1);
  });

  it('let the owner’s declaration count only without another source, and for 30 days', async () => {
    const declare = (limit: string) =>
      store.write((tx) =>
        requirements.observe(tx, number.phoneNumberId, {
          name: 'messaging_limit',
          value: { limit, event: null },
          source: 'owner',
          scope: 'portfolio',
          observedAt: clock.now(),
        }),
      );
    await declare('TIER_10K');
    expect(await requirements.limit(number.phoneNumberId)).toMatchObject({ value: { limit: 'TIER_10K' }, source: 'owner' });
    clock.pass(31 * DAY);
    expect(await requirements.limit(number.phoneNumberId)).toMatchObject({ value: null, reason: 'stale' });
    await poll();
    await declare('TIER_10K');
    expect(await requirements.limit(number.phoneNumberId)).toMatchObject({ value: { limit: 'TIER_250' }, source: 'partner_api' });
  });
});
