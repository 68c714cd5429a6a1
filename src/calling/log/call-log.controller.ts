import { Controller, Get, Headers, Param, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Principal } from '#access/authorization/principal.js';
import { Caller, Scopes } from '#access/authorization/scopes.decorator.js';
import { readPageCursor, writePageCursor } from '#api-conventions/list.js';
import { wantsCsv } from '#api-conventions/media-type.js';
import { Problems } from '#api-conventions/problems.decorator.js';
import { requireUser } from '#api-conventions/user-input.dto.js';
import { CallDto } from '#calling/call/call.view.js';
import { type CallFilter, CallsService } from '#calling/call/calls.service.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { PeopleService } from '#identity/people.service.js';
import { defined } from '#kernel/case.js';
import { rfc3339 } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { BundleService } from './bundle.service.js';
import { BundleDto, BundleQueryDto, CallPageDto, CallsQueryDto, TimelineDto } from './call-log.dto.js';
import { CsvExportService } from './csv-export.service.js';

/** Described by the document under its own name. */
const NAMES_FILE = { 'Content-Disposition': { $ref: '#/components/headers/Content-Disposition' } };

/** The call log: every call and its timeline. */
@ApiTags('call log')
@Controller('api/calling/calls')
export class CallLogController {
  constructor(
    private readonly calls: CallsService,
    private readonly people: PeopleService,
    private readonly numbers: NumbersService,
    private readonly exports: CsvExportService,
    private readonly bundles: BundleService,
  ) {}

  /**
   * The calls, newest first. `Accept: text/csv` or `?format=csv` exports every call that matches, at most 100,000, and
   * ignores `limit` and `cursor`: RFC 4180, one line per call, without sessions; texts that a spreadsheet would take for a
   * formula begin with an apostrophe.
   */
  @Get()
  @Scopes('calls:read')
  @ApiProduces('application/json', 'text/csv')
  @ApiResponse({ status: 200, type: CallPageDto, headers: NAMES_FILE })
  @Problems('unknown_number')
  async listCalls(
    @Query() query: CallsQueryDto,
    @Headers('accept') accept: string | undefined,
    @Caller() by: Principal,
  ): Promise<CallPageDto | StreamableFile> {
    const cursor = readPageCursor(query.cursor, ['number', 'string']);
    const filter = await this.#filter(query, by);
    if (wantsCsv(query.format, accept)) {
      return new StreamableFile(await this.exports.stream(filter), CSV_FILE);
    }
    if (!filter) return { data: [], next_cursor: null };
    const after = cursor && { createdAt: cursor[0], id: cursor[1] };
    const found = await this.calls.list(filter, query.limit + 1, after);
    const shown = found.slice(0, query.limit);
    const last = found.length > query.limit ? shown.at(-1) : undefined;
    return {
      data: await this.calls.views(shown, by.scopes.has('calls:control')),
      next_cursor: last ? writePageCursor([last.createdAt, last.id]) : null,
    };
  }

  /** One call, by the gateway's id or by wacid. */
  @Get(':id')
  @Scopes('calls:read')
  @Problems('call_not_found')
  async getCall(@Param('id') id: string, @Caller() by: Principal): Promise<CallDto> {
    return this.calls.view(await this.calls.require(by, id), by.scopes.has('calls:control'));
  }

  /** Every request, response, webhook, command and change of state of a call, in the order in which the gateway noted it. */
  @Get(':id/timeline')
  @Scopes('calls:read')
  @Problems('call_not_found')
  async getCallTimeline(@Param('id') id: string, @Caller() by: Principal): Promise<TimelineDto> {
    const call = await this.calls.require(by, id);
    const entries = await this.calls.timelineOf(call);
    return { id: call.id, call_id: call.wacid, data: entries.map((entry) => ({ ...entry, at: rfc3339(entry.at) })) };
  }

  /**
   * A file for a support ticket: the call, its timeline, its wacid, Meta's trace ids, versions and the age of the settings.
   * Without SDP and secrets; numbers show their last four digits and names nothing, unless `?full=true`.
   */
  @Get(':id/bundle')
  @ApiResponse({ status: 200, type: BundleDto, headers: NAMES_FILE })
  @Scopes('calls:read')
  @Problems('call_not_found', 'insufficient_scope')
  async getCallBundle(
    @Param('id') id: string,
    @Query() query: BundleQueryDto,
    @Caller() by: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BundleDto> {
    const full = query.full === 'true';
    if (full && !by.scopes.has('calls:control')) throw new Problem('insufficient_scope', { params: { scope: 'calls:control' } });
    const bundle = await this.bundles.of(by, id, { full, settings: by.scopes.has('settings:read') });
    reply.header('Content-Disposition', `attachment; filename="${bundle.call.id}.json"`);
    return bundle;
  }

  /** The filter; null when it names an unknown person, so that no call matches. The filter `user` finds the person of each number asked for. */
  async #filter(query: CallsQueryDto, by: Principal): Promise<CallFilter | null> {
    const { state, direction, outcome, phone_number_id: phoneNumberId } = query;
    if (phoneNumberId !== undefined) await this.numbers.require(by, phoneNumberId);
    const numbers = phoneNumberId === undefined ? by.numbers : [phoneNumberId];
    const filter = { numbers, ...defined({ state, direction, outcome, since: timeOf(query.since), until: timeOf(query.until) }) };
    const { user: written } = query;
    if (written === undefined) return filter;
    requireUser(written);
    // The user is another person at each number.
    const asked = phoneNumberId === undefined ? this.numbers.reachedBy(by).map((number) => number.phoneNumberId) : [phoneNumberId];
    const personIds = (await this.people.findAtEach(asked, written)).map(({ id }) => id);
    return personIds.length > 0 ? { ...filter, personIds } : null;
  }
}

const timeOf = (written: string | undefined): number | undefined => (written === undefined ? undefined : Date.parse(written));

const CSV_FILE = { type: 'text/csv; charset=utf-8; header=present', disposition: 'attachment; filename="calls.csv"' };
