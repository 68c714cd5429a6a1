import { Body, Controller, Get, Post, Query, Res } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Principal } from '#access/authorization/principal.js';
import { Caller, Scopes } from '#access/authorization/scopes.decorator.js';
import { Idempotency, send } from '#access/idempotency/idempotency.decorator.js';
import { type ApiAnswer, IdempotencyService, type IdempotentRequest } from '#access/idempotency/idempotency.service.js';
import { readPageCursor, toPage } from '#api-conventions/list.js';
import { LimitDto } from '#api-conventions/list-query.dto.js';
import { Problems } from '#api-conventions/problems.decorator.js';
import { idsOf, RefusedForwardPageDto, ReplayedForwardsDto, ReplayForwardsDto, toRefusedForwardDto } from './forwarding.dto.js';
import { ForwardingService } from './forwarding.service.js';

/** What the target of forwarding refused. */
@ApiTags('forwarding')
@Controller('api/forwarding')
export class ForwardingController {
  constructor(
    private readonly forwarding: ForwardingService,
    private readonly idempotency: IdempotencyService,
  ) {}

  /**
   * Lists the deliveries that the target answered three times with 4xx (other than 408, 425 and 429), the oldest first. They are set
   * aside so that what follows goes on; the gateway keeps them for 8 days after the last refusal.
   */
  @Get('set-aside')
  @Scopes('status:read')
  async listSetAside(@Query() query: LimitDto, @Caller() by: Principal): Promise<RefusedForwardPageDto> {
    const cursor = readPageCursor(query.cursor, ['number']);
    const found = await this.forwarding.list(by, query.limit + 1, cursor?.[0] ?? 0);
    return toPage(found, query.limit, ({ id }) => [id], toRefusedForwardDto);
  }

  /**
   * Posts deliveries that are set aside once more, byte for byte, beside the queue. What the target takes leaves the list; what it
   * does not take stays set aside.
   */
  @Post('replay')
  @Scopes('settings:write')
  @ApiResponse({ status: 202, type: ReplayedForwardsDto })
  @Problems('forwarding_off', 'idempotency_key_reused', 'request_in_progress')
  async replayForwards(
    @Body() dto: ReplayForwardsDto,
    @Idempotency() request: IdempotentRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const ids = idsOf(dto);
    const work = async (): Promise<ApiAnswer> => {
      const replaying = await this.forwarding.replay(request.principal, ids);
      const body: ReplayedForwardsDto = { replaying, not_found: (ids ?? []).filter((id) => !replaying.includes(id)) };
      return { status: 202, body };
    };
    await send(reply, await this.idempotency.run(request, work, work));
  }
}
