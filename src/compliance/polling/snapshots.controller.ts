import { Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Principal } from '#access/authorization/principal.js';
import { Caller, Scopes } from '#access/authorization/scopes.decorator.js';
import { readPageCursor, toPage } from '#api-conventions/list.js';
import { NumberListQueryDto, NumberQueryDto } from '#api-conventions/list-query.dto.js';
import { Problems } from '#api-conventions/problems.decorator.js';
import { NOTHING_SENT } from '#error-catalogue/nothing-sent.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { PollsService } from './polls.service.js';
import { SnapshotPageView, SnapshotView, toSnapshotView } from './snapshot.view.js';
import { SnapshotsService } from './snapshots.service.js';

/** Starts polls and lists their snapshots. */
@ApiTags('compliance')
@Controller('api/compliance')
export class SnapshotsController {
  constructor(
    private readonly polls: PollsService,
    private readonly snapshots: SnapshotsService,
    private readonly numbers: NumbersService,
  ) {}

  /** Polls now; `Location` names the snapshot, which is `running` until the sources have answered. */
  @Post('check')
  @HttpCode(202)
  @Scopes('compliance:write')
  @ApiResponse({ status: 202, type: SnapshotView, headers: { Location: { $ref: '#/components/headers/Location' } } })
  @Problems(
    'check_in_progress',
    'number_required',
    'unknown_number',
    ...NOTHING_SENT,
    'number_unproven',
    'other_number',
    'upstream_key_rejected',
  )
  async checkCompliance(
    @Query() query: NumberQueryDto,
    @Caller() by: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SnapshotView> {
    const { snapshot } = await this.polls.begin(await this.numbers.requireProven(by, query.phone_number_id), 'request');
    void reply.header('Location', `/api/compliance/snapshots/${snapshot.id}`);
    return toSnapshotView(snapshot);
  }

  /** Every poll with its metrics, newest first; of each number of the key when none is given. */
  @Get('snapshots')
  @Scopes('compliance:read')
  @ApiResponse({ status: 200, type: SnapshotPageView })
  @Problems('unknown_number')
  async listSnapshots(@Query() query: NumberListQueryDto, @Caller() by: Principal): Promise<SnapshotPageView> {
    const after = readPageCursor(query.cursor, ['number', 'string']);
    const found = await this.snapshots.list(await this.numbers.narrowed(by, query.phone_number_id), query.limit + 1, after);
    return toPage(found, query.limit, ({ started_at, id }) => [started_at, id], toSnapshotView);
  }

  /** One poll. */
  @Get('snapshots/:id')
  @Scopes('compliance:read')
  @ApiResponse({ status: 200, type: SnapshotView })
  @Problems('not_found')
  async getSnapshot(@Param('id') id: string, @Caller() by: Principal): Promise<SnapshotView> {
    return toSnapshotView(await this.snapshots.require(by, id));
  }
}
