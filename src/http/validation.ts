import type { ValidationPipeOptions } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { type FieldError, Problem } from '#kernel/problem.js';
import { textsOf } from './validation-texts.js';

/** Strict with our callers: a member that we do not know is an error, not a guess. */
export const validationOptions: ValidationPipeOptions = {
  transform: true,
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  errorHttpStatusCode: 422,
  validationError: { target: false, value: false },
  exceptionFactory: (errors: ValidationError[]) => new Problem('invalid_request', { errors: fieldErrors(errors) }),
};

/** One line per field, with the path of the field as the caller wrote it. */
export function fieldErrors(errors: readonly ValidationError[], parent = ''): FieldError[] {
  return errors.flatMap((error) => {
    const field = [parent, error.property].filter(Boolean).join('.') || 'body';
    const children = fieldErrors(error.children ?? [], field);
    return error.constraints ? [{ field, message: textsOf(error) }, ...children] : children;
  });
}
