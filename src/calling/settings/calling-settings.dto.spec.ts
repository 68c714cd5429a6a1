import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { SettingsPatchDto } from './calling-settings.dto.js';

describe('a change of the settings', () => {
  it('is about the configured number when its number is null, as if it were left out', () => {
    const dto = plainToInstance(SettingsPatchDto, { calling: { status: 'ENABLED' }, phone_number_id: null });
    expect(validateSync(dto)).toEqual([]);
    expect(dto.phone_number_id).toBeUndefined();
  });
});
