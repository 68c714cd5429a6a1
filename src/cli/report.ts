import { reportCommand } from './report/report.command.js';
import { runCommand } from './terminal/run.js';
import { ofThisProcess } from './terminal/surroundings.js';

process.exitCode = await runCommand(reportCommand, process.argv.slice(2), ofThisProcess());
