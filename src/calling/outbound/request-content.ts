import type { TemplateObject } from '#dialog360/wire.js';
import { type FieldError, Problem } from '#kernel/problem.js';
import { record } from '#kernel/read.js';

/** The content of a permission request: a body inside the 24-hour window, or an approved template at any time. */
export interface RequestContent {
  body?: string;
  template?: TemplateObject;
}

/** The content of a request, at most one of body and template. @param prefix of the field's path, such as `permission_request.` */
export function contentOf(input: { body?: string; template?: Record<string, unknown> } | undefined, prefix: string): RequestContent {
  const content: RequestContent = {};
  if (input?.body !== undefined) content.body = input.body;
  if (input?.template !== undefined) content.template = templateOf(input.template, prefix);
  if (content.body !== undefined && content.template !== undefined) {
    throw new Problem('invalid_request', { errors: [{ field: `${prefix}template`, message: ONE_CONTENT }] });
  }
  return content;
}

const ONE_CONTENT = { en: 'give body or template, not both', es: 'indique body o template, no ambos' };

/** Meta's own object, unchanged; only what Meta always refuses is refused here. */
function templateOf(template: Record<string, unknown>, prefix: string): TemplateObject {
  const errors: FieldError[] = [];
  const fault = (name: string, en: string, es: string) => errors.push({ field: `${prefix}template.${name}`, message: { en, es } });
  const needed = { name: template.name, 'language.code': record(template.language)?.code };
  for (const [name, value] of Object.entries(needed)) {
    if (typeof value !== 'string' || value === '') fault(name, 'must be a text', 'debe ser un texto');
  }
  if (template.components !== undefined && !Array.isArray(template.components)) fault('components', 'must be a list', 'debe ser una lista');
  if (errors.length) throw new Problem('invalid_request', { errors });
  return template as unknown as TemplateObject;
}
