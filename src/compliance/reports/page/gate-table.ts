import type { ReportView } from '#compliance/reports/report.view.js';
import type { ReportGateView } from '#compliance/reports/status/report-status.view.js';
import { entryOf, fill } from '#error-catalogue/lookup.js';
import { escaped, htmlText, table } from './markup.js';
import type { TextKey, Voice } from './texts.js';

const VERDICTS: Readonly<Record<ReportGateView['verdict'], { tone: string; key: TextKey }>> = {
  pass: { tone: 'good', key: 'pass' },
  fail: { tone: 'bad', key: 'fail' },
  warning: { tone: 'warn', key: 'warning' },
  unknown: { tone: 'none', key: 'unknown' },
};

/** Gates whose values are words that people say otherwise. */
const SPOKEN = ['calling_enabled', 'sip_disabled', 'coexistence', 'payment'];

type Field = 'value' | 'required';

/** All gates for both directions, with what to do about those that do not pass. */
export function gateTable({ standing }: ReportView, voice: Voice): string {
  const { say, word } = voice;
  const names = [...new Set(standing.gates.map(({ name }) => name))];
  const rows = names.map((name) => {
    const [outbound, inbound] = (['outbound', 'inbound'] as const).map((direction) =>
      standing.gates.find((gate) => gate.name === name && gate.direction === direction),
    );
    const both = [outbound, inbound].filter((gate) => gate !== undefined);
    return [
      escaped(word(name)),
      tag(outbound, voice),
      tag(inbound, voice),
      valuesOf(both, 'value', voice),
      valuesOf(both, 'required', voice),
      remedies(both, voice),
    ];
  });
  const heads = [say('gate'), say('outbound'), say('inbound'), say('found'), say('needed'), say('remedy')];
  return `<section class="box">${table(say('gates'), heads, rows, 'stack gates')}</section>`;
}

function tag(gate: ReportGateView | undefined, { say }: Voice): string {
  if (!gate) return htmlText(null);
  const { tone, key } = VERDICTS[gate.verdict];
  return `<span class="tag ${tone}">${escaped(say(key).toLowerCase())}</span>`;
}

/** One value where both directions have the same, else that of outbound before that of inbound. */
function valuesOf(both: readonly ReportGateView[], field: Field, voice: Voice): string {
  const shown = [...new Set(both.map((gate) => shownValue(gate, field, voice)))];
  return shown.length === 1 && shown[0] === null ? htmlText(null) : escaped(shown.map((one) => one ?? '—').join(' / '));
}

function shownValue(gate: ReportGateView, field: Field, { count, say, tier, word }: Voice): string | null {
  const value = gate[field];
  if (value === null) return null;
  if (gate.name === 'pick_up_rate' && typeof value === 'number')
    return `${field === 'required' ? '≥ ' : ''}${count(Math.round(value * 100))} %`;
  if (gate.name === 'country' && field === 'required') return String(value).replace(/^not /, `${say('none_of')} `);
  if (typeof value === 'number') return count(value);
  if (gate.name === 'messaging_limit') return tier(value);
  return SPOKEN.includes(gate.name) ? word(value) : value;
}

function remedies(both: readonly ReportGateView[], { language }: Voice): string {
  const codes = [...new Set(both.map(({ code }) => code))];
  return codes
    .flatMap((code) => (code === null ? [] : (entryOf(code) ?? [])))
    .map((entry) => escaped(fill(entry[language].remedy)))
    .join(' ');
}
