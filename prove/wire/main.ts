import { runCommand } from './terminal/run.js';
import { ofThisProcess } from './terminal/surroundings.js';
import { verifyWireCommand } from './wire/verify-wire.command.js';

process.exitCode = await runCommand(verifyWireCommand, process.argv.slice(2), ofThisProcess());
