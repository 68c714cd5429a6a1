import { LEAST_CALLS, LEAST_RATE } from '#compliance/eligibility/gates/pick-up.js';
import { OVERVIEW_FIGURES, withChange } from '#compliance/reports/page/first-page.js';
import { escaped } from '#compliance/reports/page/markup.js';
import type { Voice } from '#compliance/reports/page/texts.js';
import { missedName } from '#compliance/reports/page/trend-charts.js';
import type { NumberPeriodReportView } from '#compliance/reports/periods/period-report.view.js';
import { numberHeadline } from '#compliance/reports/words/headline.js';
import { figureText, numberText } from '#compliance/reports/words/labels.js';
import { type MailParts, statusLines, type TrendRow, trendRows } from './mail-parts.js';

/**
 * Mail programs know tables, widths in pixels and inline styles, and little else: no style sheet, no SVG, no grid. Colours are written
 * out, and stand on a white ground, so that a dark mode that turns them round turns all of them.
 */
const FACE = 'Arial,Helvetica,sans-serif';
const INK = '#14211c';
const SOFT = '#5b6963';
const LINE = '#d9e0dc';
const GREEN = '#0b7a53';
const PALE = '#e4a39e';
const BAD = '#b3261e';
const WIDTH = 600;
const BAR = 200;

const TONES = { act: BAD, watch: '#9a5b00', unknown: SOFT, fine: GREEN } as const;

/** The HTML of a mail. @param sections of how many numbers there is room for; the table has all of them */
export function mailHtmlOf({ document, voice, title, headline, link, sections }: MailParts & { sections: number }): string {
  const { say, count, language } = voice;
  const { numbers } = document;
  const several = numbers.length > 1;
  const shown = numbers.slice(0, sections);
  const left = numbers.length - shown.length;
  const isSimulated = numbers.some(({ mode }) => mode === 'simulator');
  const held = [
    text(escaped(title), bold(22), '0 0 4px', 'h1'),
    text(
      escaped(several ? say('numbers_of', { count: count(numbers.length) }) : numbers.map((one) => numberText(one, voice)).join('')),
      SMALL,
      '0 0 4px',
    ),
    isSimulated ? text(escaped(say('simulator')), SMALL, '8px 12px', null, ';background-color:#eaf4ef') : '',
    text(escaped(headline), bold(17), '14px 0'),
    button(link, say('open_page')),
    several ? overview(numbers, voice) : '',
    ...shown.map((number) => section(number, several, voice)),
    left > 0 ? text(escaped(say('more_numbers', { count: count(left) })), SMALL, '0 0 4px') : '',
    text(escaped(say('target_note', { target: voice.percent(LEAST_RATE), least: count(LEAST_CALLS) })), SMALL, '16px 0 4px'),
    text(escaped(say('times_in', { zone: voice.timeZone })), SMALL, '0 0 4px'),
  ];
  return [
    `<!DOCTYPE html><html lang="${language}"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(title)}</title></head>`,
    `<body style="margin:0;padding:0;background-color:#f4f6f5"><table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f4f6f5"><tr><td align="center" style="padding:16px 8px">`,
    `<table role="presentation" width="${WIDTH}" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff" style="width:100%;max-width:${WIDTH}px;background-color:#ffffff"><tr><td style="padding:20px 20px 24px">`,
    ...held,
    '</td></tr></table></td></tr></table></body></html>',
  ].join('');
}

const TABLE = '<table role="presentation" cellpadding="0" cellspacing="0" border="0"';

const SMALL = `font:13px/19px ${FACE};color:${SOFT}`;

const bold = (size: number): string => `font:bold ${size}px/${size + 6}px ${FACE};color:${INK}`;

/** A line of text: a cell of its own, since Outlook minds the padding of cells alone. */
const text = (held: string, font: string, padding: string, tag: 'h1' | 'h2' | null = null, more = ''): string =>
  `${TABLE} width="100%"><tr><td style="${font};padding:${padding}${more}">${tag === null ? held : `<${tag} style="margin:0;${font}">${held}</${tag}>`}</td></tr></table>`;

const button = (link: string, name: string): string =>
  `${TABLE}><tr><td bgcolor="${GREEN}" style="padding:10px 18px;font:bold 15px/20px ${FACE}"><a href="${escaped(link)}" style="color:#ffffff;text-decoration:none">${escaped(name)}</a></td></tr></table>`;

/** A cell of a table of figures; what stands right is a number. */
const cell = (held: string, at: 'left' | 'right' | 'wrap' = 'left', more = ''): string =>
  `<td${AT[at]} style="font:13px/18px ${FACE};color:${INK};border-top:1px solid ${LINE}${more}">${held}</td>`;

const AT = { left: '', right: ' align="right" nowrap', wrap: ' align="right"' } as const;

/** The head of a column; `width` in pixels. */
interface Head {
  name: string;
  width?: number;
  isLeft?: boolean;
}

const headOf = ({ name, width, isLeft = false }: Head): string =>
  `<th scope="col"${isLeft ? ' align="left"' : AT.wrap}${width === undefined ? '' : ` width="${width}"`} style="font:13px/18px ${FACE};color:${SOFT}">${escaped(name)}</th>`;

