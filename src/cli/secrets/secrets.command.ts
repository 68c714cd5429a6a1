import { randomBytes } from 'node:crypto';
import { type CommandLine, UsageFault } from '#cli/terminal/command-line.js';
import { EXIT } from '#cli/terminal/exit.js';
import { openOwnDatabase } from '#cli/terminal/own-database.js';
import type { Printer } from '#cli/terminal/printer.js';
import { type Command, CommandRefused } from '#cli/terminal/run.js';
import { Environment } from '#config/environment.js';
import { readSecretsKeys } from '#config/read-secrets-keys.js';
import { isKeyId, SEALING_KEY_BYTES, SealingKey, type SealingKeys } from '#kernel/sealed.js';
import { SealedValuesService, type UnopenedValue } from '#secrets/sealed-values.service.js';
import type { Store } from '#store/store.js';
import { saySecrets } from './texts.js';

/** The seals of the secrets in the database, and the keys that they need. */
export const secretsCommand: Command = {
  usage: 'npm run secrets -- new | status | seal | rotate | discard KEYID   [--json] [--lang en|es]',
  help: {
    en: `Seals the secrets in the database of DATABASE_URL with SECRETS_KEY; the gateway may go on running. No secret is shown.

  new             prints a fresh key and its id, and does nothing else
  status          says how many secrets are sealed, with which key, and how many stand in plain text
  seal            on Postgres: seals what stands in plain text, now and from now on. Before, every replica must run this release and have
                  SECRETS_KEY; an older release does not start on the database any more. On SQLite the gateway does so when it starts
  rotate          seals everything anew with the first key of SECRETS_KEY. It can be cut off and run again
  discard KEYID   forgets what is sealed with a key that is lost, so that the gateway starts again; new secrets must be made

To change the key: SECRETS_KEY=NEW,OLD on every replica, then rotate, then SECRETS_KEY=NEW (docs/operations/secrets.md).`,
    es: `Sella los secretos de la base de DATABASE_URL con SECRETS_KEY; el gateway puede seguir en marcha. No se muestra ningún secreto.

  new             imprime una clave nueva y su id, y no hace nada más
  status          dice cuántos secretos están sellados, con qué clave, y cuántos están en texto claro
  seal            en Postgres: sella lo que está en texto claro, ahora y en adelante. Antes, todas las réplicas deben ser de esta versión y
                  tener SECRETS_KEY; una versión anterior ya no arranca sobre la base. En SQLite el gateway lo hace al iniciar
  rotate          sella todo de nuevo con la primera clave de SECRETS_KEY. Puede interrumpirse y repetirse
  discard KEYID   olvida lo sellado con una clave perdida, para que el gateway vuelva a iniciar; habrá que crear secretos nuevos

Para cambiar la clave: SECRETS_KEY=NUEVA,VIEJA en cada réplica, luego rotate, luego SECRETS_KEY=NUEVA (docs/operations/secrets.md).`,
  },
  options: {},
  async run(line, printer, { env }) {
    const [verb = 'status', keyId, ...more] = line.words;
    const isKnown = verb === 'discard' ? /^[0-9a-f]{8}$/.test(keyId ?? '') : ['new', 'status', 'seal', 'rotate'].includes(verb) && !keyId;
    if (!isKnown || more.length > 0) throw new UsageFault(saySecrets('what', line.language));
    if (verb === 'new') return printNew(printer);
    const keys = keysOf(line, printer, env);
    if (keys === null) return EXIT.misconfigured;
    if (keys.sealingId === null && (verb === 'seal' || verb === 'rotate')) throw new CommandRefused(saySecrets('no_key', line.language));
    const store = await openOwnDatabase(line, env.DATABASE_URL);
    const work = { status, seal, rotate, discard: discard(keyId ?? '') }[verb as 'status'];
    return work({ store, keys, values: new SealedValuesService(store, keys) }, printer).finally(() => store.close());
  },
};

interface Tools {
  store: Store;
  keys: SealingKeys;
  values: SealedValuesService;
}
type Work = (tools: Tools, printer: Printer) => Promise<number>;

