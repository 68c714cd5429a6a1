// Base images by digest. `npm run pin-images` asks the registries for the digests of the images in Dockerfile and docker-compose.yml and writes
// them after the tags, so that a tag that moves changes nothing by itself; run it again to take what moved. `-- --check` sends no request: it names
// every image without a digest, and fails unless the line before it says why, in a comment that begins with "not pinned:".
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const FILES = ['Dockerfile', 'docker-compose.yml'];
const IMAGE = /^(\s*(?:FROM|image:)\s+)((?:[\w.-]+(?::\d+)?\/)*[\w.-]+:[\w.-]+)(@sha256:[0-9a-f]{64})?(?=\s|$)/;
const TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');
const TIMEOUT_MS = 20_000;
/** Instead of every registry, such as a mirror or a test; with its scheme. */
const INSTEAD = process.env.PIN_IMAGES_REGISTRY;

if (process.argv.includes('--check')) check();
else await pin();

function check() {
  for (const { file, line, image, digest, reason } of images()) {
    if (digest) continue;
    say(`NOT PINNED: ${image} (${file}:${line})${reason ? `, because ${reason}` : '; run: npm run pin-images'}`);
    if (!reason) process.exitCode = 1;
  }
  say(`${images().filter(({ digest }) => digest).length} of ${images().length} images are pinned by digest`);
}

/** Every digest is found before any file is written: half of a change would be worse than none. */
async function pin() {
  const digests = new Map();
  for (const image of new Set(images().map((found) => found.image))) {
    try {
      digests.set(image, await digestOf(image));
    } catch (error) {
      say(`${image}: no digest (${error.cause?.code ?? error.message}). Nothing was written.`);
      process.exitCode = 1;
      return;
    }
  }
  for (const file of FILES) {
    const text = readFileSync(file, 'utf8');
    const pinned = text
      .split('\n')
      .map((line) => line.replace(IMAGE, (_all, before, image) => `${before}${image}@${digests.get(image)}`))
      .join('\n')
      .replace(/^\s*# not pinned: .*\n/gm, '');
    if (pinned !== text) writeFileSync(file, pinned);
  }
  for (const [image, digest] of digests) say(`${image}@${digest}`);
}

function images() {
  return FILES.flatMap((file) => {
    const lines = readFileSync(file, 'utf8').split('\n');
    return lines.flatMap((text, index) => {
      const found = IMAGE.exec(text);
      const reason = /^\s*# not pinned: (.+)$/.exec(lines[index - 1] ?? '')?.[1] ?? null;
      return found ? [{ file, line: index + 1, image: found[2], digest: found[3] ?? null, reason }] : [];
    });
  });
}

/** The digest of what the tag is now, for all platforms where there are several. The manifest is read and hashed here: a header alone proves nothing. */
async function digestOf(image) {
  const [, path, tag] = /^(.+):([^:/]+)$/.exec(image);
  const [first, ...rest] = path.split('/');
  const hasHost = rest.length > 0 && /[.:]|^localhost$/.test(first);
  const origin = INSTEAD ?? `https://${hasHost ? first : 'registry-1.docker.io'}`;
  const atDockerHub = rest.length > 0 ? path : `library/${path}`;
  const repository = hasHost ? rest.join('/') : atDockerHub;
  const response = await authorized(`${origin}/v2/${repository}/manifests/${tag}`);
  if (!response.ok) throw new Error(`the registry answers ${response.status}`);
  const digest = `sha256:${createHash('sha256')
    .update(Buffer.from(await response.arrayBuffer()))
    .digest('hex')}`;
  const said = response.headers.get('docker-content-digest');
  if (said !== null && said !== digest) throw new Error(`the registry says ${said}, and its manifest is ${digest}`);
  return digest;
}

/** A registry that wants a token says where an anonymous one is to be had. */
async function authorized(url) {
  const get = (token) =>
    fetch(url, {
      headers: { accept: TYPES, ...(token && { authorization: `Bearer ${token}` }) },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  const response = await get();
  const challenge = response.status === 401 ? response.headers.get('www-authenticate') : null;
  if (!challenge) return response;
  const { realm, ...query } = Object.fromEntries(Array.from(challenge.matchAll(/(\w+)="([^"]*)"/g), ([, key, value]) => [key, value]));
  const tokens = await fetch(`${realm}?${new URLSearchParams(query)}`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  const { token, access_token } = await tokens.json();
  return get(token ?? access_token);
}

function say(text) {
  process.stdout.write(`${text}\n`);
}
