import { describe, expect, it } from '@jest/globals';
import { below, type Element, readHtml, rowsOf, textOf, withClass } from '#compliance/reports/page/html.fixture.js';
import { pageOf } from '#compliance/reports/page/page.js';
import { periodCsvOf } from '#compliance/reports/periods/period-csv.js';
import { MEXICO, periodDocument } from '#compliance/reports/periods/period-report.fixture.js';
import type { PeriodFigureView, PeriodReportsView, TrendSpanView } from '#compliance/reports/periods/period-report.view.js';
import type { Every } from '#compliance/reports/periods/span.js';
import { report } from '#compliance/reports/report.fixture.js';
import type { ReportView } from '#compliance/reports/report.view.js';
import { allEntries } from '#error-catalogue/lookup.js';
import { type Mail, mailOf } from './report-mail.js';

const OPTIONS = { language: 'en', timeZone: 'America/Mexico_City', publicUrl: 'https://calls.example.com' } as const;
const MADRID = { phone_number_id: '300000000000002', display_phone_number: '34911234567', name: 'Madrid <b>&' };
const UNNAMED = { phone_number_id: '300000000000003', display_phone_number: null, name: null };

const possible: Partial<ReportView> = {
  standing: { ...report().standing, outbound: 'available', inbound: 'available', gates: [] },
};
const busy = (date: string): Partial<ReportView> => {
  const many = 1_000 + Number(date.slice(8)) * 137;
  const calls = {
    outbound: { total: many + 90, answered: many, unanswered: 41 },
    inbound: { total: many, answered: 300, missed: many - 300 },
  };
  return {
    ...possible,
    figures: { conversations: [{ source: 'webhooks', time_zone: 'UTC', business_initiated: many, total: null }], calls },
  };
};
const off = (date: string): Partial<ReportView> => ({
  standing: {
    ...report().standing,
    outbound: date >= '2026-11-22' ? 'blocked' : 'available',
    inbound: 'available',
    gates:
      date >= '2026-11-22'
        ? [
            {
              direction: 'outbound',
              name: 'calling_enabled',
              verdict: 'fail',
              value: 'DISABLED',
              required: 'ENABLED',
              source: 'settings',
              observed_at: '2026-11-22T09:03:00.000Z',
              code: 'calling_disabled',
            },
          ]
        : [],
  },
});
const several = (every: Every): PeriodReportsView =>
  periodDocument(
    { every, date: '2026-11-22', number: MADRID, over: busy },
    { every, date: '2026-11-22', over: off },
    { every, date: '2026-11-22', number: UNNAMED, over: (date) => (date < '2026-11-19' ? null : possible) },
  );

/** A value as the language writes it, made here anew. */
function shown({ name }: Pick<PeriodFigureView, 'name'>, value: number | null, locale: string): string {
  if (value === null) return '—';
  return name.startsWith('rate.') ? `${Math.round(value * 100)}%` : value.toLocaleString(locale);
}
function shownChange(figure: PeriodFigureView, language: 'en' | 'es'): string {
  const { change, name } = figure;
  if (change === null) return '—';
  if (change === 0) return language === 'es' ? 'igual' : 'same';
  const amount = name.startsWith('rate.') ? Math.round(Math.abs(change) * 100) : Math.abs(change);
  const signed = `${change > 0 ? '+' : '−'}${amount.toLocaleString(language === 'es' ? 'es-MX' : 'en-US')}`;
  return name.startsWith('rate.') ? `${signed} ${language === 'es' ? 'puntos' : 'points'}` : signed;
}

const tables = (root: Element, kind: string) => withClass(root, kind).filter(({ name }) => name === 'table');

