import { Controller, Get, Headers, Query, StreamableFile } from '@nestjs/common';
import { ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '#access/authorization/principal.js';
import { Caller, Scopes } from '#access/authorization/scopes.decorator.js';
import { readPageCursor } from '#api-conventions/list.js';
import { wantsCsv } from '#api-conventions/media-type.js';
import { Problems } from '#api-conventions/problems.decorator.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { AuditPageDto, AuditQueryDto, filterOf, toAuditPage } from './audit.dto.js';
import { AuditService } from './audit.service.js';
import { AuditExportService } from './audit-export.service.js';

const CSV_FILE = { type: 'text/csv; charset=utf-8; header=present', disposition: 'attachment; filename="audit.csv"' };
/** Described by the document under its own name. */
const NAMES_FILE = { 'Content-Disposition': { $ref: '#/components/headers/Content-Disposition' } };

/** The audit log. */
@ApiTags('keys')
@Controller('api/audit')
@Scopes('audit:read')
export class AuditController {
  constructor(
    private readonly audit: AuditService,
    private readonly exports: AuditExportService,
    private readonly numbers: NumbersService,
  ) {}

  /**
   * Who changed keys, settings and subscriptions, polled, declared, erased or exported, and which keys were used; newest first, kept for
   * `AUDIT_RETENTION_DAYS`. A key with a list of numbers sees what is about these alone. `Accept: text/csv` or `?format=csv` exports every entry
   * that matches, at most 100,000, and ignores `limit` and `cursor`: texts that a spreadsheet would take for a formula begin with an apostrophe. An
   * export is an entry itself. Until 1.0 a key with `keys:admin` may read it, too.
   */
  @Get()
  @ApiProduces('application/json', 'text/csv')
  @ApiResponse({ status: 200, type: AuditPageDto, headers: NAMES_FILE })
  @Problems('unknown_number')
  async listAuditEntries(
    @Query() query: AuditQueryDto,
    @Headers('accept') accept: string | undefined,
    @Caller() by: Principal,
  ): Promise<AuditPageDto | StreamableFile> {
    const [before] = readPageCursor(query.cursor, ['number']) ?? [null];
    if (query.phone_number_id !== undefined) await this.numbers.require(by, query.phone_number_id);
    const filter = filterOf(query);
    if (wantsCsv(query.format, accept)) return new StreamableFile(await this.exports.stream(by, filter), CSV_FILE);
    return toAuditPage(await this.audit.list(by, { limit: query.limit + 1, before }, filter), query.limit);
  }
}
