import { comparedReport } from '#compliance/reports/periods/period-report.fixture.js';
import { documentOf } from '#compliance/reports/periods/period-report.view.js';
import { report } from '#compliance/reports/report.fixture.js';
import type { ReportView } from '#compliance/reports/report.view.js';
import { csvOf as comparedCsv } from './csv.js';
import { below, readHtml, textOf, withClass } from './html.fixture.js';
import { pageOf as documentPage } from './page.js';
import { PAGE_SECURITY, STYLE } from './style.js';

const pageOf = (one: ReportView, language: 'en' | 'es') => documentPage(documentOf(comparedReport(one)), language);
const csvOf = (one: ReportView) => comparedCsv(comparedReport(one));

const unknown = () => {
  const { standing } = report();
  const nothing = {
    business_initiated_conversations: null,
    total_conversations: null,
    remaining: null,
    progress: null,
    meets_1k_requirement: null,
  };
  const projection = { ...standing.projection, date: null, range: null, pace_per_day: null, reason: 'no_source' };
  return report({
    standing: {
      ...standing,
      ...nothing,
      source: null,
      reason: 'no_source',
      messaging_limit: null,
      meets_messaging_limit: null,
      projection,
      gates: [],
      readings: [],
    },
    series: [],
    calls: [],
    tiers: [],
    changes: [],
  });
};

describe.each(['en', 'es'] as const)('the page in %s', (language) => {
  const page = pageOf(report(), language);

  it('needs nothing from elsewhere and runs nothing', () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|url\(|https?:\/\/(?!www\.w3)|\son\w+=|\sstyle=/i);
    expect(page).toContain(`<style>${STYLE}</style>`);
    expect(PAGE_SECURITY).toMatch(/^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]+=*'/);
  });

  it('says its language, and describes each chart to those who do not see it', () => {
    expect(page).toContain(`<html lang="${language}">`);
    const charts = page.match(/<svg[^>]*role="img"[^>]*>/g) ?? [];
    expect(charts).toHaveLength(6);
    for (const chart of charts) {
      const [title, desc] = /aria-labelledby="(\S+) (\S+)"/.exec(chart)?.slice(1) ?? [];
      expect(page).toContain(`<title id="${title}">`);
      expect(page).toContain(`<desc id="${desc}">`);
    }
  });

  it('names the last day of the window, not the one after it, and says no word of the wire', () => {
    expect(page).toMatch(language === 'es' ? /del 24 oct 2026 al 22 nov 2026/ : /Oct 24, 2026 to Nov 22, 2026/);
    expect(page).not.toMatch(/TIER_|>(EN|DIS)ABLED</);
  });

  it('keeps gates, ids and the words of the API on the second page', () => {
    const root = readHtml(page);
    const [second] = withClass(root, 'second');
    const [main] = below(root).filter(({ name }) => name === 'main');
    const first = (main?.held ?? []).filter((one) => one !== second);
    expect(textOf(second ?? root)).toMatch(/300000000000001.*PATCH/s);
    const text = first.map((one) => (typeof one === 'string' ? one : textOf(one))).join(' ');
    expect(text).toContain('+52 55 1234 5678');
    expect(text).not.toMatch(/300000000000001|PATCH|\/api\/|webhook|[a-z]+_[a-z]+_/i);
  });

  it('has no ids twice, no figure that is none, and no gap in its texts', () => {
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(page).not.toMatch(/NaN|undefined|null|Infinity|\{\w+\}|\[object/);
  });

  it('escapes what others wrote', () => {
    expect(page).toContain('&#60;script&#62;alert(1)&#60;/script&#62;');
  });

  it('shows unknown figures as unknown, never as zero', () => {
    const empty = pageOf(unknown(), language);
    expect(empty).toContain(language === 'es' ? 'Desconocido' : 'Unknown');
    expect(empty).not.toMatch(/NaN|undefined|class="big ?">0</);
  });
});

describe('the page', () => {
  it('says in words what the projection promises, and that count and limit are two facts', () => {
    const page = pageOf(report(), 'en');
    expect(page).toContain('At 41 a day the goal is reached on Dec 2, 2026; with 80 % likelihood between Nov 30, 2026 and Dec 4, 2026.');
    expect(page).toContain('They are two facts.');
  });

  it('names a restated figure in words, whichever it is', () => {
    const change = (field: string) => ({ field, before: null, after: 55 });
    const changes = [
      'conversations.partner_api.business_initiated',
      'conversations.webhooks.total',
      'calls.outbound.unanswered',
      'calls.inbound.missed',
    ].map(change);
    for (const language of ['en', 'es'] as const) {
      const page = pageOf(report({ changes }), language);
      expect(page).not.toMatch(/(conversations|calls)\.\w+\.\w+/);
      expect(page).toContain(language === 'es' ? 'Llamadas salientes: Sin contestar' : 'Outbound calls: Not answered');
      expect(page).toContain(language === 'es' ? 'Llamadas entrantes: Sin contestar' : 'Inbound calls: Not answered');
    }
  });

  it('promises no date below the pace', () => {
    const { standing } = report();
    const projection = { ...standing.projection, date: null, range: null, pace_per_day: 20, reason: 'pace_below_requirement' };
    expect(pageOf(report({ standing: { ...standing, projection } }), 'en')).toContain(
      'No date is promised: the pace can never fill the window. The pace is 20 a day; 33.3 a day would fill the window.',
    );
  });
});

