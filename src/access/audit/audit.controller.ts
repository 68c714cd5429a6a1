import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { Scopes } from '#access/authorization/scopes.decorator.js';
import { readCursor } from '#api-conventions/list.js';
import { AuditPageDto, AuditQueryDto, toAuditPage } from './audit.dto.js';
import { AuditService } from './audit.service.js';

/** The audit log. */
@ApiTags('keys')
@Controller('api/audit')
@Scopes('keys:admin')
export class AuditController {
  constructor(@Inject(AuditService) private readonly audit: AuditService) {}

  /** Who changed keys, settings and subscriptions, polled, declared, erased or exported, and which keys were in use; newest first, a year back. */
  @Get()
  @ApiResponse({ status: 200, type: AuditPageDto })
  async listAuditEntries(@Query() query: AuditQueryDto): Promise<AuditPageDto> {
    const [before] = readCursor(query.cursor, ['number']) ?? [null];
    return toAuditPage(await this.audit.list(query.limit + 1, before), query.limit);
  }
}
