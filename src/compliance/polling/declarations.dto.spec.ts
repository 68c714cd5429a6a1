import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { DeclareDto } from './declarations.dto.js';

const read = (body: object) => {
  const dto = plainToInstance(DeclareDto, body);
  return { dto, faults: validateSync(dto).map(({ property }) => property) };
};

describe('a declaration', () => {
  it('says nothing about what is null, as if it were left out', () => {
    const { dto, faults } = read({ messaging_limit: null, business_verification: 'verified' });
    expect(faults).toEqual([]);
    expect(dto.messaging_limit).toBeUndefined();
    expect(dto.business_verification).toBe('verified');
  });

  it('is refused with words that the Hub never shows', () => {
    expect(read({ messaging_limit: 'TIER_1K', business_verification: true }).faults).toEqual(['messaging_limit', 'business_verification']);
  });
});
