// One replica of the gateway that does nothing but its reports, under a clock that runs fast: a child of report-periods.mjs.
import 'reflect-metadata';
import { AppModule } from '../dist/app.module.js';
import { ReportJob } from '../dist/compliance/reports/report.job.js';
import { readSettings } from '../dist/config/read-settings.js';
import { buildApp } from '../dist/http/build-app.js';
import { pause } from './pause.mjs';

const DAY_MS = 86_400_000;

/** `PROVE_CLOCK`: when the clock was set going, from where to where it runs, and how long it takes for a day. */
const { began, from, until, dayMs } = JSON.parse(process.env.PROVE_CLOCK);
const clock = { now: () => Math.min(until, Math.round(from + ((Date.now() - began) / dayMs) * DAY_MS)) };

const settings = readSettings(process.env);
const app = await buildApp(AppModule.with(settings, clock), settings, { logger: false });
// Without init() no schedule runs: the job is called as its schedule would, only without a rest.
const job = app.get(ReportJob, { strict: false });
process.stdout.write('ready\n');
for (;;) {
  await job.run();
  await pause(5);
}
