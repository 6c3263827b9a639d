/** Each word is searched in each entry. Fifty single letters took seconds. */
export const maxTerms = 8
export const maxSearchText = 100

/** @returns the words of a typed text, each from its first letter or digit on */
export function searchTerms(typed: string): string[] {
  const words = typed.split(/\s+/).map((word) => word.replace(/^[^\p{L}\p{N}]+/u, ''))
  return [...new Set(words.filter((word) => word !== ''))]
}
