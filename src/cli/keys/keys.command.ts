import { ALL_SCOPES, isScope, type Scope } from '#access/authorization/scope.js';
import { type CommandLine, GATEWAY_OPTIONS, isNumberId, numberNamed, textOptions, UsageFault } from '#cli/terminal/command-line.js';
import { EXIT } from '#cli/terminal/exit.js';
import { type GatewayClient, gatewayWithKey } from '#cli/terminal/gateway.client.js';
import type { Printer } from '#cli/terminal/printer.js';
import { printRefusal } from '#cli/terminal/problem.js';
import type { Command } from '#cli/terminal/run.js';
import { say } from '#cli/terminal/texts.js';
import { type JsonRecord, list, number, records, text } from '#kernel/read.js';
import { givenLimits, LIMIT_OPTIONS, shownLimits } from './limits.js';
import { type GivenLimits, KEY_PRESETS, type KeyPreset } from './presets.js';
import { sayKeys } from './texts.js';

/** API keys of a running gateway: list, make, limit, suspend and take back. */
export const keysCommand: Command = {
  usage:
    'npm run keys -- list [--number ID] | create --name NAME --scopes A,B | --preset bot|agent [--number ID,… | --all-numbers] [LIMITS] | limit ID [LIMITS] | suspend ID | resume ID | delete ID   [--url URL] [--key KEY] [--json] [--lang en|es]',
  help: {
    en: `Lists, makes, limits, suspends and deletes API keys of a running gateway; the key in use needs the scope keys:admin.

  npm run keys -- list
  npm run keys -- create --name crm --scopes calls:dial,calls:read
  npm run keys -- create --name owner --all-scopes
  npm run keys -- create --name sales --scopes calls:dial --number 300000000000002
  npm run keys -- create --name dialler --preset bot --dials-per-day 500
  npm run keys -- limit key_01J… --dials-per-day 20 --asks-per-day 5 --quiet-hours 21:00-08:00
  npm run keys -- suspend key_01J…
  npm run keys -- resume key_01J…
  npm run keys -- delete key_01J…

--preset bot is for a program that dials by itself: 200 dials and 50 permission requests a day, none from 21:00 to 08:00; agent is for a
person with a softphone, without limits. LIMITS are --dials-per-day, --asks-per-day and --quiet-hours, in COMPLIANCE_TIME_ZONE; limit
sets exactly these, and without any it takes all limits away.
Where the gateway has several numbers, create needs --number, with one phone_number_id or more, or --all-numbers, later ones
too; list --number shows the keys that reach a number.
The gateway is found by --url, GATEWAY_URL or HOST and PORT; the key by --key, GATEWAY_API_KEY or API_KEY.`,
    es: `Lista, crea, limita, suspende y elimina claves de API de un gateway en marcha; la clave en uso necesita el alcance keys:admin.

  npm run keys -- list
  npm run keys -- create --name crm --scopes calls:dial,calls:read
  npm run keys -- create --name owner --all-scopes
  npm run keys -- create --name ventas --scopes calls:dial --number 300000000000002
  npm run keys -- create --name marcador --preset bot --dials-per-day 500
  npm run keys -- limit key_01J… --dials-per-day 20 --asks-per-day 5 --quiet-hours 21:00-08:00
  npm run keys -- suspend key_01J…
  npm run keys -- resume key_01J…
  npm run keys -- delete key_01J…

--preset bot es para un programa que marca solo: 200 llamadas y 50 solicitudes de permiso al día, ninguna de 21:00 a 08:00; agent es para
una persona con softphone, sin límites. LIMITS son --dials-per-day, --asks-per-day y --quiet-hours, en COMPLIANCE_TIME_ZONE; limit
pone exactamente esos y, sin ninguno, quita todos los límites.
Si el gateway tiene varios números, create necesita --number, con uno o más phone_number_id, o --all-numbers, incluidos los
futuros; list --number muestra las claves que alcanzan un número.
El gateway se encuentra con --url, GATEWAY_URL o HOST y PORT; la clave, con --key, GATEWAY_API_KEY o API_KEY.`,
  },
  options: {
    ...{ ...GATEWAY_OPTIONS, name: { type: 'string' }, scopes: { type: 'string' } },
    ...textOptions('preset', ...LIMIT_OPTIONS),
    ...{ 'all-scopes': { type: 'boolean' }, 'all-numbers': { type: 'boolean' } },
  },
  async run(line, printer, { env }) {
    const work = workOf(line);
    // Here --number is what a key reaches, and may name several.
    const withoutNumber = { ...line, option: (name: string) => (name === 'number' ? undefined : line.option(name)) };
    return work(gatewayWithKey(withoutNumber, env), printer);
  },
};

type Work = (gateway: GatewayClient, printer: Printer) => Promise<number>;

/** What is asked for, checked whole before anything is sent. @throws UsageFault */
function workOf(line: CommandLine): Work {
  const [verb = 'list', id, ...more] = line.words;
  if (verb === 'list' && id === undefined) return listKeys(numberNamed(line));
  if (verb === 'create' && id === undefined) return createAsAsked(line);
  if (id !== undefined && more.length === 0) {
    if (verb === 'delete') return remove(id);
    if (verb === 'limit') return limit(id, givenLimits(line, null));
    if (verb === 'suspend' || verb === 'resume') return suspend(id, verb === 'suspend');
  }
  throw new UsageFault(sayKeys('what', line.language));
}

function createAsAsked(line: CommandLine): Work {
  const preset = presetOf(line);
  const scopes = preset && line.option('scopes') === undefined && !line.flag('all-scopes') ? preset.scopes : scopesOf(line);
  return create(nameOf(line), scopes, numbersOf(line), givenLimits(line, preset?.limits ?? null));
}

