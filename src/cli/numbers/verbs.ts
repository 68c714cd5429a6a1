import { type CommandLine, isNumberId, UsageFault } from '#cli/terminal/command-line.js';
import { EXIT } from '#cli/terminal/exit.js';
import type { GatewayAnswer, GatewayClient } from '#cli/terminal/gateway.client.js';
import type { Printer } from '#cli/terminal/printer.js';
import { printRefusal } from '#cli/terminal/problem.js';
import { CommandRefused } from '#cli/terminal/run.js';
import type { Surroundings } from '#cli/terminal/surroundings.js';
import { say } from '#cli/terminal/texts.js';
import { type JsonRecord, record, records, text } from '#kernel/read.js';
import { confirm } from './confirm.js';
import { givenKey } from './given-key.js';
import { printAdded, printTable, printWebhook } from './print.js';
import { sayNumbers } from './texts.js';

/** What a verb does, once its arguments are right. */
type Work = (gateway: GatewayClient, printer: Printer, surroundings: Surroundings) => Promise<number>;

/** What is asked for of a running gateway, checked whole before anything is sent; null for a verb that is none. @throws UsageFault */
export function workOf(line: CommandLine): Work | null {
  const [verb = 'list', ...words] = line.words;
  const make = VERBS[verb];
  return make ? make(line, words) : null;
}

const VERBS: Readonly<Record<string, (line: CommandLine, words: readonly string[]) => Work>> = {
  list: (line, words) => {
    none(line, words);
    return listNumbers(line.flag('unhealthy'));
  },
  add: (line, words) => {
    // A word may be a key that was meant for stdin, so it is not repeated.
    if (words.length > 0) throw new UsageFault(sayNumbers('key_in_arguments', line.language));
    return add({ ...namesIn(line), ...registrationIn(line) });
  },
  pause: (line, words) => change(numberIn(line, words), { state: 'paused' }, 'paused'),
  resume: (line, words) => change(numberIn(line, words), { state: 'active' }, 'resumed'),
  'new-key': (line, words) => newKey(numberIn(line, words)),
  webhook: (line, words) => webhook(numberIn(line, words), { ...replacesIn(line), dry_run: line.flag('dry-run') }),
  'rotate-token': (line, words) => rotate(numberIn(line, words)),
  remove: (line, words) => remove(numberIn(line, words), line.flag('erase'), line.flag('yes')),
  channels: (line, words) => {
    none(line, words);
    return channels;
  },
  adopt: (line, words) => {
    const [channel, ...more] = words;
    if (channel === undefined || more.length > 0) throw new UsageFault(sayNumbers('which_channel', line.language));
    return adopt(channel, registrationIn(line), line.flag('revoke-existing-keys'));
  },
};

function none(line: CommandLine, words: readonly string[]): void {
  if (words.length > 0) throw new UsageFault(sayNumbers('what', line.language));
}

function numberIn({ language }: CommandLine, [id, ...more]: readonly string[]): string {
  if (id === undefined || more.length > 0 || !isNumberId(id)) throw new UsageFault(sayNumbers('which', language));
  return id;
}

const given = (line: CommandLine, ...names: string[]): JsonRecord =>
  Object.fromEntries(names.flatMap((name) => (line.option(name) === undefined ? [] : [[name, line.option(name)]])));

const namesIn = (line: CommandLine): JsonRecord => given(line, 'name', 'reference');
const replacesIn = (line: CommandLine): JsonRecord => given(line, 'replaces');

/** @throws UsageFault */
function registrationIn(line: CommandLine): JsonRecord {
  const how = line.option('webhook');
  if (how !== undefined && how !== 'show' && how !== 'register') throw new UsageFault(sayNumbers('which_webhook', line.language));
  return given(line, 'webhook', 'replaces');
}

const pathOf = (id: string, more = ''): string => `/api/numbers/${id}${more}`;

/** Prints what a change answered. */
function printed(printer: Printer, answer: GatewayAnswer, told: () => void): number {
  if (answer.status >= 300) return printRefusal(printer, answer);
  printer.document(answer.body);
  told();
  return EXIT.ok;
}

