import { runCommand } from './terminal/run.js';
import { ofThisProcess } from './terminal/surroundings.js';
import { testCallCommand } from './walk/test-call.command.js';

process.exitCode = await runCommand(testCallCommand, process.argv.slice(2), ofThisProcess());
