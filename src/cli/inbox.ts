import { inboxCommand } from './inbox/inbox.command.js';
import { runCommand } from './terminal/run.js';
import { ofThisProcess } from './terminal/surroundings.js';

process.exitCode = await runCommand(inboxCommand, process.argv.slice(2), ofThisProcess());
