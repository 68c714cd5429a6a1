import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsOptional, ValidateBy, type ValidationOptions } from 'class-validator';
import { readUser } from '#kernel/wa-id.js';

/** The message of a constraint in both languages, as the decorators of class-validator take it. */
export const said = (en: string, es: string): ValidationOptions => ({ message: en, context: { es } });

/** A member that may be left out; `null` means the same. */
export const MayBeLeftOut = (): PropertyDecorator =>
  applyDecorators(
    IsOptional(),
    Transform(({ value }) => value ?? undefined),
  );

/** A phone number in any usual writing: 7 to 15 digits once everything else is gone. */
export const IsUserPhone = (): PropertyDecorator =>
  field(
    'isUserPhone',
    (value) => 'waId' in (readUser(value) ?? {}),
    said(
      'must be a phone number of 7 to 15 digits with its country code; a business-scoped user id goes into recipient',
      'debe ser un número de teléfono de 7 a 15 dígitos con código de país; un id de usuario de empresa (BSUID) va en recipient',
    ),
  );

/** A business-scoped user id (BSUID) such as `MX.1000000000000001`. */
export const IsUserId = (): PropertyDecorator =>
  field(
    'isUserId',
    (value) => 'userId' in (readUser(value) ?? {}),
    said(
      'must be a business-scoped user id such as MX.1000000000000001; a phone number goes into to',
      'debe ser un id de usuario de empresa (BSUID) como MX.1000000000000001; un número de teléfono va en to',
    ),
  );

/** A time as RFC 3339 writes it, with its zone. */
export const IsTime = (): PropertyDecorator =>
  field(
    'isTime',
    (value) => RFC3339.test(value) && Number.isFinite(Date.parse(value)),
    said('must be an RFC 3339 time such as 2026-11-22T09:30:00Z', 'debe ser una hora RFC 3339 como 2026-11-22T09:30:00Z'),
  );

const RFC3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)$/;

const field = (name: string, holds: (value: string) => boolean, options: ValidationOptions): PropertyDecorator =>
  ValidateBy({ name, validator: { validate: (value: unknown) => typeof value === 'string' && holds(value) } }, options);
