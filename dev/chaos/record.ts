import type { ConfirmedAction } from './compare-actions.ts'

/** What a run has seen, in one place: actors write it, the end judges it. */
export type ChaosRecord = ReturnType<typeof createRecord>

type Phase = 'rolling' | 'killing' | 'settling'

export function createRecord() {
  const answered: Record<Phase, number[]> = { rolling: [], killing: [], settling: [] }
  const failed: Record<Phase, string[]> = { rolling: [], killing: [], settling: [] }
  const confirmed: ConfirmedAction[] = []
  let phase: Phase = 'rolling'
  return {
    setPhase: (next: Phase) => {
      phase = next
    },
    /** A request or an action that its person got an answer to. @param ms it took */
    answer: (ms: number) => void answered[phase].push(ms),
    /** One that they got none to, or an error that asks them to try again. */
    fail: (what: string) => void failed[phase].push(what),
    answered,
    failed,
    /** Objects that a client was told are there, by their number, those it asked to be deleted, and those it was told are gone. */
    created: new Set<string>(),
    asked: new Set<string>(),
    deleted: new Set<string>(),
    /** Milliseconds from a confirmed revocation or removal until the last gateway refused. */
    revoked: [] as number[],
    /** What was done in the portal, and seen done. */
    confirmed,
    get actions() {
      const count = (action: ConfirmedAction['action']) => confirmed.filter((one) => one.action === action).length
      return {
        spaces: count('space.create'),
        members: count('grant.remove'),
        revocations: count('credential.revoke'),
      }
    },
    /** What must never be. */
    violations: [] as string[],
  }
}

/** @returns the value below which that share of the values lies; 0 without values */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}