describe.each(['day', 'week', 'month'] as const)('a report of several numbers about a %s', (every) => {
  describe.each([
    ['en', 'en-US'],
    ['es', 'es-MX'],
  ] as const)('in %s', (language, locale) => {
    const document = several(every);
    const mail = mailOf(document, { ...OPTIONS, language });
    const html = readHtml(mail.html);
    const page = readHtml(pageOf(document, language, OPTIONS.timeZone));

    it('has the same figures as JSON, CSV, page, mail and text', () => {
      const csv = periodCsvOf(document)
        .split('\r\n')
        .map((line) => line.split(','));
      const lines = mail.text.split('\n');
      const [inMail, onPage] = [tables(html, 'figures'), tables(page, 'figures')];
      expect([inMail.length, onPage.length]).toEqual([3, 3]);
      let [walked, line] = [0, 0];
      for (const [index, number] of document.numbers.entries()) {
        const [mailRows, pageRows] = [rowsOf(inMail[index] as Element), rowsOf(onPage[index] as Element)];
        expect([mailRows.length, pageRows.length]).toEqual([number.figures.length, number.figures.length]);
        for (const [row, figure] of number.figures.entries()) {
          const { name, value, before, change } = figure;
          const cells = [shown(figure, value, locale), shown(figure, before, locale), shownChange(figure, language)];
          expect([name, ...(mailRows[row]?.slice(1) ?? [])]).toEqual([name, ...cells]);
          expect([name, ...(pageRows[row]?.slice(1) ?? [])]).toEqual([name, ...cells]);
          expect(mailRows[row]?.[0]).toBe(pageRows[row]?.[0]);
          const record = csv.find((cellsOf) => cellsOf[0] === number.phone_number_id && cellsOf[7] === name);
          expect(record?.slice(8, 11)).toEqual([value, before, change].map((one) => (one === null ? '' : String(one))));
          const wanted = `: ${cells[0]}${change === null ? '' : ` (${cells[2]})`}`;
          line = lines.findIndex((text, at) => at > line && text.startsWith('- '));
          expect([name, lines[line]]).toEqual([name, expect.stringContaining(wanted)]);
          walked += 1;
        }
      }
      expect(walked).toBeGreaterThan(27);
    });

    it('has the same trends in mail, text and page', () => {
      const known = (value: number | null) => shown({ name: '' }, value, locale);
      const rows = (direction: 'inbound' | 'outbound', spans: readonly TrendSpanView[]) =>
        spans.map((span) => {
          const missed = direction === 'inbound' ? span.inbound_missed : span.outbound_unanswered;
          const answered = span[`${direction}_answered`];
          const rang = (answered ?? 0) + (missed ?? 0);
          return [known(answered), known(missed), rang === 0 ? '—' : `${Math.floor(((answered ?? 0) * 100) / rang)}%`];
        });
      for (const direction of ['inbound', 'outbound'] as const) {
        for (const [index, number] of document.numbers.entries()) {
          const inMail = rowsOf(tables(html, direction)[index] as Element).map((cells) => cells.slice(1, 4));
          expect(inMail).toEqual(rows(direction, number.trend.slice(-inMail.length)));
          expect(inMail.length).toBeGreaterThanOrEqual(6);
        }
      }
      const details = below(page)
        .filter(({ name }) => name === 'details')
        .flatMap((one) => below(one).filter(({ name }) => name === 'table'));
      const [first] = document.numbers;
      const onPage = rowsOf(details[0] as Element).map((cells) => cells.slice(1));
      const both = rows('inbound', first?.trend ?? []).map((cells, index) => [
        ...cells,
        ...(rows('outbound', first?.trend ?? [])[index] ?? []),
      ]);
      expect(onPage).toEqual(both);
    });

    it('begins with what changed and what to do, and lists those with trouble first', () => {
      const action = language === 'es' ? 'active las llamadas en la consola' : 'turn calling on in the console';
      for (const text of [textOf(html), textOf(page), mail.text]) expect(text).toContain(action);
      const [heading] = withClass(page, 'first');
      expect(textOf(heading as Element)).toMatch(
        language === 'es' ? /mire primero Sales · \+52 55 1234 5678/ : /look at Sales · \+52 55 1234 5678 first/,
      );
      expect(rowsOf(tables(html, 'overview')[0] as Element).map(([name]) => name)).toEqual([
        'Sales · +52 55 1234 5678',
        'Madrid <b>& · +34 911 234 567',
        language === 'es' ? 'Número aún desconocido' : 'Number not known yet',
      ]);
    });
  });
});

const mailIn = (language: 'en' | 'es', document = several('week')): Mail => mailOf(document, { ...OPTIONS, language });

