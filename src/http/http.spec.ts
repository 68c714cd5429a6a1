import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { Type } from 'class-transformer';
import { IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { IsTime, IsUserId, IsUserPhone } from '#api-conventions/fields.decorator.js';
import { LimitDto } from '#api-conventions/list-query.dto.js';
import { ConfigModule } from '#config/config.module.js';
import { readSettings } from '#config/read-settings.js';
import { Clock } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { TelemetryModule } from '#telemetry/telemetry.module.js';
import { JSON_LIMIT, readBodies, WEBHOOK_LIMIT } from './body.js';
import { HttpModule } from './http.module.js';

const NOW = Date.UTC(2026, 10, 22, 9);
class StoppedClock extends Clock {
  now(): number {
    return NOW;
  }
}

class SessionDto {
  @IsString()
  @MaxLength(10)
  sdp: string;
}

class ToyDto {
  @IsOptional()
  @IsUserPhone()
  to?: string;

  @IsOptional()
  @IsUserId()
  recipient?: string;

  @IsOptional()
  @IsTime()
  since?: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => SessionDto)
  session?: SessionDto;
}

@Controller()
class ToyController {
  @Post('api/webhooks/360dialog')
  @HttpCode(200)
  deliver(@Req() { body }: FastifyRequest): { kept: string | null } {
    if (Buffer.isBuffer(body)) return { kept: body.toString('hex') };
    return { kept: body === undefined ? null : 'not raw' };
  }

  @Post('toy')
  @HttpCode(200)
  toy(@Body() body: ToyDto): ToyDto {
    return body;
  }

  @Post('any')
  @HttpCode(200)
  any(@Req() { body }: FastifyRequest): { body: unknown } {
    return { body: body === undefined ? 'none' : body };
  }

  @Get('list')
  list(@Query() { limit }: LimitDto): { limit: number } {
    return { limit };
  }

  @Get('later')
  later(): never {
    throw new Problem('request_in_progress', { retryAt: NOW + 1_500 });
  }

  @Get('busy')
  busy(): never {
    throw new Problem('inbox_full');
  }

  @Get('bug')
  bug(): never {
    throw new Error('password=hunter2');
  }

  @Get('hijacked')
  hijacked(@Res() reply: FastifyReply): never {
    reply.hijack();
    reply.raw.end('streamed');
    throw new Error('after the answer');
  }
}

