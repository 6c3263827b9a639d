import type { ConfirmedAction } from './compare-actions.ts'

/** Everything observed during a run: actors write it, the verdict reads it. */
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
    /**
     * A request or an action with an answer.
     * @param ms its duration
     */
    answer: (ms: number) => void answered[phase].push(ms),
    /** One without an answer, or with an error that asks to try again. */
    fail: (what: string) => void failed[phase].push(what),
    answered,
    failed,
    /** Numbers of objects with a confirmed creation, a delete request, and a confirmed deletion. */
    created: new Set<string>(),
    asked: new Set<string>(),
    deleted: new Set<string>(),
    /** Milliseconds from a confirmed revocation or removal until the last gateway refused. */
    revoked: [] as number[],
    /** Actions confirmed in the portal. */
    confirmed,
    get actions() {
      const count = (action: ConfirmedAction['action']) => confirmed.filter((one) => one.action === action).length
      return {
        spaces: count('space.create'),
        members: count('grant.remove'),
        revocations: count('credential.revoke'),
      }
    },
    /** Violations. */
    violations: [] as string[],
  }
}

/** @returns the quantile of the values; 0 without values */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}
