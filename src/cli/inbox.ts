import { inboxCommand } from './inbox/inbox.command.js';
import { runHere } from './terminal/run.js';

await runHere(inboxCommand);
