/**
 * Characters that make a text look different from its content: control characters (C0 except tab and line ends, DEL,
 * C1), line and paragraph separators, and bidirectional embeddings, overrides and isolates (Unicode Standard Annex 9,
 * section 2). Allows directional marks (U+200E, U+200F) for right-to-left texts.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find
const deceiving = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/

/** @returns whether a text is safe to store and show to others */
export const isPlainText = (text: string): boolean => !deceiving.test(text) && text.isWellFormed()
