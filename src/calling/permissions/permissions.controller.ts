import { Controller, Get, Headers, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#access/authorization/principal.js';
import { Caller, Scopes } from '#access/authorization/scopes.decorator.js';
import { Problems } from '#api-conventions/problems.decorator.js';
import { requireUser } from '#api-conventions/user-input.dto.js';
import { languageOf } from '#error-catalogue/language.js';
import { NOTHING_SENT } from '#error-catalogue/nothing-sent.js';
import { CalleesService } from '#identity/callees.service.js';
import { PermissionDto, PermissionQueryDto, toPermissionDto } from './permission.dto.js';
import { PermissionsService } from './permissions.service.js';

/** Shows the permission ledger. */
@ApiTags('calling')
@Controller('api/calling/permissions')
export class PermissionsController {
  constructor(
    private readonly permissions: PermissionsService,
    private readonly callees: CalleesService,
  ) {}

  /**
   * The permission to call one user: its status and source, the limits, and the history. The gateway reads it again from
   * 360dialog when its reading is older than a minute; it asks the user nothing, and keeps nothing of a user whom it does not know.
   */
  @Get(':user')
  @Scopes('permissions:read')
  @Problems('number_required', 'unknown_number', ...NOTHING_SENT, 'number_unproven', 'other_number', 'upstream_key_rejected')
  async getPermission(
    @Param('user') user: string,
    @Query() query: PermissionQueryDto,
    @Caller() by: Principal,
    @Headers('accept-language') wanted: string | undefined,
  ): Promise<PermissionDto> {
    const { number, person } = await this.callees.shown(by, requireUser(user), query.phone_number_id);
    return toPermissionDto(user, number, person, await this.permissions.ledger(number, person), languageOf(wanted));
  }
}
