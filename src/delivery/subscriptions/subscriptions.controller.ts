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
import { NumbersService } from '#identity/numbers/numbers.service.js';
import {
  DeliveriesQueryDto,
  EventDeliveryPageDto,
  ReplayDto,
  ReplayedDto,
  replayOf,
  TestDto,
  toEventDeliveryDto,
  toTestDto,
} from './dto/delivery-log.dto.js';
import {
  ChangeSubscriptionDto,
  CreateSubscriptionDto,
  newSubscriptionOf,
  SubscriptionDto,
  SubscriptionPageDto,
  SubscriptionWithSecretDto,
  subscriptionChangeOf,
  toSubscriptionDto,
  withSecret,
} from './subscriptions.dto.js';
import { SubscriptionsService } from './subscriptions.service.js';

/** Subscriptions: the gateway posts events to the servers of consumers, signed after Standard Webhooks. */
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
   * Creates a subscription: the gateway posts each event from now on to a URL, at least once and in order per subject. Only
   * this response shows the secret that signs the deliveries. The key needs `events:read` and the scopes of what the subscription
   * carries; the subscription belongs to the key and is paused when the key is deleted. A gateway has at most 1,000 subscriptions.
   * With `"format": "meta"` the endpoint first answers Meta's handshake, and gets Meta's webhooks instead of events.
   */
  @Post()
  @ApiResponse({ status: 201, type: SubscriptionWithSecretDto })
  @Problems('unknown_number', 'endpoint_not_verified', 'too_many_subscriptions', 'idempotency_key_reused', 'request_in_progress')
  async createSubscription(
    @Body() dto: CreateSubscriptionDto,
    @Caller() by: Principal,
    @Idempotency('sealed') request: IdempotentRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    // Without a known number of its own, the gateway cannot refuse another one.
    if (dto.phone_number_id && (by.numbers !== null || this.numbers.all().length > 0)) await this.numbers.require(by, dto.phone_number_id);
    await this.#once(request, reply, 201, async () =>
      withSecret(await this.subscriptions.create(by, newSubscriptionOf(dto), async (tx) => (await this.numbers.count(tx)) > 1)),
    );
  }

  /** Lists the subscriptions, the oldest first, without their secrets; a key with a list of numbers sees those that get events of these alone. */
  @Get()
  async listSubscriptions(@Query() query: LimitDto, @Caller() by: Principal): Promise<SubscriptionPageDto> {
    const cursor = readPageCursor(query.cursor, ['number', 'string']);
    const found = await this.subscriptions.list(by, query.limit + 1, cursor && { createdAt: cursor[0], id: cursor[1] });
    return toPage(found, query.limit, ({ createdAt, id }) => [createdAt, id], toSubscriptionDto);
  }

  /** Returns one subscription with the health of its deliveries. */
  @Get(':id')
  @Problems('not_found')
  async getSubscription(@Param('id') id: string, @Caller() by: Principal): Promise<SubscriptionDto> {
    return toSubscriptionDto(await this.subscriptions.require(by, id));
  }

  /**
   * Changes, pauses or resumes a subscription, also one that the gateway has disabled. Events are kept for 7 days: after a longer
   * pause `gap` counts the lost ones, and the event `subscription.gap` reports them. The key needs the scopes of a creation, and the
   * subscription belongs to it from then on.
   */
  @Patch(':id')
  @Problems('not_found', 'endpoint_not_verified')
  async changeSubscription(@Param('id') id: string, @Body() dto: ChangeSubscriptionDto, @Caller() by: Principal): Promise<SubscriptionDto> {
    return toSubscriptionDto(await this.subscriptions.change(by, id, subscriptionChangeOf(dto)));
  }

  /** Deletes a subscription with the log of its deliveries; deliveries stop at once. */
  @Delete(':id')
  @HttpCode(204)
  @Problems('not_found')
  async deleteSubscription(@Param('id') id: string, @Caller() by: Principal): Promise<void> {
    await this.subscriptions.delete(by, id);
  }

  /**
   * Creates a new secret, which only this response shows. For 24 hours the replaced secret signs each delivery as well; in the format `meta`, whose
   * header has one signature, a delivery that the endpoint refuses is sent again with the replaced secret's.
   */
  @Post(':id/rotate-secret')
  @ApiResponse({ status: 200, type: SubscriptionWithSecretDto })
  @Problems('not_found', 'idempotency_key_reused', 'request_in_progress')
  async rotateSubscriptionSecret(
    @Param('id') id: string,
    @Caller() by: Principal,
    @Idempotency('sealed') request: IdempotentRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.#once(request, reply, 200, async () => withSecret(await this.subscriptions.rotate(by, id)));
  }

  /** Lists the deliveries of a subscription, the newest events first; the gateway keeps them for 7 days. */
  @Get(':id/deliveries')
  @Problems('not_found')
  async listDeliveries(
    @Param('id') id: string,
    @Query() query: DeliveriesQueryDto,
    @Caller() by: Principal,
  ): Promise<EventDeliveryPageDto> {
    const cursor = readPageCursor(query.cursor, ['number', 'number']);
    const before = cursor && { xid: cursor[0], id: cursor[1] };
    const found = await this.subscriptions.listDeliveries(by, id, query.status ?? null, query.limit + 1, before);
    return toPage(found, query.limit, (delivery) => [delivery.cursor.xid, delivery.cursor.id], toEventDeliveryDto);
  }

  /**
   * Delivers events of the last 7 days again under the same ids: those of a span of time or with given ids, whether or not they
   * were delivered. Without either, the gateway replays every exhausted delivery.
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
    await this.#once(request, reply, 202, async () => ({ count: await this.subscriptions.replay(by, id, replayOf(dto)) }));
  }

  /** Sends a signed event of the type `subscription.test` now, in the format `meta` a webhook without an element, and returns the request and the result. */
  @Post(':id/test')
  @ApiResponse({ status: 200, type: TestDto })
  @Problems('not_found', 'idempotency_key_reused', 'request_in_progress')
  async testSubscription(
    @Param('id') id: string,
    @Caller() by: Principal,
    @Idempotency() request: IdempotentRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.#once(request, reply, 200, async () => toTestDto(await this.subscriptions.test(by, id)));
  }

  async #once(request: IdempotentRequest, reply: FastifyReply, status: number, act: () => Promise<object>): Promise<void> {
    const work = async (): Promise<ApiAnswer> => ({ status, body: await act() });
    await send(reply, await this.idempotency.run(request, work, work));
  }
}
