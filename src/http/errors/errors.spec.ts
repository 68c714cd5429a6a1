import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { FastifyInstance } from 'fastify';
import { ConfigModule } from '#config/config.module.js';
import { readSettings } from '#config/read-settings.js';
import { allEntries } from '#error-catalogue/lookup.js';
import { JSON_LIMIT, readBodies } from '#http/body.js';
import { HttpModule } from '#http/http.module.js';
import { TelemetryModule } from '#telemetry/telemetry.module.js';
import { ErrorsModule } from './errors.module.js';
import type { ErrorEntryDto, ErrorListDto, ExplanationDto } from './errors.view.js';

const META = { error: { code: 138006, message: '(#138006) No approved call permission found', fbtrace_id: 'Atrace', unknown_member: 1 } };

describe('the error catalogue over REST', () => {
  let app: NestFastifyApplication;

  beforeAll(async () => {
    const settings = readSettings({ LOG_LEVEL: 'silent' });
    const module = await Test.createTestingModule({
      imports: [ConfigModule.with(settings), TelemetryModule, HttpModule, ErrorsModule],
    }).compile();
    app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter({ bodyLimit: JSON_LIMIT }), {
      bodyParser: false,
      logger: false,
    });
    readBodies(app.getHttpAdapter().getInstance() as unknown as FastifyInstance, () => undefined);
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  });

  afterAll(() => app.close());

  const get = async <T>(path: string, language = 'en') => {
    const answer = await app.inject({ method: 'GET', url: `/api/calling/errors${path}`, headers: { 'accept-language': language } });
    return { status: answer.statusCode, body: answer.json<T>() };
  };
  const explain = async (payload: string, language = 'en') => {
    const headers = { 'content-type': 'application/json', 'accept-language': language };
    const answer = await app.inject({ method: 'POST', url: '/api/calling/errors/explain', headers, payload });
    return { status: answer.statusCode, body: answer.json<ExplanationDto>() };
  };

  it('lists the whole catalogue on one page', async () => {
    const { status, body } = await get<ErrorListDto>('');
    expect(status).toBe(200);
    expect(body.data.map(({ code }) => code)).toEqual(allEntries().map(({ code }) => code));
    expect(body.next_cursor).toBeNull();
  });

  it('filters by kind and by status, and refuses values that no entry has', async () => {
    const { data } = (await get<ErrorListDto>('?kind=person&status=409')).body;
    expect(data.length).toBeGreaterThan(3);
    expect(data.filter(({ kind, status }) => kind !== 'person' || status !== 409)).toEqual([]);
    for (const query of ['?kind=weather', '?status=418', '?status=x', '?limit=201', '?cursor=x', '?colour=red'])
      expect([query, (await get(query)).status]).toEqual([query, 422]);
  });

  it('pages without a gap for those who want small pages', async () => {
    const codes: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body }: { body: ErrorListDto } = await get<ErrorListDto>(`?limit=20${cursor && `&cursor=${cursor}`}`);
      codes.push(...body.data.map(({ code }) => code));
      cursor = body.next_cursor;
    }
    expect(codes).toEqual(allEntries().map(({ code }) => code));
  });

  it("finds an entry by the gateway's word and by Meta's number", async () => {
    const [byWord, byNumber] = [await get<ErrorEntryDto>('/permission_required'), await get<ErrorEntryDto>('/138006')];
    expect(byNumber).toEqual(byWord);
    expect(byNumber.body).toMatchObject({ code: 'permission_required', status: 409, kind: 'person', rang: 'no' });
    expect(byNumber.body.upstream_codes).toContain(138006);
  });

  it.each([
    ['/Bad%20request', 'upstream_reason_missing'],
    ['/bad_request', 'upstream_reason_missing'],
    ['/400', 'upstream_reason_missing'],
    ['/Too%20Many%20Requests', 'rate_limited'],
  ])('finds the entry of a refusal without a number: %s', async (path, code) => {
    expect(await get(path)).toMatchObject({ status: 200, body: { code } });
  });

  it('answers in the language asked for and holds both', async () => {
    const { body } = await get<ErrorEntryDto>('/138006', 'es-MX');
    expect(body.title).toBe(body.languages.es.title);
    expect(body.title).not.toBe(body.languages.en.title);
  });

  it.each(['/999999', '/no_such_code', '/__proto__', '/1e5'])('does not know %s', async (path) => {
    expect(await get(path)).toMatchObject({ status: 404, body: { code: 'code_not_found' } });
  });

  it('explains any JSON as it was received', async () => {
    const { status, body } = await explain(JSON.stringify(META));
    expect(status).toBe(200);
    expect(body.entry?.code).toBe('permission_required');
    expect(body.upstream).toEqual({
      status: null,
      code: 138006,
      message: '(#138006) No approved call permission found',
      details: null,
      fbtrace_id: 'Atrace',
    });
    expect(body.hints.length).toBeGreaterThan(0);
  });

  it.each([['138006'], ['"138006"'], ['{"text":"HTTP/1.1 401 Unauthorized (#138006) No approved call permission found"}']])(
    'explains %s too',
    async (payload) => {
      expect((await explain(payload)).body.entry?.code).toBe('permission_required');
    },
  );

  it('explains in Spanish', async () => {
    const { body } = await explain(JSON.stringify(META), 'es');
    expect(body.entry?.title).toBe(body.entry?.languages.es.title);
    expect(body.hints.join(' ')).toMatch(/autorizó/);
  });

  it('says so when nothing in the body is an error', async () => {
    for (const payload of ['{}', '[]', 'null', 'true', '{"weather":"fine"}']) {
      const { status, body } = await explain(payload);
      expect([payload, status, body.entry, body.upstream]).toEqual([payload, 200, null, null]);
      expect(body.hints).toHaveLength(1);
    }
  });

  it('refuses what is no JSON, and nothing at all', async () => {
    expect((await explain('{')).body).toMatchObject({ code: 'invalid_json' });
    expect((await explain('')).body).toMatchObject({ code: 'invalid_request', errors: [{ field: 'body' }] });
  });
});
