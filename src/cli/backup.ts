import { backupCommand } from './backup/backup.command.js';
import { runHere } from './terminal/run.js';

await runHere(backupCommand);
