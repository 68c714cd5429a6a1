import { explainCommand } from './explain/explain.command.js';
import { runHere } from './terminal/run.js';

await runHere(explainCommand);
