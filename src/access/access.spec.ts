import {
  type ArgumentsHost,
  Body,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  Global,
  Module,
  Post,
  Res,
  ValidationPipe,
} from '@nestjs/common';
import { APP_FILTER, APP_PIPE, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { pino } from 'pino';
import type { Principal } from '#access/authorization/principal.js';
import { Caller, Public, Scopes } from '#access/authorization/scopes.decorator.js';
import { Idempotency, send } from '#access/idempotency/idempotency.decorator.js';
import { type ApiAnswer, IdempotencyService, type IdempotentRequest, ProblemRenderer } from '#access/idempotency/idempotency.service.js';
import { ApiKeysService } from '#access/keys/api-keys.service.js';
import { Settings } from '#config/settings.js';
import { Clock, HOUR } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { SealingKeys } from '#kernel/sealed.js';
import { Secret } from '#kernel/secret.js';
import { SecretsService } from '#secrets/secrets.service.js';
import { Store } from '#store/store.js';
import { StoppedClock, type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { Log } from '#telemetry/log.js';
import { AccessModule } from './access.module.js';

const KEY = 'a-key-the-owner-chose';
const STATUS: Record<string, number> = { unauthenticated: 401, insufficient_scope: 403, not_found: 404, upstream_refused: 502 };

class PlainRenderer extends ProblemRenderer {
  render({ code, params }: Problem): ApiAnswer {
    return { status: STATUS[code] ?? 422, body: { code, params } };
  }
}

@Catch(Problem)
class PlainFilter implements ExceptionFilter<Problem> {
  catch(problem: Problem, host: ArgumentsHost): void {
    const { status, body } = new PlainRenderer().render(problem);
    void host.switchToHttp().getResponse<FastifyReply>().status(status).send(body);
  }
}

@Controller('items')
class ItemsController {
  constructor(private readonly idempotency: IdempotencyService) {}

  @Get('open')
  @Public()
  open(): string {
    return 'open';
  }

  @Get('mine')
  @Scopes('calls:read', 'status:read')
  mine(@Caller() caller: Principal): { name: string } {
    return { name: caller.name };
  }

  @Post()
  @Scopes('calls:dial')
  async make(@Body() body: { refuse?: boolean }, @Idempotency() request: IdempotentRequest, @Res() reply: FastifyReply): Promise<void> {
    const work = async (): Promise<ApiAnswer> => {
      const upstream = { status: 400, code: 1, message: null, details: null, fbtrace_id: null };
      if (body.refuse) throw new Problem('upstream_refused', { upstream });
      return { status: 201, body: { made: Math.random() } };
    };
    await send(reply, await this.idempotency.run(request, work, work));
  }
}

@Controller('unscoped')
class UnscopedController {
  @Get()
  withoutScopes(): string {
    return 'secret';
  }
}

describe('access', () => {
  let database: TemporaryStore;
  let app: NestFastifyApplication;

  const build = async (...controllers: Array<typeof ItemsController | typeof UnscopedController>): Promise<NestFastifyApplication> => {
    const store = await database.open();
    @Global()
    @Module({
      providers: [
        { provide: Store, useValue: store },
        { provide: SecretsService, useValue: new SecretsService({ secretsKeys: new SealingKeys([]) }) },
        {
          provide: Settings,
          useValue: {
            apiKey: new Secret(KEY),
            publicUrl: 'http://localhost',
            graph: { enabled: false, queryToken: false },
            dialog360: { timeoutMs: 60_000 },
            deadlines: { talkMs: HOUR },
          },
        },
        { provide: Clock, useValue: new StoppedClock() },
        { provide: Log, useValue: { pino: pino({ level: 'silent' }) } },
        { provide: ProblemRenderer, useClass: PlainRenderer },
        { provide: APP_FILTER, useClass: PlainFilter },
        { provide: APP_PIPE, useValue: new ValidationPipe({ transform: true, whitelist: true, errorHttpStatusCode: 422 }) },
      ],
      exports: [Store, SecretsService, Settings, Clock, Log, ProblemRenderer],
    })
    class Foundations {}
    @Module({ imports: [Foundations, AccessModule], controllers })
    class App {}
    const built = await NestFactory.create<NestFastifyApplication>(App, new FastifyAdapter(), { logger: false, abortOnError: false });
    await built.init();
    await built.get(ApiKeysService).prepare();
    return built;
  };
  const ask = async (
    method: 'GET' | 'POST' | 'DELETE',
    url: string,
    authorization?: string,
    payload?: object,
    more: Record<string, string> = {},
  ) => {
    const headers = { ...(authorization === undefined ? {} : { authorization }), ...more };
    const answer = await app.inject({ method, url, headers, ...(payload ? { payload } : {}) });
    return { status: answer.statusCode, headers: answer.headers, body: answer.body ? JSON.parse(answer.body) : null };
  };
  const owner = `Bearer ${KEY}`;
  const keyWith = async (...scopes: string[]) => `Bearer ${(await ask('POST', '/api/keys', owner, { name: 'crm', scopes })).body.key}`;

  beforeEach(async () => {
    database = await temporaryStore('sqlite');
  });
  afterEach(async () => {
    await app?.close();
    await database.remove();
  });

  it('stops the start when a route declares neither scopes nor that it is public', async () => {
    await expect(build(UnscopedController)).rejects.toThrow('UnscopedController.withoutScopes');
  });

  describe('in front of a handler', () => {
    beforeEach(async () => {
      app = await build(ItemsController);
    });

    it('admits every client where it is public', async () => {
      expect((await app.inject('/items/open')).body).toBe('open');
    });

    it.each([undefined, '', 'Bearer wrong', `Basic ${KEY}`, `Bearer ${KEY}x`, KEY])(
      'answers 401 to the header %p',
      async (authorization) => {
        const answer = await ask('GET', '/items/mine', authorization);
        expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
        expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
      },
    );

    it('names the scope that a key lacks, and lets a key in that has all', async () => {
      expect(await ask('GET', '/items/mine', await keyWith('calls:read'))).toMatchObject({
        status: 403,
        body: { code: 'insufficient_scope', params: { scope: 'status:read' } },
      });
      const { body } = await ask('GET', '/items/mine', await keyWith('settings:read'));
      expect(body.params.scope.split(', ').sort()).toEqual(['calls:read', 'status:read']);
      expect(await ask('GET', '/items/mine', await keyWith('calls:read', 'status:read'))).toMatchObject({
        status: 200,
        body: { name: 'crm' },
      });
    });

    it('makes, lists and deletes keys, and shows a key once', async () => {
      const { status, body } = await ask('POST', '/api/keys', owner, { name: 'crm', scopes: ['calls:read'] });
      expect(status).toBe(201);
      expect(body).toMatchObject({ key: expect.stringMatching(/^wac_/), scopes: ['calls:read'], source: 'api', last_used_at: null });
      const first = await ask('GET', '/api/keys?limit=1', owner);
      const second = await ask('GET', `/api/keys?limit=1&cursor=${first.body.next_cursor}`, owner);
      const listed = [...first.body.data, ...second.body.data];
      expect(new Set(listed.map(({ name }) => name))).toEqual(new Set(['API_KEY', 'crm']));
      expect(second.body.next_cursor).toBeNull();
      expect(JSON.stringify(listed)).not.toContain(body.key);
      expect((await ask('DELETE', `/api/keys/${body.id}`, owner)).status).toBe(200);
      expect((await ask('DELETE', `/api/keys/${body.id}`, owner)).status).toBe(404);
      expect((await ask('GET', '/api/keys', `Bearer ${body.key}`)).status).toBe(401);
    });

    it.each([{ name: 'x', scopes: [] }, { name: '', scopes: ['calls:read'] }, { name: 'x', scopes: ['calls:everything'] }, { name: 'x' }])(
      'makes no key from %p',
      async (body) => {
        expect((await ask('POST', '/api/keys', owner, body)).status).toBe(422);
      },
    );

    it('answers a repeated request with the stored answer, and says so', async () => {
      const make = () => ask('POST', '/items', owner, { a: 1 }, { 'idempotency-key': 'one' });
      const [first, again] = [await make(), await make()];
      expect([again.status, again.body]).toEqual([201, first.body]);
      expect([first, again].map(({ headers }) => headers['idempotency-replayed'])).toEqual([undefined, 'true']);
    });

    it('shows a key again to the same client only, and stores it in no readable form', async () => {
      const wish = { name: 'crm', scopes: ['keys:admin'] };
      const make = (by?: string, more = {}) => ask('POST', '/api/keys', by, wish, { 'idempotency-key': 'one', ...more });
      const [first, again] = [await make(owner), await make(owner)];
      expect([again.status, again.body, again.headers['idempotency-replayed']]).toEqual([201, first.body, 'true']);
      expect((await ask('GET', '/api/keys', owner)).body.data).toHaveLength(2);
      const page = { 'x-requested-with': 'console', 'sec-fetch-site': 'same-origin', host: 'localhost' };
      const signedIn = await ask('POST', '/api/session', undefined, { key: KEY }, page);
      const cookie = String(signedIn.headers['set-cookie']).split(';', 1)[0] as string;
      expect(await make(undefined, { ...page, cookie })).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
      expect(await make(undefined, { ...page, cookie, 'idempotency-key': 'two' })).toMatchObject({ status: 201 });
      const kept = JSON.stringify(await (await database.open()).read.selectFrom('idempotency').selectAll().execute());
      for (const word of ['wac_', 'crm', first.body.key.slice(-43)]) expect(kept).not.toContain(word);
      expect(JSON.parse(kept)).toHaveLength(2);
    });

    it('answers a kept refusal as a problem document', async () => {
      const make = () => ask('POST', '/items', owner, { refuse: true }, { 'idempotency-key': 'one' });
      await make();
      const again = await make();
      expect(again).toMatchObject({ status: 502, body: { code: 'upstream_refused' } });
      expect(again.headers['content-type']).toContain('application/problem+json');
    });
  });
});
