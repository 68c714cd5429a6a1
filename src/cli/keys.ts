import { keysCommand } from './keys/keys.command.js';
import { runCommand } from './terminal/run.js';
import { ofThisProcess } from './terminal/surroundings.js';

process.exitCode = await runCommand(keysCommand, process.argv.slice(2), ofThisProcess());
