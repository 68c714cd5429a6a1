import '#kernel/node/required-node.js';

await import('reflect-metadata');
const { registerWebhookCommand } = await import('./webhook/register-webhook.command.js');
const { runHere } = await import('./terminal/run.js');

await runHere(registerWebhookCommand);
