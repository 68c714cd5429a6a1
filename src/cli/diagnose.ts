import 'reflect-metadata';
import { diagnoseCommand } from './diagnosis/diagnose.command.js';
import { runCommand } from './terminal/run.js';
import { ofThisProcess } from './terminal/surroundings.js';

process.exitCode = await runCommand(diagnoseCommand, process.argv.slice(2), ofThisProcess());
