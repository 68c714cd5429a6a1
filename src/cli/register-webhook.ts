import 'reflect-metadata';
import { runHere } from './terminal/run.js';
import { registerWebhookCommand } from './webhook/register-webhook.command.js';

await runHere(registerWebhookCommand);
