import { type CanActivate, type ExecutionContext, Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost, Reflector } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '#access/authorization/principal.js';
import type { Scope } from '#access/authorization/scope.js';
import { foundPrincipal, requirementOf } from '#access/authorization/scopes.decorator.js';
import { record, text } from '#kernel/read.js';
import { AuditService } from './audit.service.js';

/** What changes who may do what, how the gateway and the number work, or who is told; calls have their timelines. */
const ADMINISTRATIVE: ReadonlySet<Scope> = new Set([
  'keys:admin',
  'settings:write',
  'compliance:write',
  'subscriptions:write',
  'data:erase',
]);
/** The gateway's own ids; a phone number or a BSUID is none. */
const OWN_ID = /^[a-z]{2,5}_[0-9A-Za-z]{6,40}$/;

/**
 * Notes every administrative act and every export of calls, whoever adds a route: by the scope that it asks for. It stands
 * behind the guard that finds out who asks, and keeps nobody out. As an interceptor it would cost every webhook an Observable.
 */
@Injectable()
export class AuditGuard implements CanActivate, OnModuleInit {
  /** Audited requests, with the id that the answer names; null until then. */
  readonly #made = new WeakMap<FastifyRequest, string | null>();

  constructor(
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {}

  /** The answer names what was made: a hook reads it before it is serialized. */
  onModuleInit(): void {
    this.host.httpAdapter.getInstance<FastifyInstance>().addHook('preSerialization', (request, _reply, payload, done) => {
      const before = this.#made.get(request);
      if (before !== undefined) this.#made.set(request, ownId(record(payload)?.id) ?? before);
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
    const concluded = await this.audit.begin({
      action: `${request.method} ${request.routeOptions.url}${isExport(request) ? ' (export)' : ''}`,
      keyId: principal.keyId,
      operatorId: principal.operatorId ?? null,
      target: ownId(record(request.params)?.id),
      requestId: request.id,
    });
    this.#made.set(request, null);
    reply.raw.once('close', () => concluded(reply.raw.statusCode, this.#made.get(request) ?? null));
    return true;
  }
}

const isAct = ({ method }: FastifyRequest, needed: ReturnType<typeof requirementOf>): boolean =>
  method !== 'GET' && needed !== 'public' && (needed ?? []).some((scope) => ADMINISTRATIVE.has(scope));

/** The call log as CSV, and what is packed for support: people leave the gateway with both. */
const isExport = ({ method, headers, routeOptions: { url } }: FastifyRequest): boolean =>
  method === 'GET' &&
  (url === '/api/calling/calls/:id/bundle' || (url === '/api/calling/calls' && /text\/csv/i.test(headers.accept ?? '')));

const ownId = (value: unknown): string | null => {
  const id = text(value);
  return id !== undefined && OWN_ID.test(id) ? id : null;
};
