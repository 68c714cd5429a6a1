import { explainCommand } from './explain/explain.command.js';
import { runCommand } from './terminal/run.js';
import { ofThisProcess } from './terminal/surroundings.js';

process.exitCode = await runCommand(explainCommand, process.argv.slice(2), ofThisProcess());
