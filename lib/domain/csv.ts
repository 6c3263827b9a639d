/**
 * A field of a CSV file (RFC 4180). A leading apostrophe turns what a spreadsheet would run as a formula into text;
 * some spreadsheets treat full-width signs (＝＋－＠) like plain ones.
 */
function csvField(value: string | null): string {
  if (value === null) return ''
  const text = /^[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** @returns a line of a CSV file, with its end */
export const csvLine = (values: readonly (string | null)[]): string => `${values.map(csvField).join(',')}\r\n`
