import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Scope } from '#access/authorization/scope.js';
import { requirementOf } from '#access/authorization/scopes.decorator.js';
import { AdmissionService } from './admission.service.js';

/**
 * Refuses every request without the scopes of its handler, and every handler that declares none. The gate of a route has made the
 * same decision before the body was read; the guard holds where a route has no gate.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly admission: AdmissionService,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const needed = requirementOf(this.reflector, [context.getHandler(), context.getClass()]);
    return needed === 'public' || this.#admit(context, needed);
  }

  async #admit(context: ExecutionContext, needed: readonly Scope[] | undefined): Promise<boolean> {
    const http = context.switchToHttp();
    await this.admission.admit(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), needed ?? []);
    if (!needed) throw new Error(`no scope is declared for ${context.getClass().name}.${context.getHandler().name}`);
    return true;
  }
}