/** @throws UsageFault for an unknown one */
function presetOf(line: CommandLine): KeyPreset | null {
  const written = line.option('preset');
  if (written === undefined) return null;
  if (written !== 'bot' && written !== 'agent') throw new UsageFault(sayKeys('wrong_preset', line.language));
  return KEY_PRESETS[written];
}

function nameOf(line: CommandLine): string {
  const name = line.option('name')?.trim();
  if (!name) throw new UsageFault(say('missing_option', line.language, { option: 'name' }));
  return name;
}

function scopesOf(line: CommandLine): readonly Scope[] {
  if (line.flag('all-scopes')) return ALL_SCOPES;
  const written = (line.option('scopes') ?? '').split(',').flatMap((scope) => scope.trim() || []);
  const scopes = ALL_SCOPES.join(', ');
  if (written.length === 0) throw new UsageFault(sayKeys('which_scopes', line.language, { scopes }));
  const wrong = written.find((scope) => !isScope(scope));
  if (wrong !== undefined) throw new UsageFault(sayKeys('wrong_scope', line.language, { scope: wrong, scopes }));
  return [...new Set(written.filter(isScope))];
}

/** The numbers of a key as it is made: null for all, undefined to leave them out. @throws UsageFault */
function numbersOf(line: CommandLine): readonly string[] | null | undefined {
  const written = line.option('number');
  if (line.flag('all-numbers')) {
    if (written !== undefined) throw new UsageFault(sayKeys('which_numbers', line.language));
    return null;
  }
  if (written === undefined) return undefined;
  const ids = written.split(',').map((id) => id.trim());
  const wrong = ids.find((id) => !isNumberId(id));
  if (wrong !== undefined) throw new UsageFault(say('wrong_number_id', line.language, { value: wrong }));
  return [...new Set(ids)];
}

const listKeys =
  (phoneNumberId: string | null): Work =>
  async (gateway, printer) => {
    const keys: JsonRecord[] = [];
    let cursor: string | undefined = '';
    while (cursor !== undefined) {
      const page = await gateway.get(`/api/keys?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      if (page.status !== 200) return printRefusal(printer, page);
      keys.push(...records(page.body.data).filter(({ numbers }) => reaches(numbers, phoneNumberId)));
      cursor = text(page.body.next_cursor);
    }
    printer.document(keys);
    for (const key of keys) printKey(printer, key);
    return EXIT.ok;
  };

const create =
  (name: string, scopes: readonly Scope[], numbers: readonly string[] | null | undefined, limits: GivenLimits | null): Work =>
  async (gateway, printer) => {
    const answer = await gateway.post('/api/keys', {
      name,
      scopes,
      ...(numbers !== undefined && { numbers }),
      ...(limits && { limits }),
    });
    if (answer.status !== 201) return printRefusal(printer, answer);
    printer.document(answer.body);
    printer.line(sayKeys('made', printer.language, { id: text(answer.body.id) ?? '' }));
    printer.line(text(answer.body.key));
    return EXIT.ok;
  };

const limit =
  (id: string, limits: GivenLimits | null): Work =>
  async (gateway, printer) => {
    const answer = await gateway.patch(`/api/keys/${encodeURIComponent(id)}`, { limits });
    if (answer.status !== 200) return printRefusal(printer, answer);
    printer.document(answer.body);
    const shown = shownLimits(answer.body, printer.language);
    printer.line(shown ? sayKeys('limited', printer.language, { id, limits: shown }) : sayKeys('unlimited', printer.language, { id }));
    return EXIT.ok;
  };

const suspend =
  (id: string, suspended: boolean): Work =>
  async (gateway, printer) => {
    const answer = await gateway.patch(`/api/keys/${encodeURIComponent(id)}`, { suspended });
    if (answer.status !== 200) return printRefusal(printer, answer);
    printer.document(answer.body);
    printer.line(sayKeys(suspended ? 'suspended' : 'resumed', printer.language, { id }));
    return EXIT.ok;
  };

const remove =
  (id: string): Work =>
  async (gateway, printer) => {
    const answer = await gateway.delete(`/api/keys/${encodeURIComponent(id)}`);
    if (answer.status !== 200) return printRefusal(printer, answer);
    const paused = number(answer.body.subscriptions_paused) ?? 0;
    printer.document({ id, deleted: true, subscriptions_paused: paused });
    printer.line(sayKeys('deleted', printer.language, { id }));
    if (paused > 0) printer.line(sayKeys('paused', printer.language, { count: String(paused) }));
    return EXIT.ok;
  };

/** Whether a key that is limited to these numbers reaches a number; one without a list reaches all. */
const reaches = (numbers: unknown, phoneNumberId: string | null): boolean =>
  phoneNumberId === null || !Array.isArray(numbers) || numbers.includes(phoneNumberId);

function printKey(printer: Printer, key: JsonRecord): void {
  const at = text(key.last_used_at);
  const used = at === undefined ? sayKeys('never_used', printer.language) : sayKeys('used', printer.language, { at });
  const scopes = list(key.scopes).flatMap((scope) => text(scope) ?? []);
  const shown = scopes.length === ALL_SCOPES.length ? '*' : scopes.join(' ');
  const numbers = Array.isArray(key.numbers) ? `  (${list(key.numbers).join(' ')})` : '';
  const limits = shownLimits(key, printer.language);
  const notes = [limits, key.suspended === true ? sayKeys('is_suspended', printer.language) : '']
    .filter(Boolean)
    .map((note) => `  ${note}`);
  printer.line(`${text(key.id) ?? '?'}  ${text(key.name) ?? '?'}  [${shown}]${numbers}${notes.join('')}  ${used}`);
}
