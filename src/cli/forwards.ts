import { forwardsCommand } from './forwards/forwards.command.js';
import { runHere } from './terminal/run.js';

await runHere(forwardsCommand);
