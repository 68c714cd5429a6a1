import '#kernel/node/required-node.js';

await import('reflect-metadata');
const { diagnoseCommand } = await import('./diagnosis/diagnose.command.js');
const { runHere } = await import('./terminal/run.js');

await runHere(diagnoseCommand);
