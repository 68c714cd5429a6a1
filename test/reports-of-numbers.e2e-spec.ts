import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ReportsService } from '#compliance/reports/reports.service.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { engines } from '#store/temporary-database.fixture.js';
import { addSecond, copyToSecond, FIRST, SECOND, SECOND_DISPLAY } from './second-number.js';
import { type Body, World } from './world.js';

const PATH = '/api/compliance/reports';

describe.each(engines)('reports for one, some or all numbers on %s', (engine) => {
  let world: World;
  let one: Record<string, string>;

  beforeAll(async () => {
    world = await World.open({ engine });
    await world.greet();
    const { headers } = await world.post('/api/compliance/check');
    for (let state = 'running'; state === 'running'; ) ({ state } = (await world.get(headers.get('location') ?? '')).body);
    world.clock.time += 26 * 3_600_000;
    await world.app.get(ReportsService).writeDue(await world.app.get(NumbersService).require({ numbers: null }), () => true);
    await addSecond(world, 'api');
    await copyToSecond(world);
    await world.app.get(NumbersService).refresh();
    const { body } = await world.post('/api/keys', { name: 'one', scopes: ['compliance:read'], numbers: [FIRST] });
    one = { authorization: `Bearer ${body.key}` };
  });
  afterAll(() => world?.close());

  const numbersIn = async (query: string, headers?: Record<string, string>): Promise<string[]> => {
    const { status, body } = await world.get(`${PATH}/overview${query}`, headers);
    expect(status).toBe(200);
    return body.numbers.map(({ phone_number_id }: Body) => phone_number_id);
  };

  it('are those of the numbers that are named, else of all that the key reaches', async () => {
    expect(await numbersIn('')).toEqual([FIRST, SECOND]);
    expect(await numbersIn(`?phone_number_id=${SECOND}`)).toEqual([SECOND]);
    expect(await numbersIn(`?phone_number_id=${SECOND},${FIRST}`)).toEqual([FIRST, SECOND]);
    expect(await numbersIn('', one)).toEqual([FIRST]);
    const listed = async (query: string, headers?: Record<string, string>) =>
      new Set((await world.get(`${PATH}${query}`, headers)).body.data.map(({ phone_number_id }: Body) => phone_number_id));
    expect(await listed(`?phone_number_id=${FIRST},${SECOND}`)).toEqual(new Set([FIRST, SECOND]));
    expect([await listed(`?phone_number_id=${SECOND}`), await listed('', one)]).toEqual([new Set([SECOND]), new Set([FIRST])]);
  });

  it('of a number that is not the key’s are as those of one that does not exist, also among others', async () => {
    const answers = await Promise.all(
      [SECOND, '399999999999999'].flatMap((id) =>
        ['', '/overview'].map((path) => world.get(`${PATH}${path}?phone_number_id=${FIRST},${id}`, one)),
      ),
    );
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(Array(4).fill([422, 'unknown_number']));
  });

  it('say the same as JSON, CSV and a page in both languages, and of another number nothing', async () => {
    const { body: overview } = await world.get(`${PATH}/overview`);
    expect(overview).toMatchObject({ reported: 2, calls: { outbound: { total: 0 } } });
    const [first] = overview.numbers;
    expect(first.report.link).toBe(`${PATH}/${first.report.id}`);
    const csv = (await world.get(`${PATH}/overview?format=csv`)).body as string;
    expect(csv.split('\r\n')[0]).toBe('phone_number_id,display_phone_number,number_name,date,time_zone,name,value,report');
    expect(csv).toContain(`,outbound,${first.standing.outbound},${first.report.id}`);
    const { body: page, headers } = await world.get(`${PATH}/overview?format=html&lang=es`);
    expect([headers.get('content-language'), page.includes('los informes más recientes'), page.includes(first.report.link)]).toEqual([
      'es',
      true,
      true,
    ]);
    expect((await world.get(`${PATH}/overview?format=html`)).body).toContain('the latest reports');
    for (const format of ['json', 'csv', 'html']) {
      const { status, body } = await world.get(`${PATH}/overview?format=${format}`, one);
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      expect([status, [SECOND, SECOND_DISPLAY, 'rep_Z'].filter((canary) => text.includes(canary))]).toEqual([200, []]);
    }
  });
});
