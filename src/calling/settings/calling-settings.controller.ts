import { Body, Controller, Get, Headers, Patch, Query, Res } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Principal } from '#access/authorization/principal.js';
import { Caller, Scopes } from '#access/authorization/scopes.decorator.js';
import { Idempotency, send } from '#access/idempotency/idempotency.decorator.js';
import { type ApiAnswer, IdempotencyService, type IdempotentRequest } from '#access/idempotency/idempotency.service.js';
import { Problems } from '#api-conventions/problems.decorator.js';
import { languageOf } from '#error-catalogue/language.js';
import { NOTHING_SENT } from '#error-catalogue/nothing-sent.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { Problem } from '#kernel/problem.js';
import {
  CallingSettingsDto,
  ChangedSettingsDto,
  SettingsPatchDto,
  SettingsQueryDto,
  toChangedDto,
  toSettingsDto,
} from './calling-settings.dto.js';
import { CallingSettingsService } from './calling-settings.service.js';

/** How the number takes and places calls, in Meta's own shape. */
@ApiTags('settings')
@Controller('api/calling/settings')
export class CallingSettingsController {
  constructor(
    private readonly settings: CallingSettingsService,
    private readonly numbers: NumbersService,
    private readonly idempotency: IdempotencyService,
  ) {}

  /** The settings as 360dialog reported them, at most 60 s ago or as old as `observed_at` says. */
  @Get()
  @Scopes('settings:read')
  @Problems(
    'number_required',
    'unknown_number',
    'rate_limited',
    ...NOTHING_SENT,
    'number_unproven',
    'other_number',
    'upstream_error',
    'upstream_key_rejected',
  )
  async getCallingSettings(@Query() query: SettingsQueryDto, @Caller() by: Principal): Promise<CallingSettingsDto> {
    const number = await this.numbers.require(by, query.phone_number_id);
    return toSettingsDto(await this.settings.read(number, query.refresh === 'true'), number.phoneNumberId);
  }

  /**
   * Changes a part and keeps the rest: what Meta would delete, such as the holidays, is sent along. What Meta would refuse is
   * a 422 that names the field. Answers the settings as read again after the change, with its effects.
   */
  @Patch()
  @Scopes('settings:write')
  @ApiResponse({ status: 200, type: ChangedSettingsDto })
  @Problems(
    'number_required',
    'unknown_number',
    'messaging_limit_too_low',
    'calling_prerequisites_missing',
    'invalid_parameter',
    'idempotency_key_reused',
    'request_in_progress',
    'rate_limited',
    ...NOTHING_SENT,
    'number_unproven',
    'other_number',
    'upstream_error',
    'upstream_refused',
  )
  async changeCallingSettings(
    @Body() { calling, phone_number_id }: SettingsPatchDto,
    @Headers('accept-language') wanted: string | undefined,
    @Idempotency() request: IdempotentRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (Object.keys(calling).length === 0) throw new Problem('invalid_request', { errors: [NOTHING] });
    const change = async (): Promise<ApiAnswer> => {
      const number = await this.numbers.requireProven(request.principal, phone_number_id);
      return { status: 200, body: toChangedDto(await this.settings.change(number, calling), number.phoneNumberId, languageOf(wanted)) };
    };
    await send(reply, await this.idempotency.run(request, change, change));
  }
}

const NOTHING = { field: 'calling', message: { en: 'must name at least one setting', es: 'debe indicar al menos un ajuste' } };
