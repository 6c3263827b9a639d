/**
 * Phrases that a native speaker rarely writes, and that this project once wrote all the time. One is no mistake; many are
 * a sign that text should be rewritten: subject, verb, object; the field’s own word.
 */
const markers: readonly RegExp[] = [
  /\bwho(ever|mever|soever)\b/,
  /\banew\b/,
  /\bmeanwhile\b/,
  /\b(is|are|was|were|be|been|being) told\b/,
  /\bof (ours|theirs|yours)\b/,
  /\bsomebody\b/,
  /\bnobody\b/,
  /\bwhose\b/,
  /\bwhat (becomes?|became) of\b/,
  /\bstands?\b/,
  /\b(says?|said) (of|so)\b/,
  /\bnone of\b/,
  /\bso long\b/,
  /\bin the midst\b/,
  /\bby (itself|themselves)\b/,
]

const everyMarker = new RegExp(markers.map(({ source }) => source).join('|'), 'giu')

/** @returns the marker phrases in a text, in order */
export const markersIn = (text: string): string[] =>
  [...text.matchAll(everyMarker)].map(([phrase]) => phrase.toLowerCase())

/** @returns how many words a text has */
export const wordsIn = (text: string): number => (text.match(/[\p{L}\p{N}][\p{L}\p{N}’'-]*/gu) ?? []).length
