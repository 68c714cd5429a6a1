import { Controller, Get, Headers, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#access/authorization/principal.js';
import { Caller, Scopes } from '#access/authorization/scopes.decorator.js';
import { NumberQueryDto } from '#api-conventions/list-query.dto.js';
import { languageOf } from '#error-catalogue/language.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { Clock } from '#kernel/clock.js';
import { EligibilityService } from './eligibility.service.js';
import { ConversationRequirementsDto, EligibilityDto, toEligibilityDto, toRequirementsDto } from './requirements.dto.js';
import { RequirementsService } from './requirements.service.js';

/** How far the number has come, and what it may do. */
@ApiTags('compliance')
@Controller('api')
@Scopes('compliance:read')
export class RequirementsController {
  constructor(
    private readonly compliance: EligibilityService,
    private readonly service: RequirementsService,
    private readonly numbers: NumbersService,
    private readonly clock: Clock,
  ) {}

  /** Returns the progress towards the required conversations, and apart from it the messaging limit that Meta checks. */
  @Get('calling/conversation-requirements')
  async getConversationRequirements(@Query() query: NumberQueryDto, @Caller() by: Principal): Promise<ConversationRequirementsDto> {
    const number = await this.numbers.require(by, query.phone_number_id);
    return toRequirementsDto(number.phoneNumberId, await this.service.requirements(number), this.clock.now());
  }

  /** Lists every gate, inbound and outbound, with its evidence and what to do. */
  @Get('compliance/eligibility')
  async getEligibility(
    @Query() query: NumberQueryDto,
    @Caller() by: Principal,
    @Headers('accept-language') wanted: string | undefined,
  ): Promise<EligibilityDto> {
    const number = await this.numbers.require(by, query.phone_number_id);
    const eligibility = await this.compliance.gates(number);
    return toEligibilityDto(number.phoneNumberId, eligibility, this.clock.now(), languageOf(wanted));
  }
}
