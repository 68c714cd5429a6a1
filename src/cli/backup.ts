import { backupCommand } from './backup/backup.command.js';
import { runCommand } from './terminal/run.js';
import { ofThisProcess } from './terminal/surroundings.js';

process.exitCode = await runCommand(backupCommand, process.argv.slice(2), ofThisProcess());
