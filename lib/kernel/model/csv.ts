/**
 * Where a spreadsheet may see the start of a cell. In many countries, semicolons separate cells, and quotes within one
 * aren't recognized. Some treat full-width signs (＝＋－＠) like plain ones.
 */
const formulaStart = /^(?=[=+\-@\t\r\n＝＋－＠])|(?<=[;\t\r\n])(?=[=+\-@＝＋－＠])/g

/** A field of a CSV file (RFC 4180). An apostrophe keeps spreadsheets from running it as a formula. */
function csvField(value: string | null): string {
  if (value === null) return ''
  const text = value.replaceAll(formulaStart, "'")
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

export const csvLine = (values: readonly (string | null)[]): string => `${values.map(csvField).join(',')}\r\n`
