import 'reflect-metadata';
import { runCommand } from './terminal/run.js';
import { ofThisProcess } from './terminal/surroundings.js';
import { registerWebhookCommand } from './webhook/register-webhook.command.js';

process.exitCode = await runCommand(registerWebhookCommand, process.argv.slice(2), ofThisProcess());
