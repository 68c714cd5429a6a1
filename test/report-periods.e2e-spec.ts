import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readHtml, rowsOf, withClass } from '#compliance/reports/page/html.fixture.js';
import { ReportsService } from '#compliance/reports/reports.service.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { DAY } from '#kernel/clock.js';
import { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { portOf, sendRaw } from './raw.js';
import { addSecond, copyToSecond, FIRST, SECOND, SECOND_DISPLAY } from './second-number.js';
import { type Body, World } from './world.js';

const PATH = '/api/compliance/reports';
const PERIODS = `${PATH}/periods`;

describe.each(engines)('reports about days, weeks and months on %s', (engine) => {
  let world: World;
  let one: Record<string, string>;

  beforeAll(async () => {
    world = await World.open({ engine, env: { AUTH_FAILURES_PER_MINUTE: '40' } });
    await world.greet();
    const { headers } = await world.post('/api/compliance/check');
    for (let state = 'running'; state === 'running'; ) ({ state } = (await world.get(headers.get('location') ?? '')).body);
    // The world begins on Monday, 2026-11-23: three weeks of reports, each written on the day after.
    for (let day = 0; day < 21; day += 1) {
      world.clock.time += DAY;
      await world.app.get(ReportsService).writeDue(await world.app.get(NumbersService).require({ numbers: null }), () => true);
    }
    await addSecond(world, 'api');
    await copyToSecond(world);
    await world.app.get(NumbersService).refresh();
    const { body } = await world.post('/api/keys', { name: 'one', scopes: ['compliance:read'], numbers: [FIRST] });
    one = { authorization: `Bearer ${body.key}` };
  });
  afterAll(() => world?.close());

  it('are of the latest days with reports unless others are named', async () => {
    const period = async (query: string) => (await world.get(`${PERIODS}?phone_number_id=${FIRST}${query}`)).body.period;
    expect(await period('')).toEqual({ every: 'day', first: '2026-12-13', last: '2026-12-13' });
    expect(await period('&every=week')).toEqual({ every: 'week', first: '2026-12-07', last: '2026-12-13' });
    expect(await period('&every=month')).toEqual({ every: 'month', first: '2026-11-01', last: '2026-11-30' });
    expect(await period('&every=week&date=2026-12-02')).toEqual({ every: 'week', first: '2026-11-30', last: '2026-12-06' });
  });

  it('add up what the reports of their days say, and know which days are missing', async () => {
    const { body: page } = await world.get(`${PATH}?phone_number_id=${FIRST}&limit=100`);
    const { body } = await world.get(`${PERIODS}?phone_number_id=${FIRST}&every=week&date=2026-12-02`);
    const [number] = body.numbers;
    const latest = new Map<string, Body>(page.data.toReversed().map((report: Body) => [report.period.date, report]));
    const days = [...latest].filter(([date]) => date >= '2026-11-30' && date <= '2026-12-06').map(([, report]) => report);
    expect([number.days, number.reported_days, days.length]).toEqual([7, 7, 7]);
    for (const name of ['total', 'answered', 'missed'])
      expect(number.figures.find((figure: Body) => figure.name === `calls.inbound.${name}`)?.value).toBe(
        days.reduce((sum, { figures }) => sum + figures.calls.inbound[name], 0),
      );
    const month = (await world.get(`${PERIODS}?phone_number_id=${FIRST}&every=month`)).body.numbers[0];
    expect([month.days, month.previous]).toEqual([30, null]);
    expect(month.reported_days).toBeLessThan(30);
    expect(month.figures.filter(({ change }: Body) => change !== null)).toEqual([]);
  });

  it('are the same from rows that a release before this one has written', async () => {
    const read = async () => (await world.get(`${PERIODS}?every=week`)).body;
    const before = await read();
    await world.app.get(Store).write((tx) => tx.updateTable('reports').set({ metrics: null }).execute(), []);
    expect(await read()).toEqual(before);
  });

  it('say the same of several numbers as JSON, CSV and a page, in the zone that is asked for', async () => {
    const query = `${PERIODS}?every=week&date=2026-12-02`;
    const { numbers } = (await world.get(query)).body;
    expect(numbers.map(({ phone_number_id }: Body) => phone_number_id).sort()).toEqual([FIRST, SECOND].sort());
    const csv = ((await world.get(`${query}&format=csv`)).body as string).split('\r\n').map((line) => line.split(','));
    const { body: html, headers } = await world.get(`${query}&format=html&lang=es&time_zone=Asia/Tokyo`);
    expect([headers.get('content-language'), html.includes('Las horas son las de Asia/Tokyo.')]).toEqual(['es', true]);
    const tables = withClass(readHtml(html), 'figures');
    for (const [index, number] of numbers.entries()) {
      const rows = tables[index] ? rowsOf(tables[index]) : [];
      for (const [row, { name, value }] of number.figures.entries()) {
        const record = csv.find((cells) => cells[0] === number.phone_number_id && cells[7] === name);
        expect([name, record?.[8]]).toEqual([name, value === null ? '' : String(value)]);
        const shown = name.startsWith('rate.') ? `${Math.round(value * 100)}%` : value?.toLocaleString('es-MX');
        expect([name, rows[row]?.[1]]).toEqual([name, value === null ? '—' : shown]);
      }
    }
  });

  it('reach no further than the key', async () => {
    for (const format of ['json', 'csv', 'html']) {
      const { status, body } = await world.get(`${PERIODS}?format=${format}`, one);
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      expect([status, [SECOND, SECOND_DISPLAY, 'rep_Z'].filter((canary) => text.includes(canary))]).toEqual([200, []]);
    }
    expect(await world.get(`${PERIODS}?phone_number_id=${SECOND}`, one)).toMatchObject({ status: 422, body: { code: 'unknown_number' } });
  });

  it.each(['every=year', 'date=2026-02-30', 'date=yesterday', 'time_zone=Mars/Base'])('refuse %s', async (query) => {
    expect(await world.get(`${PERIODS}?${query}`)).toMatchObject({ status: 422, body: { code: 'invalid_request' } });
  });

  it('of one day stand beside the day before, also by their id', async () => {
    const { body } = await world.get(`${PATH}/latest?phone_number_id=${FIRST}`);
    expect(body.comparison).toMatchObject({
      phone_number_id: FIRST,
      reported_days: 1,
      previous: { first: '2026-12-12' },
      trend: { length: 30 },
    });
    const { body: page } = await world.get(`${PATH}/${body.id}?format=html`);
    expect(withClass(readHtml(page), 'figures')).toHaveLength(1);
  });

  describe('opened from a link by a person who is signed out', () => {
    const browser = {
      authorization: undefined,
      accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-site': 'cross-site',
    };
    // As bytes: fetch says of itself that it does not navigate.
    const open = (path: string, headers: Record<string, string | undefined> = {}) => {
      const sent = Object.entries({ host: new URL(world.url).host, ...browser, ...headers }).flatMap(([name, value]) =>
        value === undefined ? [] : [`${name}: ${value}`],
      );
      return sendRaw(portOf(world.url), [`GET ${path} HTTP/1.1`, ...sent, '', ''].join('\r\n'));
    };

    it('lead to the sign-in, and from there back to the same report', async () => {
      const path = `${PERIODS}?every=week&format=html&lang=es&phone_number_id=${FIRST}`;
      const answer = await open(path);
      expect([answer.status, answer.headers['cache-control'], answer.headers['www-authenticate']]).toEqual([303, 'no-store', undefined]);
      const to = new URL(answer.headers.location ?? '', world.url);
      expect([to.origin, to.pathname, to.searchParams.get('return')]).toEqual([world.url, '/console', path]);
      expect((await open('//evil.example/api/compliance/reports/1')).status).toBe(404);
    });

    it('are refused as ever to programs, to wrong keys and elsewhere', async () => {
      const statuses = await Promise.all([
        open(PERIODS, { accept: 'application/json', 'sec-fetch-mode': undefined }),
        open(PERIODS, { accept: '*/*', 'sec-fetch-mode': undefined }),
        open(PERIODS, { 'sec-fetch-mode': 'cors' }),
        open(PERIODS, { authorization: 'Bearer wrong-key-0123456789' }),
        open('/api/keys'),
      ]);
      expect(statuses.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
    });

    it('count as failures, so that nobody guesses cookies here', async () => {
      const last = await Array.from({ length: 70 }).reduce<Promise<number>>(async (before) => {
        await before;
        return (await open(PERIODS, { cookie: `wac=${'a'.repeat(54)}`, 'sec-fetch-site': 'none' })).status;
      }, Promise.resolve(0));
      expect(last).toBe(429);
    });
  });
});
