// One replica of the gateway that does nothing but send reports, under a clock that its parent sets: a child of report-deliveries.mjs.
import 'reflect-metadata';
import { AppModule } from '../dist/app.module.js';
import { ReportDeliveryJob } from '../dist/compliance/report-deliveries/sending/report-delivery.job.js';
import { readSettings } from '../dist/config/read-settings.js';
import { buildApp } from '../dist/http/build-app.js';
import { NumbersService } from '../dist/identity/numbers/numbers.service.js';
import { pause } from './pause.mjs';

let now = Number(process.env.PROVE_NOW);
process.on('message', (time) => {
  now = time;
});

const settings = readSettings(process.env);
const app = await buildApp(AppModule.with(settings, { now: () => now, steady: () => performance.now() }), settings, { logger: false });
// Without init() no schedule runs: the job is called as its schedule would, only without a rest.
const job = app.get(ReportDeliveryJob, { strict: false });
await app.get(NumbersService, { strict: false }).refresh();
process.stdout.write('ready\n');
for (;;) {
  await job.run();
  await pause(5);
}
