import { Controller, Get, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '#access/authorization/principal.js';
import { Caller, Scopes } from '#access/authorization/scopes.decorator.js';
import { readPageCursor } from '#api-conventions/list.js';
import { LimitDto } from '#api-conventions/list-query.dto.js';
import { AuditPageDto, toAuditPage } from './audit.dto.js';
import { AuditService } from './audit.service.js';

/** The audit log. */
@ApiTags('keys')
@Controller('api/audit')
@Scopes('keys:admin')
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  /** Who changed keys, settings and subscriptions, polled, declared, erased or exported, and which keys were used; newest first, kept for a year. A key with a list of numbers sees what is about these alone. */
  @Get()
  @ApiResponse({ status: 200, type: AuditPageDto })
  async listAuditEntries(@Query() query: LimitDto, @Caller() by: Principal): Promise<AuditPageDto> {
    const [before] = readPageCursor(query.cursor, ['number']) ?? [null];
    return toAuditPage(await this.audit.list(by, { limit: query.limit + 1, before }), query.limit);
  }
}
