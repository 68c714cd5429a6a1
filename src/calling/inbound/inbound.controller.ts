import { Body, Controller, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Scopes } from '#access/authorization/scopes.decorator.js';
import { Idempotency, send } from '#access/idempotency/idempotency.decorator.js';
import type { IdempotentRequest } from '#access/idempotency/idempotency.service.js';
import { CallCommandsService } from '#calling/call/call-commands.service.js';
import { CallVerb } from '#calling/call/call-verb.decorator.js';
import { AcceptDto, CallIdDto, CallSessionDto, checkedSession } from '#calling/call/command.view.js';
import { ACCEPT_PROBLEMS, InboundCallService, PRE_ACCEPT_PROBLEMS, REJECT_PROBLEMS, RELEASE_PROBLEMS } from './inbound-call.service.js';

/** The verbs of inbound calls. Every verb takes an `Idempotency-Key`. */
@ApiTags('calling')
@Controller('api/calling')
@Scopes('calls:control')
export class InboundController {
  constructor(
    private readonly inbound: InboundCallService,
    private readonly commands: CallCommandsService,
  ) {}

  /** Inbound: warms the media up with your SDP answer and claims the call. Send no media yet. */
  @CallVerb('pre-accept', [200, 202], PRE_ACCEPT_PROBLEMS)
  async preAcceptCall(@Body() dto: CallSessionDto, @Idempotency() request: IdempotentRequest, @Res() reply: FastifyReply): Promise<void> {
    const id = await this.commands.idOf(dto, request.principal);
    const session = checkedSession(dto.session, 'answer');
    await send(reply, await this.commands.run(request, () => this.inbound.preAccept(id, session, request.principal)));
  }

  /** Inbound: answers. 200: send media now. 202: 360dialog did not respond (`accepting`, `outcome_known: false`); send none. */
  @CallVerb('accept', [200, 202], ACCEPT_PROBLEMS)
  async acceptCall(@Body() dto: AcceptDto, @Idempotency() request: IdempotentRequest, @Res() reply: FastifyReply): Promise<void> {
    const id = await this.commands.idOf(dto, request.principal);
    const session = dto.session ? checkedSession(dto.session, 'answer') : null;
    await send(reply, await this.commands.run(request, () => this.inbound.accept(id, session, request.principal)));
  }

  /** Inbound: declines. */
  @CallVerb('reject', [200, 202], REJECT_PROBLEMS)
  async rejectCall(@Body() dto: CallIdDto, @Idempotency() request: IdempotentRequest, @Res() reply: FastifyReply): Promise<void> {
    const id = await this.commands.idOf(dto, request.principal);
    await send(reply, await this.commands.run(request, () => this.inbound.reject(id, request.principal)));
  }

  /** Inbound: gives up your claim, so that another operator may answer. */
  @CallVerb('release', [200], RELEASE_PROBLEMS)
  async releaseCall(@Body() dto: CallIdDto, @Idempotency() request: IdempotentRequest, @Res() reply: FastifyReply): Promise<void> {
    const id = await this.commands.idOf(dto, request.principal);
    await send(reply, await this.commands.run(request, () => this.inbound.release(id, request.principal)));
  }
}
