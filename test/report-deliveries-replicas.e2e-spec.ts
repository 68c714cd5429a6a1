import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ReportDeliveryJob } from '#compliance/report-deliveries/sending/report-delivery.job.js';
import { SendPlanService } from '#compliance/report-deliveries/sending/send-plan.service.js';
import { report } from '#compliance/reports/report.fixture.js';
import { addDays } from '#kernel/calendar/calendar.js';
import { DAY, HOUR, MINUTE } from '#kernel/clock.js';
import { Store } from '#store/store.js';
import { MailServer } from './mail-server.js';
import { FIRST } from './second-number.js';
import { World } from './world.js';

const READERS = 8;
const DAYS = 4;
const STEP_MS = 20 * MINUTE;

const onPostgres = process.env.TEST_POSTGRES_URL ? describe : describe.skip;

onPostgres('three replicas that send reports', () => {
  let world: World;
  let mails: MailServer;
  let replicas: NestFastifyApplication[];

  beforeEach(async () => {
    mails = await new MailServer().open();
    const env = { SMTP_URL: mails.url, MAIL_FROM: 'reports@gateway.example', REPORT_RECIPIENTS: 'own.example' };
    world = await World.open({ engine: 'postgres', env });
    replicas = [await world.startAnother(), await world.startAnother(), await world.startAnother()];
  });
  afterEach(async () => {
    for (const app of replicas) await app.close();
    await world.close();
    await mails.close();
  });

  const written = async (date: string): Promise<void> => {
    const [from, until] = [Date.parse(date), Date.parse(date) + DAY];
    const row = { id: `rep_${date}`, phone_number_id: FIRST, from_at: from, until_at: until, revision: 1, created_at: until, digest: '' };
    const period = { date, from: new Date(from).toISOString(), to: new Date(until).toISOString(), time_zone: 'UTC' };
    const data = JSON.stringify({ ...report(), id: row.id, phone_number_id: FIRST, period });
    await world.app.get(Store).write((tx) =>
      tx
        .insertInto('reports')
        .values({ ...row, data })
        .execute(),
    );
  };
  const runAll = () => Promise.all([world.app, ...replicas].map((app) => app.get(ReportDeliveryJob).run()));
  const ids = () => mails.received.map(({ parsed }) => parsed.messageId ?? '');

  /** The readers get each day once: by the ids, under which mail programs show two copies as one. */
  const expected = async (days: readonly string[]): Promise<string[]> => {
    const { data } = (await world.get('/api/compliance/report-deliveries')).body;
    return data.flatMap(({ id }: { id: string }) => days.map((day) => `<${id}.${day}@127.0.0.1>`)).sort();
  };
  const subscribe = async () => {
    for (let n = 0; n < READERS; n += 1) {
      const to = `mailto:reader${n}@own.example`;
      expect((await world.post('/api/compliance/report-deliveries', { to, every: 'day', time_zone: 'UTC' })).status).toBe(201);
    }
  };

  it('send each period once, while the mail server is away for hours', async () => {
    await subscribe();
    const days = Array.from({ length: DAYS }, (_, n) => addDays('2026-11-23', n));
    for (const day of days) {
      const end = Date.parse(day) + DAY;
      world.clock.time = end - STEP_MS;
      await runAll();
      await written(day);
      for (let passed = 0; passed < 9 * HOUR; passed += STEP_MS) {
        world.clock.time = end + passed;
        if (passed === 0) await mails.close();
        if (passed === 6 * HOUR) await mails.open();
        await runAll();
      }
    }
    expect(ids().sort()).toEqual(await expected(days));
  });

  it('send each period once, though replicas die between the mail server’s answer and the database; only then a copy has the same id', async () => {
    await subscribe();
    const days = Array.from({ length: DAYS }, (_, n) => addDays('2026-11-23', n));
    let deaths = 0;
    for (const day of days) {
      const end = Date.parse(day) + DAY;
      await written(day);
      world.clock.time = end + MINUTE;
      const [dying] = replicas;
      if (dying) jest.spyOn(dying.get(SendPlanService), 'finish').mockRejectedValueOnce(new Error('killed'));
      const before = mails.received.length;
      await runAll();
      await dying?.close();
      replicas = [...replicas.slice(1), await world.startAnother()];
      deaths += mails.received.length > before ? 1 : 0;
      world.clock.time = end + 10 * MINUTE;
      await runAll();
      await runAll();
    }
    expect([...new Set(ids())].sort()).toEqual(await expected(days));
    expect(deaths).toBe(DAYS);
    expect(ids().length - new Set(ids()).size).toBeLessThanOrEqual(DAYS);
    const { data } = (await world.get('/api/compliance/report-deliveries')).body;
    expect(data.map(({ state }: { state: string }) => state)).toEqual(Array(READERS).fill('active'));
  });

  it('ask an address once, whichever of them makes the delivery', async () => {
    const make = (every: string) => world.post('/api/compliance/report-deliveries', { to: 'mailto:ana@reader.example', every });
    await Promise.all([make('day'), make('week'), make('month')]);
    for (let n = 0; n < 5; n += 1) {
      await runAll();
      world.clock.time += 6 * HOUR;
    }
    expect(mails.received).toHaveLength(1);
  });
});
