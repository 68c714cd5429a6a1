import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Principal } from '#access/authorization/principal.js';
import { Caller, Scopes } from '#access/authorization/scopes.decorator.js';
import { Idempotency, send } from '#access/idempotency/idempotency.decorator.js';
import { type ApiAnswer, IdempotencyService, type IdempotentRequest } from '#access/idempotency/idempotency.service.js';
import { readPageCursor } from '#api-conventions/list.js';
import { Problems } from '#api-conventions/problems.decorator.js';
import { AddedNumberDto, toAddedNumberDto } from '../numbers.dto.js';
import { ShownNumbersService } from '../shown/shown-numbers.service.js';
import { AdoptionsService } from './adoptions.service.js';
import { AdoptChannelDto, ListChannelsDto, PartnerChannelListDto, wantedAdoptionOf } from './partner.dto.js';
import { ShownChannelsService } from './shown-channels.service.js';

/** The channels of a partner at 360dialog: found here, and adopted as numbers of the gateway. For keys that reach all numbers. */
@ApiTags('numbers')
@Controller('api/partner/channels')
@Scopes('numbers:admin')
export class PartnerController {
  constructor(
    private readonly channels: ShownChannelsService,
    private readonly adoptions: AdoptionsService,
    private readonly shown: ShownNumbersService,
    private readonly idempotency: IdempotencyService,
  ) {}

  /** Lists the channels of the partner by their ids, with what the gateway has of them. The list is read again when it is older than 15 minutes. */
  @Get()
  @Problems('partner_not_configured', 'partner_permission_denied', 'rate_limited', 'upstream_unavailable')
  listChannels(@Query() query: ListChannelsDto, @Caller() by: Principal): Promise<PartnerChannelListDto> {
    const [after = null] = readPageCursor(query.cursor, ['string']) ?? [];
    return this.channels.list(by, { limit: query.limit, after, refresh: query.refresh === 'true' });
  }

  /**
   * Adopts a channel: makes a key, which revokes every earlier key of the number, keeps it sealed, and adds the number. After a crash the gateway keeps the number by itself
   * when it has the key; an adoption that was cut off before is listed under `unfinished`.
   */
  @Post(':id/adopt')
  @ApiResponse({ status: 201, type: AddedNumberDto })
  @Problems(
    'would_revoke_keys',
    'not_found',
    'number_exists',
    'adoption_in_progress',
    'partner_not_configured',
    'partner_permission_denied',
    'channel_key_unknown',
    'secrets_key_missing',
    'number_key_rejected',
    'number_unproven',
    'rate_limited',
    'upstream_unavailable',
    'idempotency_key_reused',
    'request_in_progress',
  )
  async adoptChannel(
    @Param('id') id: string,
    @Body() dto: AdoptChannelDto,
    @Caller() by: Principal,
    @Idempotency('sealed') request: IdempotentRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const adopt = async (): Promise<ApiAnswer> => {
      const added = await this.adoptions.adopt(by, id, wantedAdoptionOf(dto));
      return { status: 201, body: toAddedNumberDto(added, await this.shown.show(added.number)) };
    };
    await send(reply, await this.idempotency.run(request, adopt, adopt));
  }
}
