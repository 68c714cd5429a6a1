import { Controller, Delete, Headers, Param } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '#access/authorization/principal.js';
import { Caller, Scopes } from '#access/authorization/scopes.decorator.js';
import { Problems } from '#api-conventions/problems.decorator.js';
import { languageOf } from '#error-catalogue/language.js';
import { ErasureDto, toErasureDto } from './erasure.dto.js';
import { ErasureService } from './erasure.service.js';

/** The right to be forgotten. */
@ApiTags('users')
@Controller('api/users')
export class ErasureController {
  constructor(private readonly erasure: ErasureService) {}

  /**
   * Erases a person, by phone number or BSUID: number, names, permissions, and what was received and published about them. Calls,
   * events and counts stay anonymous, so that reports do not change. Doing it twice changes nothing; an
   * unknown person gives zeros. A key with a list of numbers erases in these alone, any other in every number. Refused while a call with the person waits or lives.
   */
  @Delete(':user')
  @Scopes('data:erase')
  @ApiResponse({ status: 200, type: ErasureDto })
  @Problems('user_is_active')
  async eraseUser(
    @Param('user') user: string,
    @Caller() by: Principal,
    @Headers('accept-language') wanted: string | undefined,
  ): Promise<ErasureDto> {
    return toErasureDto(await this.erasure.eraseWithin(by, user), languageOf(wanted));
  }
}
