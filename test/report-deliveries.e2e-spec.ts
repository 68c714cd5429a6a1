import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { ALL_SCOPES } from '#access/authorization/scope.js';
import { ReportDeliveryJob } from '#compliance/report-deliveries/sending/report-delivery.job.js';
import { report } from '#compliance/reports/report.fixture.js';
import type { ReportView } from '#compliance/reports/report.view.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { addDays, dateOf, startOf } from '#kernel/calendar/calendar.js';
import { DAY, HOUR, MINUTE } from '#kernel/clock.js';
import { RetentionJob } from '#privacy/retention/retention.job.js';
import { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { Metrics } from '#telemetry/metrics.js';
import { linksIn, MailServer } from './mail-server.js';
import { FIRST } from './second-number.js';
import { type Body, World } from './world.js';

const PATH = '/api/compliance/report-deliveries';
const ANA = 'mailto:ana@reader.example';
const form = { 'content-type': 'application/x-www-form-urlencoded' };

describe.each(engines)('reports that reach people on %s', (engine) => {
  let world: World;
  let mails: MailServer;
  let hook: Server | null = null;

  const open = async (env: Record<string, string> = {}) => {
    world = await World.open({
      engine,
      env: {
        SMTP_URL: mails.url,
        MAIL_FROM: 'Informes de Peña <reports@gateway.example>',
        REPORT_RECIPIENTS: 'own.example',
        PUBLIC_URL: 'https://gateway.example',
        EVENTS_ALLOW_PRIVATE_TARGETS: 'true',
        ...env,
      },
    });
  };
  beforeEach(async () => {
    mails = await new MailServer().open();
    await open();
  });
  afterEach(async () => {
    await world.close();
    await mails.close();
    hook?.close();
    hook = null;
  });

  const job = () => world.app.get(ReportDeliveryJob);
  const made = async (body: object, headers?: Record<string, string>): Promise<Body> => {
    const reply = await world.post(PATH, body, headers);
    expect([reply.status, reply.body.code]).toEqual([201, undefined]);
    return reply.body;
  };
  const shown = async (id: string): Promise<Body> => (await world.get(`${PATH}/${id}`)).body;
  /** The page behind a link, or what its button does. */
  const page = (link: string, method = 'GET') =>
    fetch(link.replace('https://gateway.example', world.url), {
      method,
      ...(method === 'POST' ? { headers: form, body: 'List-Unsubscribe=One-Click' } : {}),
    });
  /** A report of each day up to the one before now. */
  const reported = async (days: number, phoneNumberId = FIRST, zone = 'UTC'): Promise<void> => {
    const today = dateOf(world.clock.now(), zone);
    for (let back = days; back >= 1; back -= 1) {
      const date = addDays(today, -back);
      const [from, until] = [startOf(date, zone), startOf(addDays(date, 1), zone)];
      const id = `rep_${phoneNumberId}_${date}`;
      const period = { date, from: new Date(from).toISOString(), to: new Date(until).toISOString(), time_zone: zone };
      const view: ReportView = { ...report(), id, phone_number_id: phoneNumberId, period, revision: 1 };
      const row = { id, phone_number_id: phoneNumberId, from_at: from, until_at: until, revision: 1, created_at: until, digest: '' };
      await world.app.get(Store).write(async (tx) => {
        const kept = tx.insertInto('reports').values({ ...row, data: JSON.stringify(view) });
        await kept.onConflict((conflict) => conflict.doNothing()).execute();
      });
    }
  };
  /** The day is over, and its report is written. */
  const nextDay = async (days = 1): Promise<void> => {
    world.clock.time += days * DAY;
    await reported(days);
    await job().run();
  };
  const subjects = () => mails.received.map(({ parsed }) => parsed.subject);

  describe('by mail', () => {
    it('come once for each day, in parts that mail programs show, with links and headers that end them', async () => {
      await world.app.get(NumbersService).change(FIRST, { name: 'Peña y Niño 📞' });
      const delivery = await made({ to: 'mailto:ana@own.example', every: 'day', language: 'es', time_zone: 'UTC' });
      expect(delivery).toMatchObject({ state: 'active', secret: null, last_sent: null, to: 'mailto:ana@own.example', time_zone: 'UTC' });
      await job().run();
      expect(mails.received).toEqual([]);
      await nextDay();
      await job().run();
      expect(mails.received).toHaveLength(1);
      const [mail] = mails.received;
      const { parsed, source } = mail ?? { parsed: {} as Body, source: '' };
      expect([mail?.to, mail?.from]).toEqual([['ana@own.example'], 'reports@gateway.example']);
      expect(parsed.from?.value[0]).toEqual({ name: 'Informes de Peña', address: 'reports@gateway.example' });
      expect(parsed.messageId).toBe(`<${delivery.id}.2026-11-23@gateway.example>`);
      expect([...source].every((sign) => sign.charCodeAt(0) < 128)).toBe(true);
      expect(source.split('\r\n').every((line) => line.length <= 998)).toBe(true);
      expect(parsed.text).toContain('Peña y Niño 📞');
      expect(parsed.html).toContain('Pe');
      expect(parsed.headers.get('content-type')).toMatchObject({ value: 'multipart/alternative' });
      expect(parsed.headers.get('auto-submitted')).toBe('auto-generated');
      expect(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click/im.test(source)).toBe(true);
      const [inText] = linksIn(parsed.text ?? '', 'unsubscribe');
      const [inHtml] = linksIn(String(parsed.html), 'unsubscribe');
      const inHeader = (parsed.headers.get('list') as unknown as { unsubscribe: { url: string } }).unsubscribe.url;
      expect(new Set([inText, inHtml, inHeader]).size).toBe(1);
      expect(await shown(delivery.id)).toMatchObject({ state: 'active', last_sent: { period: '2026-11-23' }, last_error: null });
    });

    it.each([
      ['en', /^Calls on Nov 23, 2026 · /, 'Stop these mails'],
      ['es', /^Llamadas del 23 nov 2026 · /, 'Dejar de recibir estos correos'],
    ])('speak the language of their reader: %s', async (language, subject, ends) => {
      await made({ to: 'mailto:ana@own.example', every: 'day', language });
      await nextDay();
      expect(subjects()).toEqual([expect.stringMatching(subject)]);
      expect(mails.received[0]?.parsed.text).toContain(ends);
      expect(mails.received[0]?.parsed.headers.get('content-language')).toBe(language);
    });

    it('of a week and a month come after its end in the zone of the reader, with the sums of its days', async () => {
      await made({ to: 'mailto:week@own.example', every: 'week', time_zone: 'America/Mexico_City' });
      await made({ to: 'mailto:month@own.example', every: 'month', time_zone: 'America/Mexico_City' });
      await reported(12);
      for (let day = 0; day < 6; day += 1) await nextDay();
      world.clock.time = Date.parse('2026-11-30T05:59:00Z');
      await reported(1);
      await job().run();
      expect(mails.received).toEqual([]);
      world.clock.time = Date.parse('2026-11-30T06:01:00Z');
      await reported(1);
      await job().run();
      expect(mails.received.map(({ to }) => to[0])).toEqual(['week@own.example']);
      // Seven days of three answered calls each.
      expect(mails.received[0]?.parsed.text).toContain('21');
      await nextDay();
      await nextDay();
      expect(mails.received.map(({ to }) => to[0])).toEqual(['week@own.example', 'month@own.example']);
    });

    it('wait for the report, and are given up when there is none', async () => {
      await reported(2);
      const { id } = await made({ to: 'mailto:ana@own.example', every: 'day', time_zone: 'UTC' });
      world.clock.time += 13 * HOUR;
      await job().run();
      expect([mails.received.length, (await shown(id)).state]).toEqual([0, 'active']);
      await reported(1);
      world.clock.time += 6 * MINUTE;
      await job().run();
      expect(mails.received).toHaveLength(1);
      world.clock.time += 4 * DAY;
      await job().run();
      world.clock.time += 37 * HOUR;
      await job().run();
      expect(mails.received).toHaveLength(1);
      expect(await shown(id)).toMatchObject({ state: 'failing', last_error: { reason: 'no_report', next_attempt_at: null } });
    });

    it('are refused without a mail server, with what to do', async () => {
      await world.close();
      await open({ SMTP_URL: '', MAIL_FROM: '' });
      const refused = await world.post(PATH, { to: ANA, every: 'day' });
      expect(refused).toMatchObject({ status: 409, body: { code: 'mail_not_configured', remedy: expect.stringContaining('SMTP_URL') } });
      expect((await world.get(PATH)).body.data).toEqual([]);
    });

    it('go to one address alone', async () => {
      for (const to of ['mailto:a@b.example,c@d.example', 'mailto:a@b.example%0d%0aBcc:c@d.example', 'ana@reader.example', 'mailto:x'])
        expect(await world.post(PATH, { to, every: 'day' })).toMatchObject({ status: 422, body: { errors: [{ field: 'to' }] } });
      expect(await world.post(PATH, { to: ANA, every: 'hour' })).toMatchObject({ status: 422, body: { errors: [{ field: 'every' }] } });
      const odd = await world.post(PATH, { to: ANA, every: 'day', time_zone: 'Moon/Sea' });
      expect(odd).toMatchObject({ status: 422, body: { errors: [{ field: 'time_zone' }] } });
    });
  });

  describe('to an address that nobody has confirmed', () => {
    it('is one message and no more, whatever is done to the delivery', async () => {
      const first = await made({ to: ANA, every: 'day', language: 'en' });
      expect(first).toMatchObject({ state: 'unconfirmed', asked_at: expect.any(String), next_at: null });
      for (let day = 0; day < 5; day += 1) await nextDay();
      expect(mails.received).toHaveLength(1);
      // Deleted and made again, by another writing, more often, and by another key.
      await world.delete(`${PATH}/${first.id}`);
      await made({ to: 'mailto:Ana@Reader.example', every: 'day' });
      await made({ to: ANA, every: 'week' });
      const other = (await world.post('/api/keys', { name: 'other', scopes: ALL_SCOPES })).body;
      await made({ to: ANA, every: 'day' }, { authorization: `Bearer ${other.key}` });
      for (let day = 0; day < 5; day += 1) await nextDay();
      expect(mails.received).toHaveLength(1);
      // The link is random, and may hold any two digits.
      const said = (mails.received[0]?.parsed.text ?? '').replace(/https:\S+/g, '');
      expect(said).toContain('confirm');
      expect(said).not.toContain('21');
    });

    it('confirms by a button and not by opening the link, which scanners do', async () => {
      const { id } = await made({ to: ANA, every: 'day', language: 'es' });
      const weekly = await made({ to: ANA, every: 'week', language: 'es' });
      await job().run();
      const [link = ''] = linksIn(mails.received[0]?.parsed.text ?? '', 'confirm');
      expect(linksIn(String(mails.received[0]?.parsed.html), 'confirm')).toEqual([link]);
      for (let times = 0; times < 3; times += 1) {
        const opened = await page(link);
        expect([opened.status, opened.headers.get('content-language')]).toEqual([200, 'es']);
        const html = await opened.text();
        expect(html).toContain('<form method="post"><button type="submit">Sí, quiero recibir estos informes');
        expect(html).toContain('cada día');
        expect(opened.headers.get('content-security-policy')).toContain("form-action 'self'");
      }
      expect((await shown(id)).state).toBe('unconfirmed');
      expect((await page(link, 'POST')).status).toBe(200);
      expect([(await shown(id)).state, (await shown(weekly.id)).state]).toEqual(['active', 'active']);
      expect((await page(link, 'POST')).status).toBe(200);
      await nextDay();
      expect(mails.received).toHaveLength(2);
      // The address is confirmed once.
      expect(await made({ to: ANA, every: 'month' })).toMatchObject({ state: 'active', asked_at: null });
    });

    it('takes no link of its own making, and none that is older than 30 days', async () => {
      const { id } = await made({ to: ANA, every: 'day' });
      await job().run();
      const [link = ''] = linksIn(mails.received[0]?.parsed.text ?? '', 'confirm');
      const forged = createHmac('sha256', 'guess').update(`confirm ${id}`).digest('base64url');
      for (const wrong of [link.slice(0, -2), `${link.slice(0, -43)}${forged}`, link.replace('confirm', 'unsubscribe')])
        expect((await page(wrong, 'POST')).status).toBe(404);
      world.clock.time += 31 * DAY;
      expect([(await page(link)).status, (await page(link, 'POST')).status]).toEqual([404, 404]);
      expect((await shown(id)).state).toBe('unconfirmed');
      await world.app.get(RetentionJob).purge();
      expect((await world.get(`${PATH}/${id}`)).status).toBe(404);
    });

    it('asks at most 50 in a day', async () => {
      const keys = await Promise.all(
        [1, 2].map(async (n) => (await world.post('/api/keys', { name: `k${n}`, scopes: ALL_SCOPES })).body.key),
      );
      for (let n = 0; n < 50; n += 1)
        await made({ to: `mailto:r${n}@reader.example`, every: 'day' }, { authorization: `Bearer ${keys[n % 2]}` });
      const refused = await world.post(PATH, { to: 'mailto:r50@reader.example', every: 'day' });
      expect(refused).toMatchObject({ status: 429, body: { code: 'too_many_confirmations', retry_at: expect.any(String) } });
      await made({ to: 'mailto:r50@own.example', every: 'day' });
    });
  });

  it('end with the link that every mail has, by one press and for good', async () => {
    const { id } = await made({ to: 'mailto:ana@own.example', every: 'day' });
    const weekly = await made({ to: 'mailto:ana@own.example', every: 'week' });
    await nextDay();
    const [link = ''] = linksIn(mails.received[0]?.parsed.text ?? '', 'unsubscribe');
    expect(await (await page(link)).text()).toContain('<button');
    expect((await shown(id)).state).toBe('active');
    // As a mail program does (RFC 8058).
    expect((await page(link, 'POST')).status).toBe(200);
    expect(await shown(id)).toMatchObject({ state: 'stopped', stopped_reason: 'unsubscribed', next_at: null });
    expect((await shown(weekly.id)).state).toBe('active');
    await nextDay();
    expect(mails.received).toHaveLength(1);
    // Also an address of the owner must now agree, and is left alone for a while.
    expect(await made({ to: 'mailto:ana@own.example', every: 'day' })).toMatchObject({ state: 'unconfirmed' });
    await nextDay();
    expect(mails.received).toHaveLength(1);
    expect((await page(`${link.slice(0, -3)}abc`, 'POST')).status).toBe(404);
  });

  describe('while the mail server is away', () => {
    it('are tried again for hours and come once, and failures are shown without the address', async () => {
      const { id } = await made({ to: 'mailto:ana@own.example', every: 'day' });
      await mails.close();
      await nextDay();
      expect(await shown(id)).toMatchObject({
        state: 'failing',
        last_error: { period: '2026-11-23', reason: 'mail_server_unreachable', attempts: 1, next_attempt_at: expect.any(String) },
      });
      for (let passed = 0; passed < 6 * 60; passed += 10) {
        world.clock.time += 10 * MINUTE;
        await job().run();
      }
      const { last_error } = await shown(id);
      expect(last_error.attempts).toBeGreaterThan(5);
      expect(last_error.attempts).toBeLessThan(20);
      const spanish = await world.get(`${PATH}/${id}`, { 'accept-language': 'es' });
      expect(spanish.body.last_error).toMatchObject({ detail: 'El servidor de correo no responde.' });
      await job().count();
      const metrics = await world.app.get(Metrics).registry.metrics();
      expect(metrics).toContain('wac_report_deliveries{channel="mail",state="failing"} 1');
      expect(metrics).toMatch(/wac_report_deliveries_total\{channel="mail",result="failed"\} \d/);
      expect(metrics).not.toContain('own.example');
      await mails.open();
      world.clock.time += 2 * HOUR;
      await job().run();
      await job().run();
      expect(mails.received).toHaveLength(1);
      expect(await shown(id)).toMatchObject({ state: 'active', last_error: null });
    });

    it('are given up after a day, and the next period begins anew', async () => {
      const { id } = await made({ to: 'mailto:ana@own.example', every: 'week', time_zone: 'UTC' });
      await mails.close();
      for (let day = 0; day < 7; day += 1) await nextDay();
      for (let passed = 0; passed < 27; passed += 1) {
        world.clock.time += HOUR;
        await job().run();
      }
      expect(await shown(id)).toMatchObject({ state: 'failing', last_error: { period: '2026-11-23', next_attempt_at: null } });
      await mails.open();
      for (let day = 0; day < 7; day += 1) await nextDay();
      expect(mails.received.map(({ parsed }) => parsed.messageId)).toEqual([`<${id}.2026-11-30@gateway.example>`]);
    });

    it('an address that the server does not know is shown at once', async () => {
      const { id } = await made({ to: 'mailto:nobody@own.example', every: 'day' });
      mails.refusal = { responseCode: 550, message: '5.1.1 <nobody@own.example> unknown' };
      await nextDay();
      const { body } = await world.get(`${PATH}/${id}`);
      expect(body).toMatchObject({ state: 'failing', last_error: { reason: 'address_refused', status: 550, next_attempt_at: null } });
      expect(JSON.stringify(body.last_error)).not.toContain('nobody@');
      mails.refusal = { responseCode: 451, message: 'later' };
      await nextDay();
      expect(await shown(id)).toMatchObject({
        last_error: { reason: 'mail_server_busy', status: 451, next_attempt_at: expect.any(String) },
      });
    });

    it('an address that could not be asked may be asked again, and one that was asked may not', async () => {
      mails.refusal = { responseCode: 550, message: 'no' };
      const { id } = await made({ to: ANA, every: 'day' });
      await job().run();
      expect(await shown(id)).toMatchObject({ state: 'failing', last_error: { period: 'confirm', reason: 'address_refused' } });
      mails.refusal = null;
      await world.delete(`${PATH}/${id}`);
      await made({ to: ANA, every: 'day' });
      await job().run();
      expect(mails.received).toHaveLength(1);
    });
  });

  describe('with their key', () => {
    const keyed = async (numbers: string[] | null = null) => {
      const { body } = await world.post('/api/keys', { name: 'reports', scopes: ['compliance:read', 'compliance:write'], numbers });
      return { id: body.id, headers: { authorization: `Bearer ${body.key}` } };
    };

    it('stop when it is deleted', async () => {
      const key = await keyed();
      const { id } = await made({ to: 'mailto:ana@own.example', every: 'day' }, key.headers);
      await nextDay();
      expect(mails.received).toHaveLength(1);
      await world.delete(`/api/keys/${key.id}`);
      await nextDay();
      expect(mails.received).toHaveLength(1);
      expect(await shown(id)).toMatchObject({ state: 'stopped', stopped_reason: 'key_deleted' });
    });

    it('stop when it is deleted while a mail waits for its next attempt', async () => {
      const key = await keyed();
      await made({ to: 'mailto:ana@own.example', every: 'day' }, key.headers);
      await mails.close();
      await nextDay();
      await world.delete(`/api/keys/${key.id}`);
      await mails.open();
      world.clock.time += 2 * HOUR;
      await job().run();
      expect(mails.received).toEqual([]);
    });

    it('stop when it is suspended, and stay so when that is undone', async () => {
      const key = await keyed();
      const { id } = await made({ to: 'mailto:ana@own.example', every: 'day' }, key.headers);
      await world.patch(`/api/keys/${key.id}`, { suspended: true });
      await nextDay();
      await world.patch(`/api/keys/${key.id}`, { suspended: false });
      await nextDay();
      expect(mails.received).toEqual([]);
      expect(await shown(id)).toMatchObject({ state: 'stopped', stopped_reason: 'key_suspended' });
    });

    it('go to the next API_KEY with what the former one had', async () => {
      await made({ to: 'mailto:ana@own.example', every: 'day' });
      await world.stop();
      world.rotate('another-key-0123456789-abcdefghijkl');
      await world.start();
      await nextDay();
      expect(mails.received).toHaveLength(1);
    });

    it('need its scopes, are few, and are not made twice', async () => {
      const key = await keyed();
      const reader = (await world.post('/api/keys', { name: 'r', scopes: ['compliance:read'] })).body.key;
      const writer = (await world.post('/api/keys', { name: 'w', scopes: ['compliance:write'] })).body.key;
      for (const one of [reader, writer]) {
        const refused = await world.post(PATH, { to: ANA, every: 'day' }, { authorization: `Bearer ${one}` });
        expect(refused).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
      }
      for (let n = 0; n < 50; n += 1) await made({ to: `mailto:r${n}@own.example`, every: 'day' }, key.headers);
      expect(await world.post(PATH, { to: 'mailto:x@own.example', every: 'day' }, key.headers)).toMatchObject({
        status: 409,
        body: { code: 'too_many_report_deliveries' },
      });
      await made({ to: 'mailto:r0@own.example', every: 'day' });
      expect(await world.post(PATH, { to: 'mailto:R0@own.example', every: 'day' })).toMatchObject({
        status: 409,
        body: { code: 'report_delivery_exists' },
      });
    });
  });

  describe('as a signed POST', () => {
    const posts: Array<{ headers: Record<string, string>; body: string }> = [];
    let status = 204;
    const listen = async (): Promise<string> => {
      posts.length = 0;
      status = 204;
      hook = createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          posts.push({ headers: request.headers as Record<string, string>, body: Buffer.concat(chunks).toString() });
          response.writeHead(status).end();
        });
      });
      const server = hook;
      await new Promise<void>((resolve) => {
        server.listen(0, '127.0.0.1', resolve);
      });
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}/reports?token=sesame`;
    };
    const verified = (secret: string, post = posts.at(-1)): Body => {
      // The stopped clock of the test is not that of the library.
      const { headers, body } = post ?? { headers: {} as Record<string, string>, body: '' };
      const signature = new Webhook(secret).sign(headers['webhook-id'] ?? '', new Date(Number(headers['webhook-timestamp']) * 1_000), body);
      expect(headers['webhook-signature']).toBe(signature);
      return JSON.parse(body);
    };

    it('comes once for a period, under an id that stays, with the reports of all numbers', async () => {
      const delivery = await made({ to: await listen(), every: 'day', language: 'en' });
      expect(delivery).toMatchObject({
        state: 'active',
        secret: expect.stringMatching(/^whsec_/),
        to: expect.not.stringContaining('sesame'),
      });
      expect((await shown(delivery.id)).secret).toBeUndefined();
      status = 500;
      await nextDay();
      expect(await shown(delivery.id)).toMatchObject({ state: 'failing', last_error: { reason: 'endpoint_failing', status: 500 } });
      status = 204;
      world.clock.time += 2 * MINUTE;
      await job().run();
      await job().run();
      expect(posts.map(({ headers }) => headers['webhook-id'])).toEqual(Array(2).fill(`${delivery.id}_2026-11-23`));
      expect(verified(delivery.secret)).toMatchObject({
        type: 'compliance.report_delivery',
        data: {
          every: 'day',
          period: { first: '2026-11-23', last: '2026-11-23' },
          subject: expect.any(String),
          numbers: [{ phone_number_id: FIRST, period: { every: 'day', first: '2026-11-23' }, reported_days: 1 }],
        },
      });
    });

    it('is refused to private addresses', async () => {
      await world.close();
      await open({ EVENTS_ALLOW_PRIVATE_TARGETS: 'false' });
      for (const to of ['https://127.0.0.1/x', 'https://169.254.169.254/latest', 'http://example.com/x', 'https://localhost/x'])
        expect(await world.post(PATH, { to, every: 'day' })).toMatchObject({ status: 422, body: { errors: [{ field: 'to' }] } });
    });

    it('ends when the endpoint says that it is gone', async () => {
      const { id } = await made({ to: await listen(), every: 'day' });
      status = 410;
      await nextDay();
      await nextDay();
      expect(posts).toHaveLength(1);
      expect(await shown(id)).toMatchObject({ state: 'stopped', stopped_reason: 'gone' });
    });
  });

  it('are shown in the order of their making, and deleted with what they sent', async () => {
    const ids: string[] = [];
    for (const n of [1, 2, 3]) {
      world.clock.time += 1_000;
      ids.push((await made({ to: `mailto:r${n}@own.example`, every: 'day' })).id);
    }
    const first = (await world.get(`${PATH}?limit=2`)).body;
    expect(first.data.map(({ id }: Body) => id)).toEqual(ids.slice(0, 2));
    expect((await world.get(`${PATH}?limit=2&cursor=${first.next_cursor}`)).body.data.map(({ id }: Body) => id)).toEqual(ids.slice(2));
    await nextDay();
    expect((await world.delete(`${PATH}/${ids[0]}`)).status).toBe(204);
    expect((await world.delete(`${PATH}/${ids[0]}`)).status).toBe(404);
    await nextDay();
    expect(mails.received).toHaveLength(5);
    for (const table of ['report_deliveries', 'report_sends'] as const)
      expect(JSON.stringify(await world.app.get(Store).read.selectFrom(table).selectAll().execute())).not.toContain(ids[0]);
  });
});
