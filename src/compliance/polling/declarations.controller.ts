import { Body, Controller, Get, Put, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '#access/authorization/principal.js';
import { Caller, Scopes } from '#access/authorization/scopes.decorator.js';
import { NumberQueryDto } from '#api-conventions/list-query.dto.js';
import { Problems } from '#api-conventions/problems.decorator.js';
import { READING, type Reading, type ReportedLimit } from '#compliance/eligibility/reading.js';
import { OWNER_TRUSTED_MS, RequirementsService } from '#compliance/eligibility/requirements.service.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { Clock, rfc3339 } from '#kernel/clock.js';
import { numberLock, Store } from '#store/store.js';
import { type DeclarationDto, DeclarationsDto, DeclareDto } from './declarations.dto.js';

const SOURCE = 'owner';

/** What the owner declares: a reading like others, valid for 30 days and only without another source. */
@ApiTags('compliance')
@Controller('api/compliance/declarations')
export class DeclarationsController {
  constructor(
    private readonly requirements: RequirementsService,
    private readonly numbers: NumbersService,
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /** What was declared, and until when it is valid. */
  @Get()
  @Scopes('compliance:read')
  @ApiResponse({ status: 200, type: DeclarationsDto })
  @Problems('number_required', 'unknown_number')
  async getDeclarations(@Query() query: NumberQueryDto, @Caller() by: Principal): Promise<DeclarationsDto> {
    const { phoneNumberId } = await this.numbers.require(by, query.phone_number_id);
    return this.#shown(phoneNumberId);
  }

  /** Declares what you see in the Hub; each declaration counts from now. */
  @Put()
  @Scopes('compliance:write')
  @ApiResponse({ status: 200, type: DeclarationsDto })
  @Problems('number_required', 'unknown_number')
  async setDeclarations(@Body() dto: DeclareDto, @Query() query: NumberQueryDto, @Caller() by: Principal): Promise<DeclarationsDto> {
    const { phoneNumberId } = await this.numbers.require(by, query.phone_number_id);
    const observedAt = this.clock.now();
    // Who reaches some numbers alone declares for these, not for the others of the portfolio.
    const origin = { source: SOURCE, scope: by.numbers === null ? 'portfolio' : 'number' } as const;
    const readings: Reading[] = [];
    if (dto.messaging_limit !== undefined) {
      const value: ReportedLimit = { limit: dto.messaging_limit, event: null };
      readings.push({ ...origin, name: READING.limit, value, observedAt });
    }
    if (dto.business_verification !== undefined) {
      readings.push({ ...origin, name: READING.verification, value: dto.business_verification, observedAt });
    }
    await this.store.write(
      async (tx) => {
        for (const reading of readings) await this.requirements.observe(tx, phoneNumberId, reading);
      },
      [numberLock(phoneNumberId)],
    );
    return this.#shown(phoneNumberId);
  }

  async #shown(phoneNumberId: string): Promise<DeclarationsDto> {
    const { limit, verification } = await this.requirements.declared(phoneNumberId);
    return {
      messaging_limit: limit && shown(limit.value.limit, limit.observedAt),
      business_verification: verification && shown(verification.value, verification.observedAt),
      phone_number_id: phoneNumberId,
    };
  }
}

const shown = (value: string, observedAt: number): DeclarationDto => ({
  value,
  source: SOURCE,
  observed_at: rfc3339(observedAt),
  stale_at: rfc3339(observedAt + OWNER_TRUSTED_MS),
});
