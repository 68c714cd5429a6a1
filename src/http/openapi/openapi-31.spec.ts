import { describe, expect, it } from '@jest/globals';
import { inOpenApi31 } from './openapi-31.js';

describe('OpenAPI 3.1', () => {
  it.each([
    [{ type: 'string', nullable: true }, { type: ['string', 'null'] }],
    [
      { type: 'string', enum: ['a'], nullable: true },
      { type: ['string', 'null'], enum: ['a', null] },
    ],
    [
      { description: 'd', allOf: [{ $ref: '#/x' }], nullable: true },
      { description: 'd', anyOf: [{ allOf: [{ $ref: '#/x' }] }, { type: 'null' }] },
    ],
    [{ type: 'string', nullable: false }, { type: 'string' }],
  ])('writes null as a type: %j', (old, now) => {
    expect(inOpenApi31({ properties: [old] })).toEqual({ properties: [now] });
  });

  it('leaves a field alone that happens to be called nullable', () => {
    expect(inOpenApi31({ properties: { nullable: { type: 'string' } } })).toEqual({ properties: { nullable: { type: 'string' } } });
  });
});