describe('how the gateway speaks HTTP', () => {
  let app: NestFastifyApplication;
  let tooLarge = 0;

  beforeAll(async () => {
    const settings = readSettings({ LOG_LEVEL: 'silent', PUBLIC_URL: 'https://calls.example', SIMULATOR: 'true' });
    const module = await Test.createTestingModule({
      imports: [ConfigModule.with(settings, new StoppedClock()), TelemetryModule, HttpModule],
      controllers: [ToyController],
    }).compile();
    app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter({ bodyLimit: JSON_LIMIT }), {
      bodyParser: false,
      logger: false,
    });
    const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
    readBodies(fastify, () => {
      tooLarge += 1;
    });
    await fastify.register(
      async (inner) => {
        inner.removeAllContentTypeParsers();
        inner.addContentTypeParser('*', { parseAs: 'string' }, (_, body, done) => done(null, body));
        inner.post('/echo', async ({ body }) => ({ text: body }));
      },
      { prefix: '/simulator' },
    );
    await app.init();
    await fastify.ready();
  });

  afterAll(() => app.close());

  const post = (url: string, payload: string | Buffer | undefined, headers: Record<string, string> = {}) =>
    app.inject({ method: 'POST', url, headers, ...(payload === undefined ? {} : { payload }) });
  const postJson = (url: string, payload: string, headers: Record<string, string> = {}) =>
    post(url, payload, { 'content-type': 'application/json', ...headers });
  const deliver = (payload: string | Buffer | undefined, headers: Record<string, string> = {}) =>
    post('/api/webhooks/360dialog', payload, headers);

  describe('a delivery', () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x80, 0x7b]);

    it.each([
      'application/json',
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'no type at all;;',
      '',
    ])('arrives as the bytes that were sent, typed %j', async (type) => {
      expect((await deliver(bytes, { 'content-type': type })).json()).toEqual({ kept: 'fffe807b' });
    });

    it('arrives without a content type', async () => {
      expect((await deliver(bytes)).json()).toEqual({ kept: 'fffe807b' });
    });

    it('may be empty', async () => {
      expect((await deliver(undefined)).json()).toEqual({ kept: '' });
      expect((await deliver('', { 'content-type': 'application/json' })).json()).toEqual({ kept: '' });
    });

    it('may have 3 MiB, and a byte more is refused and counted', async () => {
      expect((await deliver(Buffer.alloc(WEBHOOK_LIMIT))).statusCode).toBe(200);
      const refused = await deliver(Buffer.alloc(WEBHOOK_LIMIT + 1));
      expect([refused.statusCode, refused.json().code, tooLarge]).toEqual([413, 'payload_too_large', 1]);
    });
  });

  describe('a body', () => {
    it.each(['application/json', 'application/json; charset=utf-8', 'application/problem+json'])('is read as %s', async (type) => {
      expect((await post('/any', '{"a":1}', { 'content-type': type })).json()).toEqual({ body: { a: 1 } });
    });

    it('may be left out', async () => {
      expect((await post('/any', undefined)).json()).toEqual({ body: 'none' });
      expect((await postJson('/any', '')).json()).toEqual({ body: 'none' });
    });

    it.each([
      ['{"to":', 422, 'invalid_json'],
      [`${'['.repeat(100)}${']'.repeat(100)}`, 422, 'invalid_request'],
      ['{"a":{"__proto__":{"polluted":true}}}', 422, 'invalid_request'],
      ['{"constructor":{"prototype":{"polluted":true}}}', 422, 'invalid_request'],
      ['{"a":["x\\u0000"]}', 422, 'invalid_request'],
      [`"${'x'.repeat(JSON_LIMIT)}"`, 413, 'payload_too_large'],
    ])('that is %.40s is refused', async (payload, status, code) => {
      const answer = await postJson('/any', payload);
      expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    });

    it.each(['text/plain', 'application/x-www-form-urlencoded', 'nonsense'])('of type %s is refused', async (type) => {
      const answer = await post('/any', 'a=b', { 'content-type': type });
      expect([answer.statusCode, answer.json().code]).toEqual([415, 'unsupported_media_type']);
    });

    it('is read by the parsers of a plugin within its own prefix', async () => {
      expect((await post('/simulator/echo', 'plain', { 'content-type': 'text/plain' })).json()).toEqual({ text: 'plain' });
      expect((await postJson('/simulator/echo', '{"a":1}')).json()).toEqual({ text: '{"a":1}' });
    });
  });

  describe('input', () => {
    const errorsOf = async (payload: unknown, language = 'en') =>
      (await postJson('/toy', JSON.stringify(payload), { 'accept-language': language })).json().errors as {
        field: string;
        message: string;
      }[];

    it('names each field at fault by its path', async () => {
      const wrong = { to: 'x', recipient: 'mx.1', since: 'yesterday', session: { sdp: 5, more: 1 }, tow: '5' };
      expect((await errorsOf(wrong)).map(({ field }) => field).sort()).toEqual([
        'recipient',
        'session.more',
        'session.sdp',
        'since',
        'to',
        'tow',
      ]);
    });

    it('says what is wrong in both languages', async () => {
      const wrong = { to: 'x', tow: 1, session: { sdp: 'v=0 and on and on' } };
      expect(await errorsOf(wrong)).toEqual([
        { field: 'tow', message: 'is not known here' },
        {
          field: 'to',
          message: 'must be a phone number of 7 to 15 digits with its country code; a business-scoped user id goes into recipient',
        },
        { field: 'session.sdp', message: 'must be shorter than or equal to 10 characters' },
      ]);
      expect(await errorsOf(wrong, 'es-MX')).toEqual([
        { field: 'tow', message: 'no se reconoce aquí' },
        {
          field: 'to',
          message:
            'debe ser un número de teléfono de 7 a 15 dígitos con código de país; un id de usuario de empresa (BSUID) va en recipient',
        },
        { field: 'session.sdp', message: 'debe tener como máximo 10 caracteres' },
      ]);
    });

    it.each(['[]', '42', '"text"', 'true'])('that is %s where an object belongs is a 422', async (payload) => {
      const answer = await postJson('/toy', payload);
      expect([answer.statusCode, answer.json().errors[0]?.field]).toEqual([422, 'body']);
    });

    it('is no list of objects either', async () => {
      expect((await postJson('/toy', '[{"to":"5215512345678"}]')).statusCode).toBe(422);
    });

    it('is taken when it is right', async () => {
      const right = { to: '+52 (155) 1234-5678', recipient: 'MX.1000000000000001', since: '2026-11-22T09:30:00Z', session: { sdp: 'v=0' } };
      expect((await postJson('/toy', JSON.stringify(right))).json()).toEqual(right);
    });

    it('has lists of 50, and of 200 at most', async () => {
      const limit = async (query: string) => (await app.inject(`/list${query}`)).json();
      expect(await limit('')).toEqual({ limit: 50 });
      expect(await limit('?limit=200')).toEqual({ limit: 200 });
      for (const wrong of ['?limit=201', '?limit=0', '?limit=many', '?limit=1.5', '?limit=1&limit=2']) {
        expect((await limit(wrong)).errors[0].field).toBe('limit');
      }
    });
  });

  describe('a refusal', () => {
    it('is a problem document in the language that was asked for', async () => {
      const answer = await app.inject({ url: '/nowhere', headers: { 'accept-language': 'es' } });
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(answer.headers['content-language']).toBe('es');
      expect(answer.json()).toMatchObject({ status: 404, code: 'route_not_found', title: 'La ruta no existe' });
    });

    it('of an unknown path stays a 404 whatever body comes with it', async () => {
      expect((await post('/nowhere', 'a=b', { 'content-type': 'text/plain' })).statusCode).toBe(404);
    });

    it('says in whole seconds when to ask again', async () => {
      expect((await app.inject('/later')).headers['retry-after']).toBe('2');
      expect((await app.inject('/busy')).headers['retry-after']).toBe('5');
      expect((await app.inject('/nowhere')).headers['retry-after']).toBeUndefined();
    });

    it('shows nothing of a bug', async () => {
      const answer = await app.inject('/bug');
      expect([answer.statusCode, answer.json().code]).toEqual([500, 'internal_error']);
      expect(answer.body).not.toContain('hunter2');
    });

    it('leaves an answer alone that is under way', async () => {
      expect((await app.inject('/hijacked')).body).toBe('streamed');
    });
  });
});
