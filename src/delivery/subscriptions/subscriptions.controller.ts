import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Principal } from '#access/authorization/principal.js';
import { Caller, Scopes } from '#access/authorization/scopes.decorator.js';
import { Idempotency, send } from '#access/idempotency/idempotency.decorator.js';
import { type ApiAnswer, IdempotencyService, type IdempotentRequest } from '#access/idempotency/idempotency.service.js';
import { readPageCursor, toPage } from '#api-conventions/list.js';
import { LimitDto } from '#api-conventions/list-query.dto.js';
import { Problems } from '#api-conventions/problems.decorator.js';
import { NumbersService } from '#identity/numbers.service.js';
import {
  ChangeSubscriptionDto,
  CreateSubscriptionDto,
  changeOf,
  DeliveriesQueryDto,
  DispatchPageDto,
  ReplayDto,
  ReplayedDto,
  replayOf,
  SubscriptionDto,
  SubscriptionPageDto,
  SubscriptionWithSecretDto,
  TestDto,
  toDispatchDto,
  toSubscriptionDto,
  toTestDto,
  wishOf,
  withSecret,
} from './subscriptions.dto.js';
import { SubscriptionsService } from './subscriptions.service.js';

/** Events posted to servers of consumers, signed after Standard Webhooks. */
@ApiTags('subscriptions')
@Controller('api/subscriptions')
@Scopes('subscriptions:write')
export class SubscriptionsController {
  constructor(
    private readonly subscriptions: SubscriptionsService,
    private readonly numbers: NumbersService,
    private readonly idempotency: IdempotencyService,
  ) {}

  /**
   * Delivers events to a URL from now on, at least once each, in order per subject. The answer shows the secret, which
   * signs each delivery, this once.
   */
  @Post()
  @ApiResponse({ status: 201, type: SubscriptionWithSecretDto })
  @Problems('unknown_number', 'endpoint_not_verified', 'too_many_requests', 'idempotency_key_reused', 'request_in_progress')
  async createSubscription(
    @Body() dto: CreateSubscriptionDto,
    @Caller() by: Principal,
    @Idempotency('sealed') request: IdempotentRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    // While nobody knows our number, nobody can say that another is not ours.
    if (dto.phone_number_id && (await this.numbers.learn())) await this.numbers.require(dto.phone_number_id);
    await this.#once(request, reply, async () => ({ status: 201, body: withSecret(await this.subscriptions.create(by, wishOf(dto))) }));
  }

  /** The subscriptions, oldest first; never their secrets. */
  @Get()
  async listSubscriptions(@Query() query: LimitDto): Promise<SubscriptionPageDto> {
    const place = readPageCursor(query.cursor, ['number', 'string']);
    const found = await this.subscriptions.list(query.limit + 1, place && { createdAt: place[0], id: place[1] });
    return toPage(found, query.limit, ({ createdAt, id }) => [createdAt, id], toSubscriptionDto);
  }

  /** One subscription, and how its deliveries go. */
  @Get(':id')
  @Problems('not_found')
  async getSubscription(@Param('id') id: string): Promise<SubscriptionDto> {
    return toSubscriptionDto(await this.subscriptions.require(id));
  }

  /**
   * Changes what is given; pauses, resumes, and takes up a disabled one again. After more than 7 days the oldest events are
   * gone: `gap` says how many and of when, and the event `subscription.gap` tells it to whoever hears of such.
   */
  @Patch(':id')
  @Problems('not_found', 'endpoint_not_verified')
  async changeSubscription(@Param('id') id: string, @Body() dto: ChangeSubscriptionDto, @Caller() by: Principal): Promise<SubscriptionDto> {
    return toSubscriptionDto(await this.subscriptions.change(by, id, changeOf(dto)));
  }

  /** Ends deliveries at once and forgets their log. */
  @Delete(':id')
  @HttpCode(204)
  @Problems('not_found')
  async deleteSubscription(@Param('id') id: string): Promise<void> {
    await this.subscriptions.delete(id);
  }

  /** Makes a new secret and shows it this once; for 24 hours each delivery carries a signature of the old one, too. */
  @Post(':id/rotate-secret')
  @ApiResponse({ status: 200, type: SubscriptionWithSecretDto })
  @Problems('not_found', 'idempotency_key_reused', 'request_in_progress')
  async rotateSubscriptionSecret(
    @Param('id') id: string,
    @Caller() by: Principal,
    @Idempotency('sealed') request: IdempotentRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.#once(request, reply, async () => ({ status: 200, body: withSecret(await this.subscriptions.rotate(by, id)) }));
  }

  /** What was sent, the newest events first; kept for 7 days. */
  @Get(':id/deliveries')
  @Problems('not_found')
  async listDeliveries(@Param('id') id: string, @Query() query: DeliveriesQueryDto): Promise<DispatchPageDto> {
    const place = readPageCursor(query.cursor, ['number', 'number']);
    const before = place && { xid: place[0], id: place[1] };
    const found = await this.subscriptions.deliveries(id, query.status ?? null, query.limit + 1, before);
    return toPage(found, query.limit, ({ cursor }) => [cursor.xid, cursor.id], toDispatchDto);
  }

  /**
   * Sends events of the last 7 days once more, under the same ids: of a span of time or by their ids, whether they were
   * delivered or not; with neither, everything of which all attempts failed.
   */
  @Post(':id/replay')
  @ApiResponse({ status: 202, type: ReplayedDto })
  @Problems('not_found', 'idempotency_key_reused', 'request_in_progress')
  async replaySubscription(
    @Param('id') id: string,
    @Body() dto: ReplayDto,
    @Caller() by: Principal,
    @Idempotency() request: IdempotentRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.#once(request, reply, async () => ({
      status: 202,
      body: { count: await this.subscriptions.replay(by, id, replayOf(dto)) },
    }));
  }

  /** Sends a signed event of the type `subscription.test` now, and tells what was sent and what the endpoint answered. */
  @Post(':id/test')
  @ApiResponse({ status: 200, type: TestDto })
  @Problems('not_found', 'idempotency_key_reused', 'request_in_progress')
  async testSubscription(
    @Param('id') id: string,
    @Caller() by: Principal,
    @Idempotency() request: IdempotentRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.#once(request, reply, async () => ({ status: 200, body: toTestDto(await this.subscriptions.test(by, id)) }));
  }

  async #once(request: IdempotentRequest, reply: FastifyReply, work: () => Promise<ApiAnswer>): Promise<void> {
    await send(reply, await this.idempotency.run(request, work, work));
  }
}
