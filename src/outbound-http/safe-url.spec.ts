import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HOSTILE_HOSTS } from './hostile-hosts.fixture.js';
import { PostClient } from './post.client.js';
import { faultOfTarget, isPublicAddress, withoutQueryValues } from './safe-url.js';

/** Where a canary listens on this machine: nothing below may ever reach it. */
let canary: Server;
let port = 0;
let reached = 0;

beforeAll(async () => {
  canary = createServer((_, response) => response.end());
  canary.on('connection', () => {
    reached += 1;
  });
  await new Promise<void>((resolve) => canary.listen(0, '::', resolve));
  port = (canary.address() as AddressInfo).port;
});
afterAll(() => new Promise((resolve) => canary.close(resolve)));

const client = (addresses: string[] = []) => {
  const resolve = async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  return new PostClient({ reach: 'public', timeoutMs: 60_000, resolve });
};
const post = async (url: string, from = client()) => {
  const attempt = await from.post(url, {}, Buffer.from('{}'));
  from.close();
  return attempt;
};

it('has at least 120 vectors, and a canary that would sing', async () => {
  expect(new Set(HOSTILE_HOSTS).size).toBeGreaterThanOrEqual(120);
  const before = reached;
  const careless = new PostClient({ reach: 'any', timeoutMs: 60_000 });
  expect(await post(`http://127.0.0.1:${port}/`, careless)).toMatchObject({ status: 200 });
  expect(reached).toBe(before + 1);
});

it.each(HOSTILE_HOSTS)('does not connect to %s', async (host) => {
  const before = reached;
  for (const url of [`https://${host}:${port}/`, `https://${host}/`]) {
    const attempt = await post(url);
    expect(attempt).toMatchObject({ status: null, error: expect.stringMatching(/^the URL /) });
  }
  expect(reached).toBe(before);
});

it.each([
  ['http:', 'http://example.com/'],
  ['another scheme', 'ftp://example.com/'],
  ['a file', 'file:///etc/passwd'],
  ['data', 'data:text/plain,x'],
  ['a script', 'javascript:alert(1)'],
  ['gopher', 'gopher://127.0.0.1:6379/_x'],
  ['a user name', 'https://example.com@127.0.0.1/'],
  ['a user name and a password', 'https://user:pass@example.com/'],
  ['the port of SSH', 'https://example.com:22/'],
  ['the port of mail', 'https://example.com:25/'],
  ['the port of HTTP', 'https://example.com:80/'],
  ['the port of Redis', 'https://example.com:6379/'],
  ['the port of Postgres', 'https://example.com:5432/'],
  ['no host', 'https://'],
  ['no scheme', '//127.0.0.1/'],
  ['a relative path', '/hook'],
  ['a very long text', `https://example.com/${'a'.repeat(2_048)}`],
  ['nothing', ''],
  ['a line feed in the host', 'https://exam\nple.com/'],
  ['a line feed in the scheme', 'ht\ntps://example.com/'],
  ['a carriage return', 'https://example.com/a\rb'],
  ['a line feed at the end', 'https://example.com/\n'],
  ['a tab in the path', 'https://example.com/a\tb'],
  ['a tab before it', '\thttps://example.com/'],
  ['NUL', 'https://example.com/\u0000'],
  ['a line break of Latin-1', 'https://example.com/\u0085'],
])('refuses %s', async (_, url) => {
  const before = reached;
  expect(faultOfTarget(url, false)).toEqual({ en: expect.any(String), es: expect.any(String) });
  expect(await post(url)).toMatchObject({ status: null });
  expect(reached).toBe(before);
});

it.each([
  ['127.0.0.1'],
  ['8.8.8.8', '127.0.0.1'],
  ['::1'],
  ['2606:4700::1111', '10.0.0.1'],
  ['::ffff:127.0.0.1'],
  ['169.254.169.254'],
  ['0.0.0.0'],
  ['::ffff:7f00:1'],
  ['::ffff:10.0.0.1'],
  ['64:ff9b::7f00:1'],
  ['64:ff9b::169.254.169.254'],
  ['64:ff9b:1::7f00:1'],
  ['2002:7f00:1::'],
  ['2001:0:7f00:1::'],
  ['::127.0.0.1'],
  ['fe80::1%lo'],
  ['fd00:ec2::254'],
  ['168.63.129.16'],
  ['8.8.8.8', '168.63.129.16'],
  ['::ffff:168.63.129.16'],
  ['2606:4700::1111', '64:ff9b::10.0.0.1'],
])('does not connect to a name with the addresses %s %s', async (...addresses: string[]) => {
  const before = reached;
  const from = client(addresses.filter(Boolean));
  expect(await from.faultOf(`https://hook.example.com:${port}/`)).toMatchObject({ en: expect.stringMatching(/private or reserved/) });
  expect(await post(`https://hook.example.com:${port}/`, from)).toMatchObject({
    status: null,
    error: expect.stringMatching(/private or reserved/),
  });
  expect(reached).toBe(before);
});

