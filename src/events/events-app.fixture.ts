import { type ArgumentsHost, Catch, type ExceptionFilter, Global, Module, type Type } from '@nestjs/common';
import { APP_FILTER, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { pino } from 'pino';
import { type ApiAnswer, ProblemRenderer } from '#access/idempotency/idempotency.service.js';
import { Settings } from '#config/settings.js';
import { Clock } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { SealingKeys } from '#kernel/sealed.js';
import { Secret } from '#kernel/secret.js';
import { Store } from '#store/store.js';
import { StoppedClock } from '#store/temporary-store.fixture.js';
import { Log } from '#telemetry/log.js';
import { Metrics } from '#telemetry/metrics.js';

/** The key with every scope. */
export const EVENTS_KEY = 'a-key-the-owner-chose';
const STATUS: Record<string, number> = { unauthenticated: 401, insufficient_scope: 403, invalid_request: 422, unknown_number: 422 };

class PlainRenderer extends ProblemRenderer {
  render({ code, errors, params }: Problem): ApiAnswer {
    return { status: STATUS[code] ?? 500, body: { code, errors, params } };
  }
}

@Catch(Problem)
class PlainFilter implements ExceptionFilter<Problem> {
  catch(problem: Problem, host: ArgumentsHost): void {
    const { status, body } = new PlainRenderer().render(problem);
    void host.switchToHttp().getResponse<FastifyReply>().status(status).send(body);
  }
}

/** These modules with what they need, for the number `1`. */
export async function eventsApp(store: Store, modules: readonly Type[]): Promise<NestFastifyApplication> {
  const settings = {
    mode: 'live',
    secretsKeys: new SealingKeys([]),
    apiKey: new Secret(EVENTS_KEY),
    dialog360: { timeoutMs: 60_000, phoneNumberId: '1', baseUrl: '', apiKey: new Secret('x'), webhookTokens: [] },
  };
  @Global()
  @Module({
    providers: [
      { provide: Store, useValue: store },
      { provide: Settings, useValue: settings },
      { provide: Clock, useValue: new StoppedClock() },
      Metrics,
      { provide: Log, useValue: { pino: pino({ level: 'silent' }) } },
      { provide: ProblemRenderer, useClass: PlainRenderer },
      { provide: APP_FILTER, useClass: PlainFilter },
    ],
    exports: [Store, Settings, Clock, ProblemRenderer, Metrics, Log],
  })
  class Foundations {}
  @Module({ imports: [Foundations, ...modules] })
  class App {}
  const app = await NestFactory.create<NestFastifyApplication>(App, new FastifyAdapter(), { logger: false, abortOnError: false });
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', async (request, reply) => {
      reply.headers({ 'x-request-id': request.id, 'x-gateway-mode': 'simulator' });
    });
  await store.write((tx) => tx.insertInto('numbers').values({ phone_number_id: '1', learned_at: 0 }).execute());
  return app;
}
