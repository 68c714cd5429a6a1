import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import { ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Principal } from '#access/authorization/principal.js';
import { Caller, Scopes } from '#access/authorization/scopes.decorator.js';
import { readPageCursor, toPage } from '#api-conventions/list.js';
import { Problems } from '#api-conventions/problems.decorator.js';
import type { Language } from '#error-catalogue/catalogue.js';
import { languageOf } from '#error-catalogue/language.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { OverviewService } from './overview/overview.service.js';
import { ReportOverviewView } from './overview/overview.view.js';
import { csvOf } from './page/csv.js';
import { formatOf } from './page/format.js';
import { overviewCsvOf } from './page/overview-csv.js';
import { overviewPageOf } from './page/overview-page.js';
import { pageOf } from './page/page.js';
import { PAGE_SECURITY } from './page/style.js';
import { periodCsvOf } from './periods/period-csv.js';
import { ComparedReportView, documentOf, PeriodReportsView } from './periods/period-report.view.js';
import { PeriodReportsService } from './periods/period-reports.service.js';
import { ReportPageView, type ReportView, toSummaryView } from './report.view.js';
import { ListReportsDto, OverviewQueryDto, PeriodQueryDto, type ReportFormatDto, ReportQueryDto } from './reports.dto.js';
import { ReportsService } from './reports.service.js';

/** Described by the document under their own names. */
const OF_FORMAT = Object.fromEntries(
  ['Vary', 'Content-Disposition', 'Content-Language'].map((name) => [name, { $ref: `#/components/headers/${name}` }]),
);

/** The scheduled reports: one for each day, and a new revision when late data restates it. */
@ApiTags('compliance')
@Controller('api/compliance/reports')
@Scopes('compliance:read')
export class ReportsController {
  constructor(
    private readonly reports: ReportsService,
    private readonly numbers: NumbersService,
    private readonly overviews: OverviewService,
    private readonly periods: PeriodReportsService,
  ) {}

  /** Every report and revision, newest first, without their series; of one, some or all numbers of the key. */
  @Get()
  @ApiResponse({ status: 200, type: ReportPageView })
  @Problems('unknown_number')
  async listReports(@Query() query: ListReportsDto, @Caller() by: Principal): Promise<ReportPageView> {
    const after = readPageCursor(query.cursor, ['number', 'string']);
    const found = await this.reports.list(await this.overviews.reachOf(by, query.phone_number_id), query.limit + 1, after);
    return toPage(
      found,
      query.limit,
      ({ created_at, report }) => [created_at, report.id],
      ({ report }) => toSummaryView(report),
    );
  }

  /** The latest revision of the latest day, as JSON, CSV or a page. */
  @Get('latest')
  @ApiProduces('application/json', 'text/csv', 'text/html')
  @ApiResponse({ status: 200, type: ComparedReportView, headers: OF_FORMAT })
  @Problems('not_found', 'number_required', 'unknown_number')
  async getLatestReport(
    @Query() query: ReportQueryDto,
    @Caller() by: Principal,
    @Headers('accept') accept: string | undefined,
    @Headers('accept-language') wanted: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { phoneNumberId } = await this.numbers.require(by, query.phone_number_id);
    await answer(await this.#shown(await this.reports.latest(phoneNumberId), query), query, accept, wanted, reply);
  }

  /** The latest report of one, some or all numbers of the key, one line for each, as JSON, CSV or a page. */
  @Get('overview')
  @ApiProduces('application/json', 'text/csv', 'text/html')
  @ApiResponse({ status: 200, type: ReportOverviewView, headers: OF_FORMAT })
  @Problems('unknown_number')
  async getReportOverview(
    @Query() query: OverviewQueryDto,
    @Caller() by: Principal,
    @Headers('accept') accept: string | undefined,
    @Headers('accept-language') wanted: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const overview = await this.overviews.latest(await this.overviews.reachOf(by, query.phone_number_id));
    const shown = {
      name: 'reports',
      json: overview,
      csv: () => overviewCsvOf(overview),
      html: (language: Language) => overviewPageOf(overview, language),
    };
    await answer(shown, query, accept, wanted, reply);
  }

  /**
   * What happened in a day, a week or a month, with the change since the one before: of one, some or all numbers of the key, those with trouble first.
   * As JSON, CSV or a page.
   */
  @Get('periods')
  @ApiProduces('application/json', 'text/csv', 'text/html')
  @ApiResponse({ status: 200, type: PeriodReportsView, headers: OF_FORMAT })
  @Problems('unknown_number')
  async getPeriodReports(
    @Query() query: PeriodQueryDto,
    @Caller() by: Principal,
    @Headers('accept') accept: string | undefined,
    @Headers('accept-language') wanted: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const reach = await this.overviews.reachOf(by, query.phone_number_id);
    const document = await this.periods.of(reach, await this.periods.span(reach, query.every, query.date));
    const shown = {
      name: `report-${query.every}-${document.period.first}`,
      json: document,
      csv: () => periodCsvOf(document),
      html: (language: Language) => pageOf(document, language, query.time_zone),
    };
    await answer(shown, query, accept, wanted, reply);
  }

  /** One report, as JSON, CSV or a page. */
  @Get(':id')
  @ApiProduces('application/json', 'text/csv', 'text/html')
  @ApiResponse({ status: 200, type: ComparedReportView, headers: OF_FORMAT })
  @Problems('not_found')
  async getReport(
    @Param('id') id: string,
    @Query() query: ReportQueryDto,
    @Caller() by: Principal,
    @Headers('accept') accept: string | undefined,
    @Headers('accept-language') wanted: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await answer(await this.#shown(await this.reports.require(by, id), query), query, accept, wanted, reply);
  }

  async #shown(report: ReportView, { time_zone }: ReportFormatDto): Promise<Shown> {
    const compared = await this.periods.compared(report);
    return {
      name: `report-${report.period.date}-r${report.revision}`,
      json: compared,
      csv: () => csvOf(compared),
      html: (language) => pageOf(documentOf(compared), language, time_zone),
    };
  }
}

/** What is shown in each format. */
interface Shown {
  /** The name of the file without its ending. */
  name: string;
  json: object;
  csv: () => string;
  html: (language: Language) => string;
}

async function answer(
  shown: Shown,
  { format, lang }: ReportFormatDto,
  accept: string | undefined,
  wanted: string | undefined,
  reply: FastifyReply,
): Promise<void> {
  void reply.header('Vary', 'Accept, Accept-Language');
  const chosen = format ?? formatOf(accept);
  if (chosen === 'json') return void (await reply.send(shown.json));
  if (chosen === 'csv') {
    void reply.header('Content-Disposition', `attachment; filename="${shown.name}.csv"`).type('text/csv; charset=utf-8');
    return void (await reply.send(shown.csv()));
  }
  const language = lang ?? languageOf(wanted);
  void reply.header('Content-Security-Policy', PAGE_SECURITY).header('Content-Language', language).type('text/html; charset=utf-8');
  await reply.send(shown.html(language));
}
