import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeTerminal } from '#cli/terminal/terminal.fixture.js';
import { comparedReport } from '#compliance/reports/periods/period-report.fixture.js';
import { reportCommand } from './report.command.js';

describe('npm run report', () => {
  const asked: (string | undefined)[] = [];
  const server = createServer((req, res) => {
    asked.push(req.url);
    const found = req.url?.endsWith('rep_0') === false;
    const body = found ? comparedReport() : { code: 'not_found', status: 404, title: 'Not found' };
    res.writeHead(found ? 200 : 404, { 'content-type': 'application/json', 'x-gateway-mode': 'live' }).end(JSON.stringify(body));
  });
  beforeAll(() => new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready)));
  afterAll(() => new Promise<void>((done) => server.close(() => done())));

  const type = async (...args: string[]) => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const terminal = new FakeTerminal({ GATEWAY_URL: url, GATEWAY_API_KEY: 'key' }, {});
    return { exit: await terminal.type(reportCommand, ...args), out: terminal.out, err: terminal.err };
  };

  it('says the latest report in a few lines', async () => {
    const { exit, out } = await type('--latest');
    expect(exit).toBe(0);
    expect(out).toContain('412 of 1000 in 30 days');
    expect(out).toContain('Projected: 2026-12-02 (2026-11-30 to 2026-12-04)');
    expect(asked.at(-1)).toBe('/api/compliance/reports/latest');
  });

  it('writes the page in the language of the terminal, and the CSV', async () => {
    expect((await type('--latest', '--format', 'html', '--lang', 'es')).out).toMatch(/^<!doctype html><html lang="es">/);
    expect((await type('--format', 'csv')).out).toMatch(/^section,date,name,value/);
    expect(JSON.parse((await type('--json')).out)).toEqual(comparedReport());
  });

  it('ends with 1 when there is no such report, and with 64 when it is asked wrongly', async () => {
    expect((await type('--id', 'rep_0')).exit).toBe(1);
    expect((await type('--id', 'rep_1', '--latest')).exit).toBe(64);
    expect((await type('--format', 'pdf')).exit).toBe(64);
  });
});
