/**
 * Where a spreadsheet may see the start of a cell: in many countries, semicolons separate them, and such a spreadsheet
 * knows no quotes within one. Some treat full-width signs (＝＋－＠) like plain ones.
 */
const formulaStart = /^(?=[=+\-@\t\r\n＝＋－＠])|(?<=[;\t\r\n])(?=[=+\-@＝＋－＠])/g

/** A field of a CSV file (RFC 4180). An apostrophe turns what a spreadsheet would run as a formula into text. */
function csvField(value: string | null): string {
  if (value === null) return ''
  const text = value.replaceAll(formulaStart, "'")
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** @returns a line of a CSV file, with its end */
export const csvLine = (values: readonly (string | null)[]): string => `${values.map(csvField).join(',')}\r\n`
