import type { DatabaseUrl } from '#config/read-database.js';
import { Secret } from '#kernel/secret.js';
import { openBeside } from '#store/open-store.js';
import type { Store } from '#store/store.js';
import { type CommandLine, UsageFault } from './command-line.js';
import { CommandRefused } from './run.js';
import { say } from './texts.js';

/** Opens the database of DATABASE_URL beside a running gateway. @throws UsageFault, CommandRefused */
export async function openOwnDatabase(line: CommandLine, configured: string | undefined): Promise<Store> {
  const { language } = line;
  return openBeside(ownDatabase(line, configured)).catch((error: unknown) => {
    throw new CommandRefused(say('no_database', language, { message: error instanceof Error ? error.message : String(error) }));
  });
}

/** The database of DATABASE_URL. @throws UsageFault */
export function ownDatabase({ language }: CommandLine, configured: string | undefined): DatabaseUrl {
  const database = databaseOf(configured?.trim() || 'sqlite:./data/gateway.db');
  if (!database) throw new UsageFault(say('wrong_database', language));
  return database;
}

/** A URL of a database; null when it is none. */
export function databaseOf(url: string): DatabaseUrl | null {
  if (/^sqlite:./.test(url)) return { kind: 'sqlite', path: url.slice('sqlite:'.length) };
  if (/^postgres(ql)?:\/\/./.test(url) && URL.canParse(url)) return { kind: 'postgres', url: new Secret(url) };
  return null;
}
