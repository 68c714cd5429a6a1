import { Controller, Get, Headers, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#access/authorization/principal.js';
import { Caller, Scopes } from '#access/authorization/scopes.decorator.js';
import { Problems } from '#api-conventions/problems.decorator.js';
import { userOf } from '#api-conventions/user-input.dto.js';
import { languageOf } from '#error-catalogue/language.js';
import { NOTHING_SENT } from '#error-catalogue/nothing-sent.js';
import { CalleesService } from '#identity/callees.service.js';
import { CallGatesService } from './call-gates.service.js';
import { PreflightDto, PreflightQueryDto, toPreflightDto } from './preflight.dto.js';
import { preflightOf } from './preflight.js';

/** Checks a call before it is made. */
@ApiTags('calling')
@Controller('api/calling/preflight')
export class PreflightController {
  constructor(
    private readonly callees: CalleesService,
    private readonly gates: CallGatesService,
  ) {}

  /**
   * Whether this person may be called now: every gate of the number and the person with its verdict, evidence, remedy
   * and the earliest moment it changes, and what make-call would do. Sends nothing that has an effect, and keeps
   * nothing of a person whom the gateway does not know.
   */
  @Get()
  @Scopes('permissions:read')
  @Problems('number_required', 'unknown_number', ...NOTHING_SENT, 'number_unproven', 'other_number', 'upstream_key_rejected')
  async getPreflight(
    @Query() query: PreflightQueryDto,
    @Caller() by: Principal,
    @Headers('accept-language') wanted: string | undefined,
  ): Promise<PreflightDto> {
    const { user, input } = userOf(query);
    const callee = await this.callees.shown(by, user, query.phone_number_id);
    const survey = await this.gates.survey(callee.number, callee.person);
    const found = preflightOf(survey, { hasOffer: query.session !== 'false', hasTemplate: query.template === 'true' });
    return toPreflightDto(input, callee, found, survey.now, languageOf(wanted));
  }
}
