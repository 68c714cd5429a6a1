import '#kernel/node/required-node.js';

const { testCallCommand } = await import('./walk/test-call.command.js');
const { runHere } = await import('./terminal/run.js');

await runHere(testCallCommand);
