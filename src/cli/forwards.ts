import '#kernel/node/required-node.js';

const { forwardsCommand } = await import('./forwards/forwards.command.js');
const { runHere } = await import('./terminal/run.js');

await runHere(forwardsCommand);