describe('the gates on the page', () => {
  const pickUps = (direction: 'inbound' | 'outbound', value: number, code: string | null) => ({
    direction,
    name: 'pick_up_rate',
    verdict: code ? ('warning' as const) : ('pass' as const),
    value,
    required: 0.3,
    source: 'calls',
    observed_at: null,
    code,
  });
  const { standing } = report();
  const shown = (gates: typeof standing.gates, language: 'en' | 'es' = 'en') =>
    pageOf(report({ standing: { ...standing, gates } }), language).replace(/<[^>]+>/g, '|');

  it('show a rate in percent, of both directions where they differ', () => {
    expect(shown([pickUps('outbound', 0.19, 'pick_up_rate_low'), pickUps('inbound', 0.9, null)])).toContain('19 % / 90 %||≥ 30 %');
    expect(shown([pickUps('outbound', 0.9, null), pickUps('inbound', 0.9, null)])).toContain('|90 %||≥ 30 %');
  });

  it('say what to do for each direction that warns', () => {
    const page = shown([pickUps('outbound', 0.1, 'pick_up_rate_low'), pickUps('inbound', 0.2, 'inbound_pick_up_rate_low')]);
    expect(page).toMatch(/announce the call by message.*Have somebody subscribed/);
  });

  it('speak the language of the page where the value is a word of ours', () => {
    const told = { direction: 'outbound' as const, source: 'policy', observed_at: null, code: null, verdict: 'pass' as const };
    const page = shown(
      [
        { ...told, name: 'country', value: '525500000001', required: 'not US, CA' },
        { ...told, name: 'payment', value: 'call_accepted', required: null },
      ],
      'es',
    );
    expect(page).toContain('ninguno de US, CA');
    expect(page).toContain('Meta acepta llamadas');
  });
});

describe('the colours', () => {
  const light = (hex: string) => {
    const [r, g, b] = (hex.length === 4 ? [...hex.slice(1)].map((digit) => digit + digit) : (hex.slice(1).match(/../g) ?? [])).map(
      (pair) => {
        const part = Number.parseInt(pair, 16) / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      },
    );
    return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
  };
  const contrast = (one: string, other: string) => {
    const [most, least] = [light(one), light(other)].sort((a, b) => b - a);
    return ((most ?? 0) + 0.05) / ((least ?? 0) + 0.05);
  };
  const palettes = [...STYLE.matchAll(/:root\{([^}]*)\}/g)].map(([, held = '']) =>
    Object.fromEntries([...held.matchAll(/--(\w+):(#\w+)/g)].map(([, name = '', value = '']) => [name, value])),
  );

  it('can be distinguished by day, by night and on paper', () => {
    expect(palettes).toHaveLength(3);
    const faint = palettes.flatMap((palette, index) =>
      ['ink', 'soft', 'main', 'warn', 'bad'].flatMap((name) =>
        ['paper', 'page'].flatMap((ground) => {
          const found = contrast(palette[name] ?? '#fff', palette[ground] ?? '#fff');
          return found >= 4.5 ? [] : [`${index} ${name} on ${ground}: ${found.toFixed(2)}`];
        }),
      ),
    );
    expect(faint).toEqual([]);
    // The pale part of a bar is outlined in the main colour: alone it is too faint to be seen.
    expect(STYLE).toMatch(/\.bar,\.bar2\{stroke:var\(--main\)/);
  });
});

describe('the CSV', () => {
  it('has one figure a line, and leaves unknown ones empty', () => {
    const lines = csvOf(unknown()).split('\r\n');
    expect(lines[0]).toBe('section,date,name,value,source,time_zone,before,change,as_of');
    // A reading of a moment stands with its time, so that it is no fact of the whole day.
    expect(lines).toContain('standing,2026-11-21,business_initiated_conversations,,,America/Mexico_City,,,2026-11-22T14:00:00.000Z');
    expect(lines).toContain('period,2026-11-21,conversations.partner_api.business_initiated,40,,America/Mexico_City,,,');
    expect(lines).toContain('period,2026-11-21,rate.inbound,0.5,,America/Mexico_City,,,');
    expect(lines.filter((line) => line !== '').every((line) => line.split(',').length === 9)).toBe(true);
  });

  it.each(['=1+1', ' =1+1', '＝1+1', '\u200b=1+1'])('lets no spreadsheet run %j as a formula', (text) => {
    const { standing } = report();
    expect(csvOf(report({ standing: { ...standing, messaging_limit: text } }))).toContain(`,messaging_limit,'${text},`);
  });
});
