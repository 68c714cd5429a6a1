// Writes dist/api-types.d.ts from the build: the types of /openapi.json, which src/console/page/api-shapes.js names for the pages.
import { writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';
import { readDocument } from './api-document.mjs';

writeFileSync('dist/api-types.d.ts', astToString(await openapiTS(await readDocument())));
