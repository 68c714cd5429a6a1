import { runCommand } from '#cli/terminal/run.js';
import { ofThisProcess } from '#cli/terminal/surroundings.js';
import { verifyWireCommand } from './verify-wire.command.ts';

process.exitCode = await runCommand(verifyWireCommand, process.argv.slice(2), ofThisProcess());
