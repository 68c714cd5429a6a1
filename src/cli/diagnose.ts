import 'reflect-metadata';
import { diagnoseCommand } from './diagnosis/diagnose.command.js';
import { runHere } from './terminal/run.js';

await runHere(diagnoseCommand);
