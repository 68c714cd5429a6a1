import { existsSync } from 'node:fs';
import { type CommandLine, UsageFault } from '#cli/terminal/command-line.js';
import { EXIT } from '#cli/terminal/exit.js';
import type { Printer } from '#cli/terminal/printer.js';
import { type Command, CommandRefused } from '#cli/terminal/run.js';
import type { DatabaseUrl } from '#config/read-database.js';
import { Secret } from '#kernel/secret.js';
import { InstanceLock } from '#store/instance-lock.js';
import { type Moved, MoveRefused, move } from '#store/move/move.js';
import { modeOf, openStore } from '#store/open-store.js';
import { sayMove } from './texts.js';

const REPORT_EVERY_ROWS = 20_000;

/** Moves a gateway from its SQLite file to Postgres, so that several replicas can share it. */
export const moveCommand: Command = {
  usage: 'npm run move -- --to postgres://USER:PASSWORD@HOST/DATABASE [--from sqlite:PATH]   [--json] [--lang en|es]',
  help: {
    en: `Copies everything a gateway keeps in SQLite into an empty Postgres database: calls, events with their ids, permissions,
subscriptions, reports, keys. Both sides are compared before anything is committed, and the source is left as it was.

Stop the gateway first. The address of the target may also stand in MOVE_TO, where no other user of the machine reads it.`,
    es: `Copia todo lo que un gateway guarda en SQLite a una base Postgres vacía: llamadas, eventos con sus ids, permisos,
suscripciones, informes, claves. Ambos lados se comparan antes de confirmar nada, y el origen queda como estaba.

Detenga antes el gateway. La dirección del destino también puede estar en MOVE_TO, donde ningún otro usuario de la máquina la lee.`,
  },
  options: { from: { type: 'string' }, to: { type: 'string' } },
  async run(line, printer, { env }) {
    const [from, to] = [sourceOf(line, env.DATABASE_URL), targetOf(line, env.MOVE_TO)];
    const lock = existsSync(from.path) ? await InstanceLock.take(from.path) : undefined;
    if (lock === undefined) throw new CommandRefused(sayMove('no_file', line.language, { path: from.path }));
    if (lock === null) throw new CommandRefused(sayMove('running', line.language, { path: from.path }));
    try {
      return await moveAll(from, to, printer);
    } finally {
      lock.release();
    }
  },
};

type SqliteUrl = Extract<DatabaseUrl, { kind: 'sqlite' }>;
type PostgresUrl = Extract<DatabaseUrl, { kind: 'postgres' }>;

function sourceOf(line: CommandLine, configured: string | undefined): SqliteUrl {
  const written = line.option('from') ?? (configured?.trim() || 'sqlite:./data/gateway.db');
  // A URL of Postgres may carry a password, so it is not repeated.
  if (!/^sqlite:./.test(written)) throw new UsageFault(sayMove('wrong_from', line.language, { value: written.replace(/:.*/s, ':…') }));
  return { kind: 'sqlite', path: written.slice('sqlite:'.length) };
}

function targetOf(line: CommandLine, configured: string | undefined): PostgresUrl {
  const written = line.option('to') ?? configured ?? '';
  if (!/^postgres(ql)?:\/\/./.test(written) || !URL.canParse(written)) throw new UsageFault(sayMove('wrong_to', line.language));
  return { kind: 'postgres', url: new Secret(written) };
}

async function moveAll(from: SqliteUrl, to: PostgresUrl, printer: Printer): Promise<number> {
  const { language } = printer;
  const mode = modeOf(from.path);
  if (mode === null) throw new CommandRefused(sayMove('not_ours', language, { path: from.path }));
  const target = await openStore({ database: to, mode }, { duty: 'move' }).catch((error: unknown) => {
    throw new CommandRefused(sayMove('no_target', language, { message: reasonOf(error) }));
  });
  const source = await openStore({ database: from, mode });
  try {
    return report(printer, from.path, await move(source, target, reportProgress(printer)));
  } catch (error) {
    if (!(error instanceof MoveRefused)) throw error;
    throw new CommandRefused(sayMove(error.reason, language, { table: error.table }));
  } finally {
    await Promise.all([source.close(), target.close()]);
  }
}

/** The driver leaves the message of a refused connection empty. */
function reasonOf(error: unknown): string {
  const { message, code } = error as { message?: string; code?: string };
  return message || code || String(error);
}

const reportProgress =
  (printer: Printer) =>
  ({ table, rows }: Moved): void => {
    if (rows % REPORT_EVERY_ROWS === 0) printer.progress(sayMove('progress', printer.language, { table, rows }));
  };

function report(printer: Printer, path: string, moved: readonly Moved[]): number {
  const rows = moved.reduce((sum, one) => sum + one.rows, 0);
  printer.document({ rows, tables: moved });
  const width = Math.max(...moved.map(({ table }) => table.length));
  for (const { table, rows: count } of moved) printer.line(sayMove('row', printer.language, { table: table.padEnd(width), rows: count }));
  printer.line(sayMove('done', printer.language, { rows, tables: moved.length, path }));
  return EXIT.ok;
}
