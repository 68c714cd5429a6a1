import '#kernel/node/required-node.js';

const { secretsCommand } = await import('./secrets/secrets.command.js');
const { runHere } = await import('./terminal/run.js');

await runHere(secretsCommand);