describe.each(['en', 'es'] as const)('the mail in %s', (language) => {
  const mail = mailIn(language);
  const html = readHtml(mail.html);

  it('needs nothing that mail programs leave out', () => {
    const names = new Set(below(html).map(({ name }) => name));
    expect(
      [...names].filter(
        (name) => !['html', 'head', 'meta', 'title', 'body', 'table', 'tr', 'td', 'th', 'a', 'b', 'br', 'span', 'h1', 'h2'].includes(name),
      ),
    ).toEqual([]);
    const styles = below(html).map(({ attributes }) => attributes.get('style') ?? '');
    expect(styles.filter((style) => /flex|grid|position|float|url\(|var\(|calc\(/.test(style))).toEqual([]);
    for (const { name, attributes } of below(html))
      if (name === 'table') expect([attributes.get('cellspacing'), attributes.get('border')]).toEqual(['0', '0']);
    // Tables for layout are none to a screen reader, and those of figures have heads.
    for (const table of below(html).filter(({ name }) => name === 'table')) {
      const isLayout = table.attributes.get('role') === 'presentation';
      expect(below(table).some(({ name, attributes }) => name === 'th' && attributes.get('scope') === 'col') || isLayout).toBe(true);
    }
  });

  it('draws each bar as wide as its chart, with the target where it belongs', () => {
    const charts = withClass(html, 'trend').flatMap((table) =>
      below(table).filter(({ name, attributes }) => name === 'table' && attributes.get('width') === '200'),
    );
    expect(charts.length).toBeGreaterThan(10);
    for (const chart of charts) {
      const cells = below(chart)
        .filter(({ name }) => name === 'td')
        .map(({ attributes }) => [Number(attributes.get('width')), attributes.get('bgcolor')] as const);
      expect(cells.reduce((sum, [width]) => sum + width, 0)).toBe(200);
      const target = cells.findIndex(([, colour]) => colour === '#14211c');
      expect(cells.slice(0, target).reduce((sum, [width]) => sum + width, 0)).toBe(60);
    }
  });

  it('says its language, has no gaps, and escapes what others wrote', () => {
    expect(mail.html).toContain(`<html lang="${language}">`);
    for (const text of [mail.html, mail.text, mail.subject]) expect(text).not.toMatch(/NaN|undefined|null|\{\w+\}|\[object/);
    expect(mail.html).not.toContain('Madrid <b>');
    expect(mail.text).toContain('Madrid <b>&');
  });

  it('has no word of the wire: no id of Meta’s, no path, no code', () => {
    const read = (text: string) => text.replace(/https?:\S+/g, '');
    const codes = allEntries()
      .map(({ code }) => code)
      .filter((code) => code.includes('_'));
    for (const text of [read(textOf(html)), read(mail.text), mail.subject]) {
      expect(text).not.toMatch(/\/api\/|PATCH|GET |POST |30000000000000|TIER_|[a-z]+_[a-z]+/);
      expect(codes.filter((code) => text.includes(code))).toEqual([]);
    }
  });

  it('links to the page of the same report, in the language and the zone of its reader', () => {
    const [link] = below(html).filter(({ name }) => name === 'a');
    const url = new URL(link?.attributes.get('href') ?? '');
    expect(url.origin + url.pathname).toBe('https://calls.example.com/api/compliance/reports/periods');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      every: 'week',
      date: '2026-11-16',
      format: 'html',
      lang: language,
      time_zone: 'America/Mexico_City',
      phone_number_id: [MEXICO, MADRID, UNNAMED].map(({ phone_number_id }) => phone_number_id).join(','),
    });
    expect(mail.text).toContain(url.href);
  });
});

describe('the mail', () => {
  it('tells times in the zone of its reader, and a reading with its own time', () => {
    const { text } = mailOf(several('week'), { ...OPTIONS, timeZone: 'Europe/Madrid' });
    expect(text).toMatch(/on Nov 22, 2026, 10:03 AM GMT\+1 outbound calls were blocked because calling was off/);
    expect(mailIn('es').text).toMatch(/el 22 nov 2026, 3:03 a\.m\. GMT-6 las llamadas salientes estaban bloqueadas/);
    expect(text).not.toMatch(/outbound calls (are|is) blocked/i);
  });

  it('says that nothing changed, and that there is nothing to do', () => {
    const { figures } = report();
    const calls = { ...figures.calls, inbound: { total: 1, answered: 1, missed: 0 } };
    const { standing } = report();
    const calm = {
      figures: { ...figures, calls },
      standing: { ...standing, outbound: 'available' as const, inbound: 'available' as const, gates: [] },
    };
    const document = periodDocument({ over: () => calm });
    expect(mailOf(document, OPTIONS).text).toContain('\nNothing changed since the day before; nothing to do now.\n');
    expect(mailOf(document, { ...OPTIONS, language: 'es' }).text).toContain(
      '\nNada cambió desde el día anterior; no hay nada que hacer ahora.\n',
    );
  });

  it.each([1, 12, 60, 500])('of %i numbers is shorter than what Gmail shows, and the text has every number', (count) => {
    const [first] = several('day').numbers;
    if (!first) throw new Error('no number');
    const numbers = Array.from({ length: count }, (_, index) => ({
      ...first,
      name: `Nº ${index} áéí`,
      phone_number_id: `4000000000000${index}`,
    }));
    const mail = mailOf({ period: first.period, numbers }, OPTIONS);
    expect(Buffer.byteLength(mail.html)).toBeLessThan(102_000);
    expect(withClass(readHtml(mail.html), 'figures').length).toBeGreaterThanOrEqual(1);
    expect(mail.text).toContain(`Nº ${count - 1} áéí`);
    if (count > 12) expect(mail.html).toMatch(/The other \d+ numbers are in the whole report\./);
  });
});
