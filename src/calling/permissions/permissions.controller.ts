import { Controller, Get, Headers, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Scopes } from '#access/authorization/scopes.decorator.js';
import { Problems } from '#api-conventions/problems.decorator.js';
import { languageOf } from '#error-catalogue/language.js';
import { CalleesService } from '#identity/callees.service.js';
import { Problem } from '#kernel/problem.js';
import { readUser } from '#kernel/wa-id.js';
import { PermissionDto, PermissionQueryDto, toPermissionDto } from './permission.dto.js';
import { PermissionsService } from './permissions.service.js';

/** The permission ledger. */
@ApiTags('calling')
@Controller('api/calling/permissions')
export class PermissionsController {
  constructor(
    private readonly permissions: PermissionsService,
    private readonly callees: CalleesService,
  ) {}

  /**
   * Tells what is known of one user's permission to be called: how it stands, who said so, which limits count, and what
   * has happened. Read again from 360dialog when older than a minute; asks the user nothing.
   */
  @Get(':user')
  @Scopes('permissions:read')
  @Problems('unknown_number', 'upstream_unavailable')
  async getPermission(
    @Param('user') user: string,
    @Query() query: PermissionQueryDto,
    @Headers('accept-language') wanted: string | undefined,
  ): Promise<PermissionDto> {
    const naming = readUser(user);
    if (!naming) throw new Problem('invalid_request', { errors: [{ field: 'user', message: NO_USER }] });
    const { number, person } = await this.callees.named(naming, query.phone_number_id);
    return toPermissionDto(user, number, person, await this.permissions.ledger(number, person), languageOf(wanted));
  }
}

const NO_USER = {
  en: 'must be a phone number of 7 to 15 digits or a business-scoped user id',
  es: 'debe ser un número de teléfono de 7 a 15 dígitos o un id de usuario de empresa (BSUID)',
};
