import { t, word } from '../texts.js';
import { h, prose } from '../view.js';
import { showProblemsWith } from './form.js';
import { actionOf, isPassing, nextStep, sentenceOf, stepFor } from './next-step.js';
import { technical } from './technical.js';
import { age, moment } from './time.js';

/** @import { ProblemDocument } from '../api-shapes.js' */
/** @import { Context } from './next-step.js' */
/** @typedef {Error & { status?: number, problem?: ProblemDocument }} Fault a refusal, or any other error */

/**
 * What went wrong and why, in a sentence, and the button of what to do. What passes by itself is shown calmly.
 * @param {Fault} error
 * @param {Context} [known]
 */
export function problemView(error, known = {}) {
  if (error.status === 0) return shown(t('problem.unreachable'), known.again ? stepFor('retry', known) : null);
  const problem = error.problem ?? {};
  const { code, retry_at, errors, call } = problem;
  const context = { at: retry_at, callId: call?.id, user: call?.user, report: () => reportOf(error), ...known };
  return shown(
    sentenceOf(code, context),
    [wrongInputs(errors), until(code, retry_at), nextStep(code, context), technical(() => forProgrammers(error))],
    isPassing(code),
  );
}

showProblemsWith(problemView);

/** @param {string} sentence @param {import('../view.js').Child} rest */
const shown = (sentence, rest, calm = false) =>
  h(
    'div',
    { class: calm ? 'problem calm' : 'problem', role: calm ? 'status' : 'alert' },
    h('p', { class: 'problem-title' }, sentence),
    rest,
  );

/** When it changes, unless the button says so. @param {string | null | undefined} code @param {string | null | undefined} at */
const until = (code, at) =>
  at && !['call_again_at', 'ask_again_at'].includes(actionOf(code))
    ? h('p', {}, `${t('problem.retryAt')} `, moment(at), ' (', age(at), ')')
    : null;

/** What was not accepted, by the words beside the input; an input without words is left to the programmers. @param {ProblemDocument['errors']} errors */
function wrongInputs(errors) {
  const names = [...new Set((errors ?? []).map(({ field }) => field.split('.').at(-1) ?? field))];
  const said = names.map((name) => [name, word('input', name)]).flatMap(([name, label]) => (label === name ? [] : label));
  return said.length === 0 ? null : h('p', {}, t('problem.check', { what: said.join(', ') }));
}

/** @param {Fault} error */
function forProgrammers(error) {
  const { title, detail, remedy, retry_at, code, errors, upstream } = error.problem ?? {};
  return [
    h('p', {}, h('strong', {}, title ?? error.message)),
    detail ? h('p', {}, prose(detail)) : null,
    errors?.length
      ? h(
          'ul',
          {},
          errors.map(({ field, message }) => h('li', {}, h('code', {}, field), ` ${message}`)),
        )
      : null,
    remedy ? h('p', {}, h('strong', {}, `${t('problem.remedy')} `), prose(remedy, { retry_at: retry_at && moment(retry_at) })) : null,
    upstream
      ? h('p', {}, t('problem.upstream', { status: upstream.status, code: upstream.code ?? '–', message: upstream.message ?? '' }))
      : null,
    code ? h('p', {}, h('code', {}, code)) : null,
  ];
}

/** The same as text, to be passed on. @param {Fault} error */
const reportOf = (error) => JSON.stringify({ page: location.href, message: error.message, ...error.problem }, null, 2);

/** Whether an answer says that this gateway has no such route (yet). @param {Fault} error */
export const isMissing = (error) => error.status === 404 && error.problem?.code === 'route_not_found';
