import '#kernel/node/required-node.js';

const { listenCommand } = await import('./listen/listen.command.js');
const { runHere } = await import('./terminal/run.js');

await runHere(listenCommand);
