import type { ReviewDetail } from '#lib/features/reviews/model/review-view.ts'
import type { LineState } from '#lib/kernel/model/requests/review.ts'
import { lineLooks } from './review-words.ts'

const decidedStates = ['kept', 'lowered', 'revoked', 'flagged', 'ended'] as const
const automaticStates = ['kept', 'revoked', 'undecided'] as const

export type Progress = {
  lines: number
  decided: number
  /** `4 of 5 decided` */
  total: string
  /** `: 2 kept, 1 lowered, 1 revoked.`, which adds up to the decided lines */
  parts: string
  /** `1 revoked automatically.`, the lines that nobody decided before the end; empty: none */
  automatic: string
}

/** @returns how many lines were decided and how, apart from those that the end of the review settled */
export function progressInWords({ counts, nobody }: Pick<ReviewDetail, 'counts' | 'nobody'>): Progress {
  const settled = { ...counts, kept: counts.kept - nobody.kept, revoked: counts.revoked - nobody.revoked }
  const sum = (states: readonly number[]) => states.reduce((total, count) => total + count, 0)
  const decided = sum(decidedStates.map((state) => settled[state]))
  const lines = decided + sum(automaticStates.map((state) => nobody[state])) + counts.open
  const parts = listed(decidedStates, settled, (state) => lineLooks[state].label.toLowerCase())
  const automatic = listed(automaticStates, nobody, (state) => automaticWords[state])
  return {
    lines,
    decided,
    total: `${decided} of ${lines} decided`,
    parts: parts === '' ? '.' : `: ${parts}.`,
    automatic: automatic === '' ? '' : `${automatic}.`,
  }
}

const automaticWords = { kept: 'kept automatically', revoked: 'revoked automatically', undecided: 'left undecided' }

const listed = <State extends LineState>(
  states: readonly State[],
  counts: Readonly<Record<State, number>>,
  wordOf: (state: State) => string,
): string =>
  states
    .filter((state) => counts[state] > 0)
    .map((state) => `${counts[state]} ${wordOf(state)}`)
    .join(', ')
