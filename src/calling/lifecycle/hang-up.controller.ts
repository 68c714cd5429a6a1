import { Body, Controller, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Scopes } from '#access/authorization/scopes.decorator.js';
import { Idempotency, send } from '#access/idempotency/idempotency.decorator.js';
import type { IdempotentRequest } from '#access/idempotency/idempotency.service.js';
import { CallCommandsService } from '#calling/call/call-commands.service.js';
import { CallVerb } from '#calling/call/call-verb.decorator.js';
import { CallIdDto } from '#calling/call/command.view.js';
import { HangUpService, TERMINATE_PROBLEMS } from './hang-up.service.js';

/** The verb that ends a call of either direction. It takes an `Idempotency-Key`. */
@ApiTags('calling')
@Controller('api/calling')
export class HangUpController {
  constructor(
    private readonly hangUps: HangUpService,
    private readonly commands: CallCommandsService,
  ) {}

  /** Hangs up, cancels a ringing call, or cancels one that waits. A call that has ended already is a success. */
  @CallVerb('terminate', [200, 202], TERMINATE_PROBLEMS)
  @Scopes('calls:control')
  async terminateCall(@Body() dto: CallIdDto, @Idempotency() request: IdempotentRequest, @Res() reply: FastifyReply): Promise<void> {
    const id = await this.commands.idOf(dto, request.principal);
    await send(reply, await this.commands.run(request, () => this.hangUps.terminate(id, request.principal)));
  }
}
