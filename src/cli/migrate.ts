import '#kernel/node/required-node.js';

const { migrateCommand } = await import('./migrate/migrate.command.js');
const { runHere } = await import('./terminal/run.js');

await runHere(migrateCommand);
