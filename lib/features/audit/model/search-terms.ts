/** Each word is looked for in each entry that is read: of fifty single letters, that took seconds. */
export const maxTerms = 8
/** Characters of a text that is searched for. */
export const maxSearchText = 100

/** @returns what of a typed text is searched for: its words, each from its first letter or digit on */
export function searchTerms(typed: string): string[] {
  const words = typed.split(/\s+/).map((word) => word.replace(/^[^\p{L}\p{N}]+/u, ''))
  return [...new Set(words.filter((word) => word !== ''))]
}
