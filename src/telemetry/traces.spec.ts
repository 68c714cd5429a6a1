import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

it('OpenTelemetry is loaded by one file, which is itself loaded only with a collector', () => {
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && file !== 'metadata.ts')
    .map((file) => ({ file, text: readFileSync(`src/${file}`, 'utf8') }));
  const those = (pattern: RegExp) => sources.filter(({ text }) => pattern.test(text)).map(({ file }) => file);
  expect(those(/'@opentelemetry\//)).toEqual(['telemetry/opentelemetry.ts']);
  expect(those(/opentelemetry\.js'/)).toEqual(['telemetry/telemetry.module.ts']);
  expect(those(/from '[^']*opentelemetry\.js'/)).toEqual([]);
});
