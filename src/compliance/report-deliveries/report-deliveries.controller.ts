import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Principal } from '#access/authorization/principal.js';
import { Caller, Scopes } from '#access/authorization/scopes.decorator.js';
import { Idempotency, send } from '#access/idempotency/idempotency.decorator.js';
import { type ApiAnswer, IdempotencyService, type IdempotentRequest } from '#access/idempotency/idempotency.service.js';
import { readPageCursor, toPage } from '#api-conventions/list.js';
import { LimitDto } from '#api-conventions/list-query.dto.js';
import { Problems } from '#api-conventions/problems.decorator.js';
import { languageOf } from '#error-catalogue/language.js';
import { DeliveryInputService } from './delivery-input.service.js';
import {
  CreateReportDeliveryDto,
  ReportDeliveryDto,
  ReportDeliveryPageDto,
  ReportDeliveryWithSecretDto,
  toReportDeliveryDto,
  withDeliverySecret,
} from './report-deliveries.dto.js';
import { ReportDeliveriesService } from './report-deliveries.service.js';
import { ReportDeliveryJob } from './sending/report-delivery.job.js';

/** Reports that reach people: by mail, or as a signed POST, each day, week or month once. */
@ApiTags('compliance')
@Controller('api/compliance/report-deliveries')
export class ReportDeliveriesController {
  constructor(
    private readonly deliveries: ReportDeliveriesService,
    private readonly input: DeliveryInputService,
    private readonly job: ReportDeliveryJob,
    private readonly idempotency: IdempotencyService,
  ) {}

  /**
   * Makes a delivery. A mail address gets one message with a link and nothing more until its reader has confirmed it, unless its domain stands in
   * `REPORT_RECIPIENTS`; a URL gets posts that the secret signs, which only this response shows. The key needs `compliance:read` as well; the
   * delivery ends with the key. A key has at most 50, a gateway 1,000.
   */
  @Post()
  @Scopes('compliance:write')
  @ApiResponse({ status: 201, type: ReportDeliveryWithSecretDto })
  @Problems(
    'unknown_number',
    'mail_not_configured',
    'report_delivery_exists',
    'too_many_report_deliveries',
    'too_many_confirmations',
    'idempotency_key_reused',
    'request_in_progress',
  )
  async createReportDelivery(
    @Body() dto: CreateReportDeliveryDto,
    @Caller() by: Principal,
    @Headers('accept-language') wanted: string | undefined,
    @Idempotency('sealed') request: IdempotentRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const language = languageOf(wanted);
    const work = async (): Promise<ApiAnswer> => {
      const { shown, secret } = await this.deliveries.create(by, await this.input.read(by, dto, language));
      return { status: 201, body: withDeliverySecret(shown, secret, language) };
    };
    await send(reply, await this.idempotency.run(request, work, work));
    this.job.tick();
  }

  /** Lists the deliveries, the oldest first, with what was sent and what failed; a key with a list of numbers sees those of these alone. */
  @Get()
  @Scopes('compliance:read')
  async listReportDeliveries(
    @Query() query: LimitDto,
    @Caller() by: Principal,
    @Headers('accept-language') wanted: string | undefined,
  ): Promise<ReportDeliveryPageDto> {
    const cursor = readPageCursor(query.cursor, ['number', 'string']);
    const found = await this.deliveries.list(by, query.limit + 1, cursor && { createdAt: cursor[0], id: cursor[1] });
    const language = languageOf(wanted);
    return toPage(
      found,
      query.limit,
      ({ delivery: { createdAt, id } }) => [createdAt, id],
      (one) => toReportDeliveryDto(one, language),
    );
  }

  /** Returns one delivery. */
  @Get(':id')
  @Scopes('compliance:read')
  @Problems('not_found')
  async getReportDelivery(
    @Param('id') id: string,
    @Caller() by: Principal,
    @Headers('accept-language') wanted: string | undefined,
  ): Promise<ReportDeliveryDto> {
    return toReportDeliveryDto(await this.deliveries.require(by, id), languageOf(wanted));
  }

  /** Deletes a delivery with its address; nothing more is sent. */
  @Delete(':id')
  @Scopes('compliance:write')
  @HttpCode(204)
  @Problems('not_found')
  async deleteReportDelivery(@Param('id') id: string, @Caller() by: Principal): Promise<void> {
    await this.deliveries.delete(by, id);
  }
}
