import { keysCommand } from './keys/keys.command.js';
import { runHere } from './terminal/run.js';

await runHere(keysCommand);
