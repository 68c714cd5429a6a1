import { listenCommand } from './listen/listen.command.js';
import { runHere } from './terminal/run.js';

await runHere(listenCommand);
