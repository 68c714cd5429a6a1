import { listenCommand } from './listen/listen.command.js';
import { runCommand } from './terminal/run.js';
import { ofThisProcess } from './terminal/surroundings.js';

process.exitCode = await runCommand(listenCommand, process.argv.slice(2), ofThisProcess());
