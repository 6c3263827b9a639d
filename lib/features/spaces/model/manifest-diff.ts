import { structuredPatch } from 'diff'

/** Lines of a change with their surroundings: each begins with a space, a plus or a minus. */
export type DiffHunk = { line: number; lines: string[] }

const context = 3
/** A text that was replaced as a whole would take long to compare. */
const maxEdits = 1_000

/** @returns how one text differs from another; null: too much to show */
export function diffLines(before: string, after: string): DiffHunk[] | null {
  const found = structuredPatch('', '', before, after, '', '', { context, maxEditLength: maxEdits })
  return found ? found.hunks.map(({ oldStart, lines }) => ({ line: oldStart, lines })) : null
}