/** Every page of a list. @returns the answer that is none */
async function allOf(gateway: GatewayClient, path: string): Promise<JsonRecord[] | GatewayAnswer> {
  const all: JsonRecord[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const page = await gateway.get(`${path}limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    if (page.status !== 200) return page;
    all.push(...records(page.body.data));
    cursor = text(page.body.next_cursor);
  }
  return all;
}

const listNumbers =
  (isUnhealthy: boolean): Work =>
  async (gateway, printer) => {
    const numbers = await allOf(gateway, `/api/numbers?${isUnhealthy ? 'unhealthy=true&' : ''}`);
    if (!Array.isArray(numbers)) return printRefusal(printer, numbers);
    printer.document(numbers);
    if (numbers.length === 0) printer.line(sayNumbers(isUnhealthy ? 'none_unhealthy' : 'none', printer.language));
    else printTable(printer, numbers);
    return EXIT.ok;
  };

const add =
  (wanted: JsonRecord): Work =>
  async (gateway, printer, surroundings) => {
    const answer = await gateway.post('/api/numbers', { ...wanted, api_key: await givenKey(surroundings, printer) });
    return printed(printer, answer, () => printAdded(printer, answer.body));
  };

const change =
  (id: string, wanted: JsonRecord, told: 'paused' | 'resumed' | 'key_taken'): Work =>
  async (gateway, printer) => {
    const answer = await gateway.patch(pathOf(id), wanted);
    return printed(printer, answer, () => printer.line(sayNumbers(told, printer.language, { id })));
  };

const newKey =
  (id: string): Work =>
  async (gateway, printer, surroundings) =>
    change(id, { api_key: await givenKey(surroundings, printer) }, 'key_taken')(gateway, printer, surroundings);

const webhook =
  (id: string, wanted: JsonRecord): Work =>
  async (gateway, printer) => {
    const answer = await gateway.post(pathOf(id, '/webhook'), wanted);
    return printed(printer, answer, () => {
      const { language } = printer;
      const [url, replaced] = [text(record(answer.body.registered)?.url), text(record(answer.body.replaced)?.url)];
      printer.line(sayNumbers(answer.body.matches === true ? 'registered' : 'elsewhere', language, { url: url ?? '–' }));
      if (replaced !== undefined)
        printer.line(sayNumbers(answer.body.changed === true ? 'replaced' : 'would_replace', language, { url: replaced }));
    });
  };

const rotate =
  (id: string): Work =>
  async (gateway, printer) => {
    const answer = await gateway.post(pathOf(id, '/rotate-webhook-token'), {});
    return printed(printer, answer, () => {
      const register = record(answer.body.register);
      printer.line(sayNumbers(register ? 'rotated' : 'rotated_registered', printer.language));
      printWebhook(printer, register);
    });
  };

const remove =
  (id: string, erases: boolean, isConfirmed: boolean): Work =>
  async (gateway, printer) => {
    if (!isConfirmed) await confirm(sayNumbers(erases ? 'ask_erase' : 'ask_remove', printer.language, { id }), printer);
    const answer = await gateway.delete(pathOf(id, erases ? '?erase=true' : ''));
    return printed(printer, answer, () => printer.line(sayNumbers('removing', printer.language, { id })));
  };

const channels: Work = async (gateway, printer) => {
  const found = await allOf(gateway, '/api/partner/channels?');
  if (!Array.isArray(found)) return printRefusal(printer, found);
  printer.document(found);
  if (found.length === 0) printer.line(sayNumbers('no_channels', printer.language));
  for (const channel of found) {
    const number = text(channel.phone_number_id);
    const ours = sayNumbers(number === undefined ? 'not_ours' : 'ours', printer.language, { id: number ?? '' });
    const words = [channel.id, channel.display_phone_number, channel.name, channel.status].flatMap((word) => text(word) ?? []);
    printer.line([...words, ours].join('  '));
  }
  return EXIT.ok;
};

/** A new key revokes every earlier one of the channel, so it is made only when that was said. */
const adopt =
  (channel: string, registration: JsonRecord, isSaid: boolean): Work =>
  async (gateway, printer) => {
    if (!isSaid) throw new CommandRefused(sayNumbers('would_revoke', printer.language, { channel }));
    const path = `/api/partner/channels/${encodeURIComponent(channel)}/adopt`;
    const answer = await gateway.post(path, { revoke_existing_keys: true, ...registration });
    return printed(printer, answer, () => printAdded(printer, answer.body));
  };

/** The words of a verb that is none. */
export const unknownVerb = ({ language }: CommandLine): UsageFault =>
  new UsageFault(`${sayNumbers('what', language)} ${say('see_help', language)}`);
