import { UsageFault } from '#cli/terminal/command-line.js';
import { EXIT } from '#cli/terminal/exit.js';
import { type Command, CommandRefused } from '#cli/terminal/run.js';
import { backUp } from '#store/backup.js';
import { modeOf } from '#store/open-store.js';
import { sayBackup } from './texts.js';

/** Copies the SQLite database of a gateway, which may go on running. */
export const backupCommand: Command = {
  usage: 'npm run backup -- --to FILE   [--json] [--lang en|es]',
  help: {
    en: `Copies the SQLite database of DATABASE_URL as it stands at this moment into one file. The gateway may go on running: calls
and webhooks wait for nothing. The copy is read back before it gets its name.

To restore: stop the gateway, remove the database with its -wal and -shm files, put the copy in its place, start.`,
    es: `Copia en un solo archivo la base SQLite de DATABASE_URL tal como está en este momento. El gateway puede seguir en marcha:
ni llamadas ni webhooks esperan. La copia se relee antes de recibir su nombre.

Para restaurar: detenga el gateway, quite la base con sus archivos -wal y -shm, ponga la copia en su lugar, inicie.`,
  },
  options: { to: { type: 'string' } },
  async run(line, printer, { env }) {
    const { language } = line;
    const [target, url] = [line.option('to')?.trim(), env.DATABASE_URL?.trim() || 'sqlite:./data/gateway.db'];
    if (!target) throw new UsageFault(sayBackup('no_target', language));
    if (!/^sqlite:./.test(url)) throw new UsageFault(sayBackup('postgres', language));
    const path = url.slice('sqlite:'.length);
    if (modeOf(path) === null) throw new CommandRefused(sayBackup('not_ours', language, { path }));
    try {
      const found = backUp(path, target);
      printer.document({ target, ...found });
      printer.line(sayBackup('done', language, { target, ...found }));
      return EXIT.ok;
    } catch (error) {
      throw new CommandRefused(sayBackup('failed', language, { message: error instanceof Error ? error.message : String(error) }));
    }
  },
};
