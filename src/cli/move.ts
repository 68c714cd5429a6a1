import { moveCommand } from './move/move.command.js';
import { runCommand } from './terminal/run.js';
import { ofThisProcess } from './terminal/surroundings.js';

process.exitCode = await runCommand(moveCommand, process.argv.slice(2), ofThisProcess());
