import '#kernel/node/required-node.js';

const { backupCommand } = await import('./backup/backup.command.js');
const { runHere } = await import('./terminal/run.js');

await runHere(backupCommand);
