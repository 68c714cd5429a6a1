import '#kernel/node/required-node.js';

const { keysCommand } = await import('./keys/keys.command.js');
const { runHere } = await import('./terminal/run.js');

await runHere(keysCommand);
