import { describe, expect, it } from '@jest/globals';
import { FakeTerminal } from '#cli/terminal/terminal.fixture.js';
import { explainCommand } from './explain.command.js';

const META = JSON.stringify({ error: { code: 138006, message: 'No approved call permission', fbtrace_id: 'Atrace' } });

const typed = async (args: string[], { env = {}, stdin = '' } = {}) => {
  const terminal = new FakeTerminal(env);
  terminal.stdin = stdin;
  return { exit: await terminal.type(explainCommand, ...args), terminal };
};

describe('npm run explain', () => {
  it.each([['138006'], ['permission_required'], ['PERMISSION_REQUIRED']])('explains %s with cause and remedy', async (word) => {
    const { exit, terminal } = await typed([word]);
    expect(exit).toBe(0);
    expect(terminal.out).toMatch(/^permission_required: /);
    expect(terminal.out).toMatch(/^ {2}Cause: .+$/m);
    expect(terminal.out).toMatch(/^ {2}What to do: .+$/m);
    expect(terminal.err).toBe('');
  });

  it('explains a pasted body, with what was said in it', async () => {
    const { exit, terminal } = await typed(['-'], { stdin: `HTTP/1.1 401 Unauthorized\r\n\r\n${META}` });
    expect(exit).toBe(0);
    expect(terminal.out).toContain('360dialog or Meta said: HTTP 401, 138006: No approved call permission (fbtrace_id Atrace)');
  });

  it('speaks Spanish when asked, or when the terminal does', async () => {
    const [asked, spoken] = [await typed(['138006', '--lang', 'es']), await typed(['138006'], { env: { LANG: 'es_MX.UTF-8' } })];
    expect(asked.terminal.out).toBe(spoken.terminal.out);
    expect(asked.terminal.out).toMatch(/^ {2}Qué hacer: /m);
  });

  it('prints the same as the API with --json', async () => {
    const { terminal } = await typed(['-', '--json'], { stdin: META });
    expect(terminal.document()).toMatchObject({
      entry: { code: 'permission_required', status: 409, languages: { es: {} } },
      upstream: { code: 138006, fbtrace_id: 'Atrace' },
    });
  });

  it.each([['999999'], ['no_such_word'], ['{"error":"something new"}']])('ends with 3 when it does not know %s', async (word) => {
    const { exit, terminal } = await typed([word]);
    expect(exit).toBe(3);
    expect(terminal.out).toMatch(/does not know/);
  });

  it.each([
    ['Bad request'],
    ['bad_request'],
    ['BAD REQUEST!'],
    ['BadRequest'],
    ['{"error":"Bad request"}'],
    ['{"error":{"message":"Bad Request"}}'],
    ['{"meta":{"success":false,"http_code":400,"developer_message":"Bad request"}}'],
    ['{"statusCode":400,"message":"Bad Request"}'],
    ['HTTP/1.1 400 Bad Request'],
    ['400 Bad Request'],
    ['HTTP/1.1 400 Bad Request\r\n\r\n<html><head><title>400 Bad Request</title></head><body>nginx</body></html>'],
    ['AxiosError: Request failed with status code 400'],
    ['400'],
    ['{"detail":"Bad Request"}'],
    ['{"type":"about:blank","title":"Bad Request","status":400}'],
    ['Solicitud incorrecta'],
    ['Petición incorrecta'],
    ['2026-11-28 12:00 POST /calling/calls answered: Bad request (call to Ana)'],
  ])('answers %s with the usual causes in their order, and the next command', async (pasted) => {
    const [en, es] = [await typed([pasted]), await typed(['-', '--lang', 'es'], { stdin: pasted })];
    expect([en.exit, es.exit]).toEqual([0, 0]);
    expect(en.terminal.out).toMatch(/^upstream_reason_missing: /);
    expect(en.terminal.out).toMatch(/1\. .*permission.*2\. .*switched off.*3\. .*4\. .*SDP.*5\. .*6\. /);
    expect(en.terminal.out).toMatch(/npm run diagnose -- --to NUMBER/);
    expect(es.terminal.out).toMatch(/1\. .*permiso.*2\. .*desactivadas.*3\. .*4\. .*SDP.*5\. .*6\. /);
    expect(es.terminal.out).toMatch(/npm run diagnose -- --to NÚMERO --lang es/);
  });

  it.each([
    ['{"error":"Unauthorized"}', 'upstream_key_rejected'],
    ['HTTP/1.1 403 Forbidden\n\n<html><h1>403 Forbidden</h1></html>', 'upstream_forbidden'],
    ['<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1><hr>nginx/1.25</body></html>', 'upstream_path_unknown'],
    ['Cannot POST /300000000000001/calls', 'upstream_path_unknown'],
    ['405 Method Not Allowed', 'upstream_path_unknown'],
    ['Too Many Requests', 'rate_limited'],
    ['429', 'rate_limited'],
    ['503', 'upstream_error'],
    ['{"title":"Unauthorized","status":401}', 'upstream_key_rejected'],
    ['502 Bad Gateway', 'upstream_error'],
  ])('answers %s, which says nothing but its status', async (pasted, code) => {
    const { exit, terminal } = await typed([pasted]);
    expect([exit, terminal.out.split(':', 1)[0]]).toEqual([0, code]);
  });

  it('repeats the words of an unknown error', async () => {
    expect((await typed(['-'], { stdin: '{"error":"something new"}' })).terminal.out).toMatch(/Cause: .*something new/);
  });

  it('ends with 64 without a code, and prints the usage', async () => {
    const { exit, terminal } = await typed([]);
    expect(exit).toBe(64);
    expect(terminal.err).toContain('npm run explain -- CODE');
  });

  it('has help in both languages', async () => {
    const [en, es] = [await typed(['--help']), await typed(['--help', '--lang', 'es'])];
    expect([en.exit, es.exit]).toEqual([0, 0]);
    expect(en.terminal.out).toMatch(/^Usage: /);
    expect(es.terminal.out).toMatch(/^Uso: /);
  });
});
