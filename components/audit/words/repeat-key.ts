import type { EventRow } from './event-row.ts'
import type { SentencePart } from './sentence-part.ts'

/** @returns a key that is equal for rows with the same sentence */
export const repeatKey = ({ told, failure, around, reported, outcome }: EventRow): string =>
  JSON.stringify([told.map(withoutId), failure, around, reported, outcome])

/** All kubeconfigs of a kind count as the same. */
const withoutId = (part: SentencePart): SentencePart =>
  typeof part === 'object' && part.is === 'credential' ? part.text : part
