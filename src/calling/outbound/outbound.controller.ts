import { Body, Controller, Post, Res } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Scopes } from '#access/authorization/scopes.decorator.js';
import { Idempotency, send } from '#access/idempotency/idempotency.decorator.js';
import { type ApiAnswer, IdempotencyService, type IdempotentRequest } from '#access/idempotency/idempotency.service.js';
import { Problems } from '#api-conventions/problems.decorator.js';
import { userOf } from '#api-conventions/user-input.dto.js';
import { CallCommandsService } from '#calling/call/call-commands.service.js';
import { CallVerb } from '#calling/call/call-verb.decorator.js';
import { CallSessionDto, checkedSession } from '#calling/call/command.view.js';
import { LeasesService } from '#calling/lifecycle/leases.service.js';
import { callWishOf, MakeCallDto, PermissionRequestedDto, RequestPermissionDto } from './outbound.dto.js';
import { CONNECT_PROBLEMS, MAKE_CALL_PROBLEMS, OutboundCallService, REQUEST_PERMISSION_PROBLEMS } from './outbound-call.service.js';
import { contentOf } from './request-content.js';

/** The verbs of outbound calls. Every verb takes an `Idempotency-Key`. */
@ApiTags('calling')
@Controller('api/calling')
export class OutboundController {
  constructor(
    private readonly outbound: OutboundCallService,
    private readonly leases: LeasesService,
    private readonly commands: CallCommandsService,
    private readonly idempotency: IdempotencyService,
  ) {}

  /**
   * Calls a user in two steps: obtains permission if needed, then connects. The body names the user by `to` or `recipient`.
   * 201: dialled. 202: waiting for the user's permission, for your offer, or of unknown outcome (`outcome_known: false`).
   */
  @CallVerb('make-call', [201, 202], MAKE_CALL_PROBLEMS)
  @Scopes('calls:dial')
  async makeCall(@Body() dto: MakeCallDto, @Idempotency() request: IdempotentRequest, @Res() reply: FastifyReply): Promise<void> {
    const by = request.principal;
    const wish = callWishOf(dto, this.leases.ofDial(dto.lease_holder, by));
    await send(reply, await this.commands.run(request, (intent) => this.outbound.makeCall(wish, by, intent)));
  }

  /** Step two: dials a call that waits in `ready`. */
  @CallVerb('connect', [201, 202], CONNECT_PROBLEMS)
  @Scopes('calls:dial')
  async connectCall(@Body() dto: CallSessionDto, @Idempotency() request: IdempotentRequest, @Res() reply: FastifyReply): Promise<void> {
    const id = await this.commands.idOf(dto, request.principal);
    const session = checkedSession(dto.session, 'offer');
    await send(reply, await this.commands.run(request, (intent) => this.outbound.connect(id, session, request.principal, intent)));
  }

  /** Step one alone: asks the user whether you may call. */
  @Post('request-permission')
  @Scopes('permissions:ask')
  @ApiResponse({ status: 202, type: PermissionRequestedDto })
  @Problems(...REQUEST_PERMISSION_PROBLEMS)
  async requestPermission(
    @Body() dto: RequestPermissionDto,
    @Idempotency() request: IdempotentRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const wish = { phoneNumberId: dto.phone_number_id, ...userOf(dto), content: contentOf(dto, '') };
    const ask = async (): Promise<ApiAnswer> => {
      const { number, person, messageId } = await this.outbound.requestPermission(wish, request.principal);
      const body: PermissionRequestedDto = {
        phone_number_id: number.phoneNumberId,
        wa_id: person.waId,
        user_id: person.userId,
        message_id: messageId,
        status: messageId === null ? 'unknown' : 'sent',
      };
      return { status: 202, body };
    };
    await send(reply, await this.idempotency.run(request, ask, ask));
  }
}
