import { runHere } from './terminal/run.js';
import { testCallCommand } from './walk/test-call.command.js';

await runHere(testCallCommand);
