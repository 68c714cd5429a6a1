import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const root = resolve(import.meta.dirname, '..');
const { repeatedSchemaNames } = (await import(join(root, 'scripts/schema-names.mjs'))) as { repeatedSchemaNames(folder: string): string[] };

describe('the schema names of the API', () => {
  let folder: string;
  const plant = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'schema-names-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are unique in the gateway', () => expect(repeatedSchemaNames(join(root, 'src'))).toEqual([]));

  it('fail the build when two classes have one name, also when only the role differs', () => {
    plant('a/session.dto.ts', 'export class SessionDto {}\nexport class OtherDto {}\n');
    plant('b/call.view.ts', 'export class SessionView {\n}\n');
    plant('b/session.service.ts', 'export class Other {}\n');
    expect(repeatedSchemaNames(folder)).toEqual([expect.stringMatching(/^Session: \S+, \S+$/)]);
  });
});
