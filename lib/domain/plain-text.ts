/**
 * Characters that make a text look other than it is, to whoever reads it later: control characters (C0 but tab and line
 * ends, DEL, C1), line and paragraph separators, and what turns the direction of writing or isolates it (Unicode
 * Standard Annex 9, section 2). Marks of direction (U+200E, U+200F) stay: right-to-left texts need them.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to be found
const deceiving = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/

/** @returns whether a text may be kept and shown to others as it is */
export const isPlainText = (text: string): boolean => !deceiving.test(text) && text.isWellFormed()
