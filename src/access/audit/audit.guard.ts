import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { HttpAdapterHost, Reflector } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '#access/authorization/principal.js';
import type { Scope } from '#access/authorization/scope.js';
import { foundPrincipal, requirementOf } from '#access/authorization/scopes.decorator.js';
import { wantsCsv } from '#api-conventions/media-type.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { record, text } from '#kernel/read.js';
import { AuditService } from './audit.service.js';

/** Scopes that change access, the configuration of the gateway or of the number, or who receives events. Calls have timelines instead. */
const ADMINISTRATIVE: ReadonlySet<Scope> = new Set([
  'keys:admin',
  'settings:write',
  'compliance:write',
  'subscriptions:write',
  'data:erase',
  'numbers:admin',
]);
/** The route that adds a number. */
const NUMBERS_PATH = '/api/numbers';
/** Their answers name the number that they have added. */
const ADDS_NUMBERS: ReadonlySet<string> = new Set([NUMBERS_PATH, '/api/partner/channels/:id/adopt']);
/** Lists that can be had as CSV, and are then exports. */
const LISTS_AS_CSV: ReadonlySet<string> = new Set(['/api/calling/calls', '/api/audit']);
/** The gateway's own ids; a phone number or a BSUID is none. */
const OWN_ID = /^[a-z]{2,5}_[0-9A-Za-z]{6,40}$/;

/**
 * Records every administrative request and every export of calls in the audit log, chosen by the scope of the route, so that
 * a new route is covered. It runs after `AccessGuard` and refuses no request. An interceptor would cost each webhook an Observable.
 */
@Injectable()
export class AuditGuard implements CanActivate {
  /** The id in the body of an answer: it names what the request has made. */
  readonly #madeIds = new WeakMap<FastifyRequest, string>();

  constructor(
    private readonly audit: AuditService,
    private readonly reflector: Reflector,
    private readonly numbers: NumbersService,
    { httpAdapter }: HttpAdapterHost,
  ) {
    httpAdapter?.getInstance<FastifyInstance>().addHook('preSerialization', (request, _reply, payload, done) => {
      const id = ownId(record(payload)?.id) ?? (ADDS_NUMBERS.has(request.routeOptions.url ?? '') ? numberIn(payload) : null);
      if (id !== null) this.#madeIds.set(request, id);
      done(null, payload);
    });
  }

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const principal = foundPrincipal(request);
    if (!principal) return true;
    const needed = requirementOf(this.reflector, [context.getHandler(), context.getClass()]);
    if (!isAct(request, needed) && !isExport(request)) return true;
    return this.#note(request, principal, context.switchToHttp().getResponse<FastifyReply>());
  }

  async #note(request: FastifyRequest, principal: Principal, reply: FastifyReply): Promise<true> {
    const finish = await this.audit.begin({
      action: `${request.method} ${request.routeOptions.url}${isExport(request) ? ' (export)' : ''}`,
      key_id: principal.keyId,
      operator_id: principal.operatorId ?? null,
      target: ownId(record(request.params)?.id) ?? numberIn(request.params),
      numbers: this.#numbersOf(request, principal),
      request_id: request.id,
    });
    reply.raw.once('close', () => finish(reply.raw.statusCode, this.#madeIds.get(request) ?? null));
    return true;
  }

  /** The number that a request names, if it is one of the principal's; else all of these. */
  #numbersOf({ query, body, params, routeOptions }: FastifyRequest, by: Principal): readonly string[] | null {
    const reached = this.numbers.reachedBy(by).map(({ phoneNumberId }) => phoneNumberId);
    const named = [query, params, body].flatMap((given) => text(record(given)?.phone_number_id) ?? []).find((id) => reached.includes(id));
    if (named !== undefined) return [named];
    // What adds a number is about none that a list may have yet.
    const isAddition = routeOptions.url === NUMBERS_PATH;
    return by.numbers ?? (reached.length === 1 && !isAddition ? reached : null);
  }
}

const isAct = ({ method }: FastifyRequest, needed: ReturnType<typeof requirementOf>): boolean =>
  method !== 'GET' && needed !== 'public' && (needed ?? []).some((scope) => ADMINISTRATIVE.has(scope));

/** The call log and the audit log as CSV, what is packed for support, and what is kept about a person: people leave the gateway with each. */
const isExport = ({ method, headers, query, routeOptions: { url } }: FastifyRequest): boolean =>
  method === 'GET' &&
  (url === '/api/calling/calls/:id/bundle' ||
    url === '/api/users/:user/export' ||
    (LISTS_AS_CSV.has(url ?? '') && wantsCsv(record(query)?.format, headers.accept)));

/** The id of a business number is no phone number of a user. */
const numberIn = (value: unknown): string | null => {
  const id = text(record(value)?.phone_number_id);
  return id !== undefined && /^\d{5,30}$/.test(id) ? id : null;
};

const ownId = (value: unknown): string | null => {
  const id = text(value);
  return id !== undefined && OWN_ID.test(id) ? id : null;
};
