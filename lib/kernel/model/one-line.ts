/** Characters that end a line, are invisible, or reverse text (plain-text.ts). */
const unseen = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu

/** @returns text on one line */
export const oneLine = (text: string): string => text.toWellFormed().replace(unseen, ' ').replace(/ {2,}/g, ' ').trim()

/** @returns the beginning of a text that is too long, well-formed */
export const clipped = (text: string, maxLength: number): string =>
  (text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text).toWellFormed()
