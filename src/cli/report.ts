import { reportCommand } from './report/report.command.js';
import { runHere } from './terminal/run.js';

await runHere(reportCommand);
