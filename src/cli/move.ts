import '#kernel/node/required-node.js';

const { moveCommand } = await import('./move/move.command.js');
const { runHere } = await import('./terminal/run.js');

await runHere(moveCommand);
