import { Body, Controller, Delete, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Principal } from '#access/authorization/principal.js';
import { Caller, Scopes } from '#access/authorization/scopes.decorator.js';
import { Idempotency, send } from '#access/idempotency/idempotency.decorator.js';
import { type ApiAnswer, IdempotencyService, type IdempotentRequest } from '#access/idempotency/idempotency.service.js';
import { Problems } from '#api-conventions/problems.decorator.js';
import { RegisterWebhookDto } from './number-input.dto.js';
import { RegistrationDto, RotatedTokenDto, toRegistrationDto } from './numbers.dto.js';
import { ShownNumbersService } from './shown/shown-numbers.service.js';
import { RegistrationsService } from './webhook/registrations.service.js';
import { TokenRotationService } from './webhook/token-rotation.service.js';

/** The webhooks of our numbers at 360dialog. */
@ApiTags('numbers')
@Controller('api/numbers/:phone_number_id')
@Scopes('numbers:admin')
export class NumberWebhooksController {
  constructor(
    private readonly shown: ShownNumbersService,
    private readonly registrations: RegistrationsService,
    private readonly tokens: TokenRotationService,
    private readonly idempotency: IdempotencyService,
  ) {}

  /** Registers this gateway as the webhook of a number. Another one is replaced only when `replaces` names it; the gateway keeps it, so that it can be restored. */
  @Post('webhook')
  @HttpCode(200)
  @Problems(
    'not_found',
    'environment_number',
    'webhook_occupied',
    'number_unproven',
    'other_number',
    'upstream_key_rejected',
    'upstream_unavailable',
    'upstream_refused',
  )
  async registerNumberWebhook(
    @Param('phone_number_id') phoneNumberId: string,
    @Body() { dry_run = false, replaces = null }: RegisterWebhookDto,
    @Caller() by: Principal,
  ): Promise<RegistrationDto> {
    const number = await this.shown.require(by, phoneNumberId);
    return toRegistrationDto(phoneNumberId, await this.registrations.register(number, { replaces, dryRun: dry_run }));
  }

  /** Restores the webhook that the registration of this gateway has replaced. */
  @Delete('webhook')
  @Problems(
    'not_found',
    'environment_number',
    'webhook_not_replaced',
    'webhook_occupied',
    'number_unproven',
    'other_number',
    'upstream_key_rejected',
    'upstream_unavailable',
    'upstream_refused',
  )
  async restoreNumberWebhook(@Param('phone_number_id') phoneNumberId: string, @Caller() by: Principal): Promise<RegistrationDto> {
    const number = await this.shown.require(by, phoneNumberId);
    return toRegistrationDto(phoneNumberId, await this.registrations.restore(number));
  }

  /**
   * Makes a new token for the deliveries of a number, and registers it where this gateway is the webhook. The token before stays valid until
   * a delivery has carried the new one.
   */
  @Post('rotate-webhook-token')
  @ApiResponse({ status: 200, type: RotatedTokenDto })
  @Problems(
    'not_found',
    'environment_number',
    'secrets_key_missing',
    'number_unproven',
    'other_number',
    'upstream_key_rejected',
    'upstream_unavailable',
    'upstream_refused',
    'idempotency_key_reused',
    'request_in_progress',
  )
  async rotateWebhookToken(
    @Param('phone_number_id') phoneNumberId: string,
    @Caller() by: Principal,
    @Idempotency('sealed') request: IdempotentRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const rotate = async (): Promise<ApiAnswer> => {
      const number = await this.shown.require(by, phoneNumberId);
      return { status: 200, body: { phone_number_id: phoneNumberId, ...(await this.tokens.rotate(number)) } satisfies RotatedTokenDto };
    };
    await send(reply, await this.idempotency.run(request, rotate, rotate));
  }
}
