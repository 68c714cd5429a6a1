import '#kernel/node/required-node.js';

const { inboxCommand } = await import('./inbox/inbox.command.js');
const { runHere } = await import('./terminal/run.js');

await runHere(inboxCommand);
