import { t } from '../texts.js';
import { h, prose } from '../view.js';
import { age, moment } from './time.js';

/** @import { ProblemDocument } from '../api-shapes.js' */
/** @typedef {Error & { status?: number, problem?: ProblemDocument }} Fault a refusal, or any other error */

/** @param {Fault} error @param {string | null | undefined} detail */
function detailOf(error, detail) {
  if (error.status === 0) return t('problem.unreachableDetail');
  return error.problem === undefined ? error.message : prose(detail ?? '');
}

const fieldList = (/** @type {ProblemDocument['errors']} */ errors) =>
  errors?.length
    ? h(
        'ul',
        {},
        errors.map(({ field, message }) => h('li', {}, h('code', {}, field), ` ${message}`)),
      )
    : null;

/** A refusal in full: title, cause, remedy, and when a retry can succeed. Each invalid field shows its own message. @param {Fault} error */
export function problemView(error) {
  const { title, detail, remedy, retry_at, code, errors, upstream } = error.problem ?? {};
  const lost = error.status === 0;
  return h(
    'div',
    { class: 'problem', role: 'alert' },
    h('p', { class: 'problem-title' }, lost ? t('problem.unreachable') : (title ?? t('problem.unknown'))),
    h('p', {}, detailOf(error, detail)),
    fieldList(errors),
    remedy && code !== 'invalid_request'
      ? h('p', { class: 'remedy' }, h('strong', {}, `${t('problem.remedy')} `), prose(remedy, { retry_at: retry_at && moment(retry_at) }))
      : null,
    retry_at ? h('p', {}, `${t('problem.retryAt')} `, moment(retry_at), ' (', age(retry_at), ')') : null,
    upstream
      ? h(
          'p',
          { class: 'faint' },
          t('problem.upstream', { status: upstream.status, code: upstream.code ?? '–', message: upstream.message ?? '' }),
        )
      : null,
    code ? h('p', { class: 'faint' }, h('code', {}, code)) : null,
  );
}

/** Whether an answer says that this gateway has no such route (yet). @param {Fault} error */
export const isMissing = (error) => error.status === 404 && error.problem?.code === 'route_not_found';