/** @returns null when the variable has a fault, which is printed */
function keysOf({ language }: CommandLine, printer: Printer, env: Readonly<Record<string, string | undefined>>): SealingKeys | null {
  const environment = new Environment(env);
  const keys = readSecretsKeys(environment);
  for (const fault of environment.faults) printer.fault(`${fault.name} ${fault[language]}`);
  return environment.faults.length > 0 ? null : keys;
}

function printNew(printer: Printer): number {
  const bytes = randomBytes(SEALING_KEY_BYTES);
  const [key, { id }] = [bytes.toString('base64'), new SealingKey(bytes)];
  printer.document({ key, id });
  printer.progress(saySecrets('new', printer.language, { id }));
  printer.line(key);
  return EXIT.ok;
}

const status: Work = async ({ keys, values }, printer) => {
  const { language } = printer;
  const [columns, isSealing] = [await values.status(), await values.isSealing()];
  printer.document({ keys: keys.ids, sealing: isSealing, columns });
  const [first, ...others] = keys.ids;
  printer.line(first ? saySecrets('keys', language, { first, others: others.join(', ') || '–' }) : saySecrets('no_keys', language));
  for (const { table, column, sealed, plain } of columns) {
    for (const [id, count] of Object.entries(sealed)) {
      printer.line(saySecrets(wordFor(id, keys), language, { where: `${table}.${column}`, id, count }));
    }
    if (plain > 0) printer.line(saySecrets('plain', language, { where: `${table}.${column}`, count: plain }));
  }
  if (columns.every(({ sealed, plain }) => Object.keys(sealed).length === 0 && plain === 0)) printer.line(saySecrets('none', language));
  const missing = columns.some(({ sealed }) => Object.keys(sealed).some((id) => wordFor(id, keys) !== 'sealed'));
  return missing ? EXIT.refused : EXIT.ok;
};

const wordFor = (id: string, keys: SealingKeys) => {
  if (!isKeyId(id)) return 'sealed_broken';
  return keys.ids.includes(id) ? 'sealed' : 'sealed_missing';
};

const seal: Work = async ({ store, values }, printer) => {
  if (store.engine === 'sqlite') throw new CommandRefused(saySecrets('at_start', printer.language));
  await values.beginSealing();
  const sealed = await values.sealPlain(progressOf(printer));
  printer.document({ sealed });
  printer.line(saySecrets('done_seal', printer.language, { count: sealed }));
  return EXIT.ok;
};

const rotate: Work = async ({ keys, values }, printer) => {
  const { resealed, unopened } = await values.rotate(progressOf(printer));
  const sealed = (await values.isSealing()) ? await values.sealPlain(progressOf(printer)) : 0;
  printer.document({ key: keys.sealingId, resealed, sealed, unopened: unopened.map(toDocument) });
  printer.line(saySecrets('done_rotate', printer.language, { id: keys.sealingId ?? '', count: resealed + sealed }));
  for (const { table, column, id, missingKey } of unopened) {
    const where = `${table}.${column} ${id}`;
    printer.fault(saySecrets(missingKey === null ? 'broken' : 'missing', printer.language, { where, key: missingKey ?? '' }));
  }
  return unopened.length > 0 ? EXIT.refused : EXIT.ok;
};

const toDocument = ({ table, column, id, missingKey }: UnopenedValue) => ({ table, column, id, missing_key: missingKey });

const discard =
  (keyId: string): Work =>
  async ({ keys, values }, printer) => {
    if (keys.ids.includes(keyId)) throw new CommandRefused(saySecrets('at_hand', printer.language, { id: keyId }));
    const discarded = await values.discard(keyId);
    printer.document({ key: keyId, discarded });
    printer.line(saySecrets('done_discard', printer.language, { id: keyId, count: discarded }));
    return EXIT.ok;
  };

const progressOf =
  (printer: Printer) =>
  (where: string, count: number): void =>
    printer.progress(saySecrets('progress', printer.language, { where, count }));
