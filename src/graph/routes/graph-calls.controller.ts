import { Body, Controller, Headers, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { requireScopes } from '#access/authorization/require-scopes.js';
import { AnyKey } from '#access/authorization/scopes.decorator.js';
import { Idempotency } from '#access/idempotency/idempotency.decorator.js';
import type { IdempotentRequest } from '#access/idempotency/idempotency.service.js';
import { languageOf } from '#error-catalogue/language.js';
import { actionOf, readActionRequest } from '#graph/shape/action-request.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { bodyOf, GRAPH_PATHS, inMetasShape, sendGraph } from './graph-answer.view.js';
import { GraphCallsService } from './graph-calls.service.js';

/** Meta's route of calls. The description of the API leaves the Graph API out: docs/graph-api.md and Meta's own pages describe it. */
@ApiExcludeController()
@Controller(GRAPH_PATHS)
export class GraphCallsController {
  constructor(
    private readonly calls: GraphCallsService,
    private readonly numbers: NumbersService,
  ) {}

  /** Connects, pre-accepts, accepts, rejects or terminates. The scope is that of the action: `calls:dial` for connect, else `calls:control`. */
  @Post(':phone_number_id/calls')
  @AnyKey()
  async actOnCall(
    @Param('phone_number_id') phoneNumberId: string,
    @Body() body: unknown,
    @Headers('accept-language') wanted: string | undefined,
    @Idempotency() request: IdempotentRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const given = bodyOf(body);
    requireScopes(request.principal, [actionOf(given) === 'connect' ? 'calls:dial' : 'calls:control']);
    const number = await this.numbers.require(request.principal, phoneNumberId);
    const shaped = inMetasShape(request, languageOf(wanted), reply.request.id);
    await sendGraph(reply, await this.calls.run(number, readActionRequest(given), shaped));
  }
}
