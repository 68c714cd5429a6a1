/**
 * The metrics of a day stand beside its report, so that weeks, months and trends read no whole reports. A release before this one leaves them out, and
 * the whole report is read then.
 */
export const metricsOfReports = ['alter table reports add column metrics text'];
