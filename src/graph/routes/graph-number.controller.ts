import { Body, Controller, Get, Headers, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Principal } from '#access/authorization/principal.js';
import { Caller, Scopes } from '#access/authorization/scopes.decorator.js';
import { Idempotency } from '#access/idempotency/idempotency.decorator.js';
import { type ApiAnswer, IdempotencyService, type IdempotentRequest } from '#access/idempotency/idempotency.service.js';
import { languageOf } from '#error-catalogue/language.js';
import { readPermissionMessage } from '#graph/shape/message-request.js';
import { readNamedUser } from '#graph/shape/named-user.js';
import { fieldsIn, type GraphNumber } from '#graph/shape/number.view.js';
import { type GraphPermission, toGraphPermission } from '#graph/shape/permission.view.js';
import { Problem } from '#kernel/problem.js';
import { type JsonRecord, text } from '#kernel/read.js';
import { bodyOf, GRAPH_PATHS, inMetasShape, sendGraph } from './graph-answer.view.js';
import { GraphNumberService } from './graph-number.service.js';

/** Meta's other routes of a number that calling needs: what is known of it, permissions, settings, and messages that ask for a permission. */
@ApiExcludeController()
@Controller(GRAPH_PATHS)
export class GraphNumberController {
  constructor(
    private readonly number: GraphNumberService,
    private readonly idempotency: IdempotencyService,
  ) {}

  /** What is known of the number; members that `fields` names and that are not known are left out. */
  @Get(':phone_number_id')
  @Scopes('status:read')
  getGraphNumber(@Param('phone_number_id') id: string, @Query('fields') fields: unknown, @Caller() by: Principal): Promise<GraphNumber> {
    return this.number.shown(by, id, fieldsIn(text(fields)));
  }

  /** The permission to call one user, whom `user_wa_id` or `recipient` names. */
  @Get(':phone_number_id/call_permissions')
  @Scopes('permissions:read')
  async getGraphPermission(
    @Param('phone_number_id') id: string,
    @Query() query: JsonRecord,
    @Caller() by: Principal,
  ): Promise<GraphPermission> {
    return toGraphPermission(await this.number.ledger(by, id, readNamedUser(query, ['user_wa_id', 'recipient'])));
  }

  /** The calling settings without SIP secrets; nothing when `fields` names others alone. */
  @Get(':phone_number_id/settings')
  @Scopes('settings:read')
  async getGraphSettings(
    @Param('phone_number_id') id: string,
    @Query('fields') fields: unknown,
    @Caller() by: Principal,
  ): Promise<{ calling?: JsonRecord }> {
    const calling = await this.number.settings(by, id);
    return text(fields) === undefined || fieldsIn(text(fields)).has('calling') ? { calling } : {};
  }

  /** Changes a part of the calling settings and keeps the rest. */
  @Post(':phone_number_id/settings')
  @Scopes('settings:write')
  async changeGraphSettings(
    @Param('phone_number_id') id: string,
    @Body() body: unknown,
    @Headers('accept-language') wanted: string | undefined,
    @Idempotency() request: IdempotentRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const change = async () => {
      await this.number.changeSettings(request.principal, id, bodyOf(body));
      return { status: 200, body: { success: true } };
    };
    await sendGraph(reply, await this.idempotency.run(inMetasShape(request, languageOf(wanted), reply.request.id), change, change));
  }

  /** Asks a user for the permission to call; every other message is refused with 131051. */
  @Post(':phone_number_id/messages')
  @Scopes('permissions:ask')
  async sendGraphMessage(
    @Param('phone_number_id') id: string,
    @Body() body: unknown,
    @Headers('accept-language') wanted: string | undefined,
    @Idempotency() request: IdempotentRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const shaped = inMetasShape(request, languageOf(wanted), reply.request.id);
    const ask = async (): Promise<ApiAnswer> => {
      const taken = await this.number.ask(request.principal, id, readPermissionMessage(bodyOf(body)));
      // Kept as the answer: the user may have been asked, and a repetition asks nobody again.
      return taken ? { status: 200, body: taken } : shaped.refusal(new Problem('outcome_unknown'));
    };
    await sendGraph(reply, await this.idempotency.run(shaped, ask, ask));
  }
}