const table = (title: string, heads: readonly Head[], rows: readonly string[], kind: string): string =>
  `${text(escaped(title), bold(15), '18px 0 6px')}<table class="${kind}" width="100%" cellpadding="4" cellspacing="0" border="0"><tr>${heads.map(headOf).join('')}</tr>${rows.join('')}</table>`;

function overview(numbers: readonly NumberPeriodReportView[], voice: Voice): string {
  const { say } = voice;
  const rows = numbers.slice(0, MOST_ROWS).map((number) => {
    const attention = cell(`<b style="color:${TONES[number.attention]}">${escaped(say(`attention_${number.attention}`))}</b>`, 'wrap');
    const figures = OVERVIEW_FIGURES.map((name) => cell(escaped(withChange(number, name, voice)), 'wrap'));
    return `<tr>${cell(unbroken(numberText(number, voice)))}${attention}${figures.join('')}</tr>`;
  });
  const heads = [
    { name: say('number'), isLeft: true },
    { name: say('attention') },
    ...OVERVIEW_FIGURES.map((name) => ({ name: say(name) })),
  ];
  return table(say('all_numbers'), heads, rows, 'overview');
}

/** A phone number stays on one line. */
const unbroken = (number: string): string => escaped(number).replace(/\+[\d ]+/, (phone) => phone.replaceAll(' ', '&nbsp;'));

/** The table of all numbers may need so many rows before a mail is too long. */
const MOST_ROWS = 40;

function section(number: NumberPeriodReportView, several: boolean, voice: Voice): string {
  const { say, count } = voice;
  const { every } = number.period;
  const isPartial = number.reported_days > 0 && number.reported_days < number.days;
  const head = several
    ? text(escaped(numberText(number, voice)), bold(18), '26px 0 2px', 'h2', `;border-bottom:2px solid ${LINE}`) +
      text(escaped(numberHeadline(number, voice)), `font:14px/20px ${FACE};color:${INK}`, '8px 0 0')
    : '';
  const rows = number.figures.map((figure) => {
    const { label, note, value, before, change } = figureText(figure, number, voice);
    const more = note === '' ? '' : `<br><span style="color:${SOFT};font-size:12px">${escaped(note)}</span>`;
    return `<tr>${cell(escaped(label) + more)}${cell(`<b>${escaped(value)}</b>`, 'right')}${cell(escaped(before), 'right')}${cell(escaped(change), 'right')}</tr>`;
  });
  const heads = [
    { name: say('figure'), isLeft: true },
    { name: say(`this_${every}`) },
    { name: say(`former_${every}`) },
    { name: say('change') },
  ];
  return [
    head,
    isPartial ? text(escaped(say('partial_days', { known: count(number.reported_days), days: count(number.days) })), SMALL, '0 0 4px') : '',
    table(say('figures'), heads, rows, 'figures'),
    ...(['inbound', 'outbound'] as const).map((direction) => trend(number, direction, several, voice)),
    text(escaped(say('status_title')), bold(15), '18px 0 4px'),
    text(escaped(say('status_note')), SMALL, '0 0 4px'),
    ...statusLines(number, voice).map((line) => text(escaped(line), SMALL, '0 0 4px')),
  ].join('');
}

/** Bars as cells: what was picked up, what was not, and a dark line at the target. */
function trend(number: NumberPeriodReportView, direction: 'inbound' | 'outbound', several: boolean, voice: Voice): string {
  const { say, percent } = voice;
  const rows = trendRows(number, direction, several, voice);
  if (rows.length === 0) return '';
  const heads = [
    { name: say('when'), isLeft: true },
    { name: say('picked_up'), width: 80 },
    { name: missedName(direction, voice), width: 90 },
    { name: say('rate'), width: 44 },
    { name: say('target', { target: percent(LEAST_RATE) }), width: BAR, isLeft: true },
  ];
  const written = rows.map((row) => {
    const rate = row.isLow ? `<b style="color:${BAD}">${escaped(row.rateText)}</b>` : escaped(row.rateText);
    const figures = [escaped(row.answered), escaped(row.missed), rate].map((one) => cell(one, 'right'));
    return `<tr>${cell(escaped(row.name))}${figures.join('')}${cell(bar(row))}</tr>`;
  });
  return table(say(`trend_${direction}`), heads, written, `trend ${direction}`);
}

function bar({ rate }: TrendRow): string {
  if (rate === null) return '&nbsp;';
  const [target, answered] = [Math.round(BAR * LEAST_RATE), Math.round((BAR - 2) * rate)];
  const parts: [width: number, colour: string][] =
    answered >= target
      ? [
          [target, GREEN],
          [2, INK],
          [answered - target, GREEN],
          [BAR - 2 - answered, PALE],
        ]
      : [
          [answered, GREEN],
          [target - answered, PALE],
          [2, INK],
          [BAR - 2 - target, PALE],
        ];
  const cells = parts
    .filter(([width]) => width > 0)
    .map(([width, colour]) => `<td width="${width}" height="12" bgcolor="${colour}" style="font-size:1px">&nbsp;</td>`);
  return `${TABLE} width="${BAR}"><tr>${cells.join('')}</tr></table>`;
}
