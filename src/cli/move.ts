import { moveCommand } from './move/move.command.js';
import { runHere } from './terminal/run.js';

await runHere(moveCommand);
