import { Body, Controller, Delete, Get, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Principal } from '#access/authorization/principal.js';
import { Caller, Scopes } from '#access/authorization/scopes.decorator.js';
import { Idempotency, send } from '#access/idempotency/idempotency.decorator.js';
import { type ApiAnswer, IdempotencyService, type IdempotentRequest } from '#access/idempotency/idempotency.service.js';
import { readPageCursor, toPage } from '#api-conventions/list.js';
import { Problems } from '#api-conventions/problems.decorator.js';
import { NewNumbersService } from './adding/new-numbers.service.js';
import { NumberChangesService } from './changing/number-changes.service.js';
import { AddNumberDto, ChangeNumberDto, ListNumbersDto, newNumberOf, RemoveNumberDto, wantedChangeOf } from './number-input.dto.js';
import { AddedNumberDto, NumberListDto, toAddedNumberDto } from './numbers.dto.js';
import { RemovalsService } from './removal/removals.service.js';
import { NumberDto } from './shown/number.view.js';
import { ShownNumbersService } from './shown/shown-numbers.service.js';

/** The business numbers of the gateway. */
@ApiTags('numbers')
@Controller('api/numbers')
@Scopes('numbers:admin')
export class NumbersController {
  constructor(
    private readonly shown: ShownNumbersService,
    private readonly added: NewNumbersService,
    private readonly changes: NumberChangesService,
    private readonly removals: RemovalsService,
    private readonly idempotency: IdempotencyService,
  ) {}

  /**
   * Adds a number by its key at 360dialog. The gateway asks 360dialog of which number the key is, keeps the key sealed, and shows what is to
   * be registered as the webhook of the number, or registers it. After a refusal nothing is kept.
   */
  @Post()
  @ApiResponse({ status: 201, type: AddedNumberDto })
  @Problems(
    'number_exists',
    'number_key_rejected',
    'secrets_key_missing',
    'webhook_occupied',
    'upstream_unavailable',
    'number_unproven',
    'idempotency_key_reused',
    'request_in_progress',
  )
  async addNumber(
    @Body() dto: AddNumberDto,
    @Caller() by: Principal,
    @Idempotency('sealed') request: IdempotentRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const add = async (): Promise<ApiAnswer> => {
      const added = await this.added.add(by, newNumberOf(dto));
      return { status: 201, body: toAddedNumberDto(added, await this.shown.show(added.number)) };
    };
    await send(reply, await this.idempotency.run(request, add, add));
  }

  /** Lists the numbers, the first one first, without their secrets. */
  @Get()
  @Scopes('numbers:read')
  async listNumbers(@Query() query: ListNumbersDto, @Caller() by: Principal): Promise<NumberListDto> {
    const after = readPageCursor(query.cursor, ['number', 'string']);
    const found = await this.shown.list(by, {
      limit: query.limit + 1,
      after,
      isUnhealthy: query.unhealthy === undefined ? null : query.unhealthy === 'true',
    });
    return toPage(
      found,
      query.limit,
      ({ number }) => [number.learnedAt, number.phoneNumberId],
      ({ shown }) => shown,
    );
  }

  /** Returns one number without its secrets. */
  @Get(':phone_number_id')
  @Scopes('numbers:read')
  @Problems('not_found', 'upstream_unavailable')
  async getNumber(@Param('phone_number_id') phoneNumberId: string, @Caller() by: Principal): Promise<NumberDto> {
    return this.shown.show(await this.shown.require(by, phoneNumberId));
  }

  /** Changes, pauses or resumes a number. A new key must be one of the same number: 360dialog is asked before it is used for anything else. */
  @Patch(':phone_number_id')
  @Problems(
    'not_found',
    'environment_number',
    'number_removing',
    'other_number',
    'number_key_rejected',
    'secrets_key_missing',
    'upstream_unavailable',
  )
  async changeNumber(
    @Param('phone_number_id') phoneNumberId: string,
    @Body() dto: ChangeNumberDto,
    @Caller() by: Principal,
  ): Promise<NumberDto> {
    const number = await this.shown.require(by, phoneNumberId);
    return this.shown.show(await this.changes.change(number, wantedChangeOf(dto)));
  }

  /**
   * Removes a number: it takes no new calls from now on. Once its live calls have ended and what waits is processed, the webhook that it had
   * before is restored, and its key and token are destroyed. Its calls and reports stay until their retention ends.
   */
  @Delete(':phone_number_id')
  @ApiResponse({ status: 202, type: NumberDto })
  @Problems('not_found', 'environment_number', 'upstream_unavailable')
  async removeNumber(
    @Param('phone_number_id') phoneNumberId: string,
    @Query() query: RemoveNumberDto,
    @Caller() by: Principal,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const number = await this.shown.require(by, phoneNumberId);
    const removing = await this.removals.begin(number, by, query.erase === 'true');
    await reply.status(202).send(await this.shown.show(removing));
  }
}
