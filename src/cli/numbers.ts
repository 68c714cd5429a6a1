import '#kernel/node/required-node.js';

const { numbersCommand } = await import('./numbers/numbers.command.js');
const { runHere } = await import('./terminal/run.js');

await runHere(numbersCommand);
