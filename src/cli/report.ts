import '#kernel/node/required-node.js';

const { reportCommand } = await import('./report/report.command.js');
const { runHere } = await import('./terminal/run.js');

await runHere(reportCommand);
