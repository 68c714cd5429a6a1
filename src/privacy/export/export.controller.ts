import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Principal } from '#access/authorization/principal.js';
import { Caller, Scopes } from '#access/authorization/scopes.decorator.js';
import { PersonExportDto } from './export.dto.js';
import { ExportService } from './export.service.js';

/** The right to know. */
@ApiTags('users')
@Controller('api/users')
export class ExportController {
  constructor(private readonly exports: ExportService) {}

  /**
   * Everything that the gateway keeps about a person, by phone number or BSUID, as JSON; the audit log records who asked. A key with a list
   * of numbers gets what these keep, any other what every number keeps. An unknown person gives no number.
   */
  @Get(':user/export')
  @Scopes('data:export')
  @ApiResponse({
    status: 200,
    type: PersonExportDto,
    headers: { 'Content-Disposition': { $ref: '#/components/headers/Content-Disposition' } },
  })
  async exportUser(
    @Param('user') user: string,
    @Caller() by: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PersonExportDto> {
    reply.header('Content-Disposition', 'attachment; filename="person.json"').header('Cache-Control', 'no-store');
    return this.exports.of(by, user);
  }
}
