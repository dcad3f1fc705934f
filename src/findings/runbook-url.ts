/** Where the source is. */
export const REPOSITORY_URL = 'https://github.com/freezewatch/freezewatch';

/** Where the runbooks are; `%s` is the name of the alert. A site without the internet replaces it (chart: runbookUrl). */
export const RUNBOOK_URL_TEMPLATE = `${REPOSITORY_URL}/blob/main/docs/runbooks/%s.md`;

/** The runbook of an alert, by a template with one `%s`. */
export const runbookUrl = (alert: string, template = RUNBOOK_URL_TEMPLATE): string =>
  template.replace('%s', alert);
