import { Controller, Get, Headers, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#access/authorization/principal.js';
import { Caller, Scopes } from '#access/authorization/scopes.decorator.js';
import { EligibilityService } from '#compliance/eligibility/eligibility.service.js';
import { languageOf } from '#error-catalogue/language.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { SignaturesService } from '#inbox/signatures.service.js';
import { Lines } from '#numbers/lines.js';
import { StatusDto, StatusQueryDto } from './status.dto.js';
import { toStatusDto } from './status.view.js';

/** The diagnosis of the number. */
@ApiTags('calling')
@Controller('api/calling/status')
export class StatusController {
  constructor(
    private readonly compliance: EligibilityService,
    private readonly numbers: NumbersService,
    private readonly lines: Lines,
    private readonly signatures: SignaturesService,
  ) {}

  /**
   * Shows whether, when and why the number may call and be called. Readings come from 360dialog and are at most 60 s old,
   * or as old as `observed_at` says when it does not answer; without a source a value is `null`. Changes nothing.
   */
  @Get()
  @Scopes('status:read')
  async getStatus(
    @Query() query: StatusQueryDto,
    @Caller() by: Principal,
    @Headers('accept-language') wanted: string | undefined,
  ): Promise<StatusDto> {
    const number = await this.numbers.require(by, query.phone_number_id);
    const diagnosis = await this.compliance.diagnosis(number, { refresh: query.refresh === 'true' });
    return toStatusDto(diagnosis, this.signatures.seenOf(number), this.lines.of(number.phoneNumberId).load, languageOf(wanted));
  }
}