it('never connects to a name that changes its mind at every look', async () => {
  const before = reached;
  let looks = 0;
  const inside = ['127.0.0.1', '::1', '::ffff:127.0.0.1', '64:ff9b::7f00:1', '0.0.0.0'];
  const resolve = async () => {
    looks += 1;
    // Outside for those who check, inside for those who connect; and outside beside inside.
    if (looks % 2 === 1) return [{ address: '93.184.215.14', family: 4 }];
    const address = inside[(looks / 2) % inside.length] as string;
    return [
      { address, family: address.includes(':') ? 6 : 4 },
      { address: '93.184.215.14', family: 4 },
    ];
  };
  const from = new PostClient({ reach: 'public', timeoutMs: 60_000, resolve });
  for (let round = 0; round < 20; round += 1) {
    const url = `https://rebinding-${round}.example.com:${port}/`;
    expect(await from.faultOf(url)).toBeNull();
    expect(await from.post(url, {}, Buffer.from('{}'))).toMatchObject({
      status: null,
      error: expect.stringMatching(/private or reserved/),
    });
  }
  from.close();
  expect(looks).toBe(40);
  expect(reached).toBe(before);
});

it('does not connect to a name that turns inside after it was checked', async () => {
  const before = reached;
  const answers = ['93.184.215.14', '127.0.0.1'];
  const resolve = async () => [{ address: answers.shift() ?? '127.0.0.1', family: 4 }];
  const rebinding = new PostClient({ reach: 'public', timeoutMs: 60_000, resolve });
  const url = `https://rebinding.example.com:${port}/`;
  expect(await rebinding.faultOf(url)).toBeNull();
  expect(await post(url, rebinding)).toMatchObject({ status: null, error: expect.stringMatching(/private or reserved/) });
  expect(reached).toBe(before);
});

it.each([
  'https://example.com/hook',
  'https://example.com:8443/a?b=c',
  'https://sub.example.co.uk:1024/',
  'https://8.8.8.8/',
  'https://[2606:4700::1111]/',
  'https://münchen.example/',
])('takes %s', (url) => {
  expect(faultOfTarget(url, false)).toBeNull();
});

it('goes where the parsed URL leads, not where its text seems to lead', async () => {
  const asked: string[] = [];
  const resolve = async (name: string) => {
    asked.push(name);
    return [];
  };
  const from = new PostClient({ reach: 'public', timeoutMs: 60_000, resolve });
  for (const url of ['https://example.com\\\\@127.0.0.1/', 'https://example.com#@127.0.0.1/', 'https://example.com?@127.0.0.1/']) {
    expect(await from.post(url, {}, Buffer.from('{}'))).toMatchObject({ status: null });
  }
  from.close();
  expect(new Set(asked)).toEqual(new Set(['example.com']));
});

it('takes public neighbours of the addresses of clouds', () => {
  for (const address of ['168.63.129.15', '168.63.129.17', '161.25.255.255', '161.27.0.0', '166.7.255.255', '166.12.0.0']) {
    expect(isPublicAddress(address)).toBe(true);
  }
});

it('takes no control character in development either', () => {
  for (const url of ['http://local\thost/', 'http://localhost/\r\n', '\nhttp://localhost/'])
    expect(faultOfTarget(url, true)).not.toBeNull();
});

it('takes private targets and http: for development only', () => {
  for (const url of ['http://127.0.0.1:9/', 'http://localhost/', 'https://10.0.0.1/']) {
    expect(faultOfTarget(url, true)).toBeNull();
    expect(faultOfTarget(url, false)).not.toBeNull();
  }
  expect(faultOfTarget('http://user@localhost/', true)).not.toBeNull();
});

it('takes no text for an address', () => {
  for (const text of ['', 'example.com', '8.8.8', '8.8.8.8 ', '2606:4700::1111%eth0']) expect(isPublicAddress(text)).toBe(false);
});

it('shows no token of a query', () => {
  expect(withoutQueryValues('https://a.example/h?token=s3cret&b=c#x')).toBe('https://a.example/h?token=[redacted]&b=[redacted]#x');
  expect(withoutQueryValues('https://me:s3@cret@a.example/h@x?b=c')).toBe('https://[redacted]@a.example/h@x?b=[redacted]');
});
