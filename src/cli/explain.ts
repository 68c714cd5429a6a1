import '#kernel/node/required-node.js';

const { explainCommand } = await import('./explain/explain.command.js');
const { runHere } = await import('./terminal/run.js');

await runHere(explainCommand);
