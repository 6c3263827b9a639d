import type { ToldRow } from './event-row.ts'
import type { SentencePart } from './sentence-part.ts'

/** @returns what rows have in common that say the same */
export const sayingOf = ({ told, failure, around, reported, outcome }: ToldRow): string =>
  JSON.stringify([told.map(withoutId), failure, around, reported, outcome])

/** Kubeconfigs of one kind count as one. */
const withoutId = (part: SentencePart): SentencePart =>
  typeof part === 'object' && part.is === 'credential' ? part.text : part
