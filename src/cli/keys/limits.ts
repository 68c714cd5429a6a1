import { type CommandLine, UsageFault } from '#cli/terminal/command-line.js';
import { type JsonRecord, number, record, text } from '#kernel/read.js';
import type { GivenLimits } from './presets.js';
import { sayKeys } from './texts.js';

const HOURS = /^((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d)$/;

/** The options that `givenLimits` reads. */
export const LIMIT_OPTIONS = ['dials-per-day', 'asks-per-day', 'quiet-hours'] as const;

/** The limits that the options name; `start` has those that they leave as they are. Null when there is none. @throws UsageFault */
export function givenLimits(line: CommandLine, start: GivenLimits | null): GivenLimits | null {
  const [dials, asks, hours] = [countOf(line, 'dials-per-day'), countOf(line, 'asks-per-day'), hoursOf(line)];
  const limits = {
    ...start,
    ...(dials === undefined ? {} : { dials_per_day: dials }),
    ...(asks === undefined ? {} : { asks_per_day: asks }),
    ...(hours === undefined ? {} : { quiet_hours: hours }),
  };
  return Object.keys(limits).length === 0 ? null : limits;
}

function countOf(line: CommandLine, option: (typeof LIMIT_OPTIONS)[number]): number | undefined {
  const written = line.option(option);
  if (written === undefined) return undefined;
  if (!/^\d{1,7}$/.test(written)) throw new UsageFault(sayKeys('wrong_count', line.language, { option }));
  return Number(written);
}

function hoursOf(line: CommandLine): GivenLimits['quiet_hours'] | undefined {
  const written = line.option('quiet-hours');
  if (written === undefined) return undefined;
  const [, from, until] = HOURS.exec(written) ?? [];
  if (from === undefined || until === undefined || from === until) throw new UsageFault(sayKeys('wrong_hours', line.language));
  return { from, until };
}

/** The limits of a key in a few words; empty without any. */
export function shownLimits({ limits }: JsonRecord, language: CommandLine['language']): string {
  const given = record(limits);
  const quiet = record(given?.quiet_hours);
  const [dials, asks] = [number(given?.dials_per_day), number(given?.asks_per_day)];
  return [
    dials === undefined ? [] : sayKeys('dials', language, { count: String(dials) }),
    asks === undefined ? [] : sayKeys('asks', language, { count: String(asks) }),
    quiet ? sayKeys('quiet', language, { hours: `${text(quiet.from)}-${text(quiet.until)} ${text(quiet.time_zone) ?? ''}`.trim() }) : [],
  ]
    .flat()
    .join(', ');
}
