import { type ObjectState, objectStates } from '#lib/features/gitops/model/space-object-status.ts'
import { metrics } from '#lib/observability/metrics.ts'

/** Failed checks in a row before an object counts as failing: a cluster or database may be away for a moment. */
const enoughFailures = 5

/** Each object is counted once, by its state at the last check. */
export function countObjects(cluster: string) {
  const states = new Map<string, ObjectState>()
  const failures = new Map<string, number>()
  const counts: Record<ObjectState, number> = { ready: 0, waiting: 0, refused: 0, failing: 0 }
  const { spaceObjects } = metrics()

  function add(state: ObjectState, by: number): void {
    counts[state] += by
    spaceObjects.set({ cluster, state }, counts[state])
  }
  function move(key: string, state: ObjectState): void {
    const before = states.get(key)
    // Forgotten during the check.
    if (!before || before === state) return
    states.set(key, state)
    add(before, -1)
    add(state, 1)
  }
  function forget(key: string): void {
    failures.delete(key)
    const before = states.get(key)
    if (!before) return
    states.delete(key)
    add(before, -1)
  }

  for (const state of objectStates) add(state, 0)
  return {
    forget,
    /** Counts as waiting until its first check. */
    notice(key: string): void {
      if (states.has(key)) return
      states.set(key, 'waiting')
      add('waiting', 1)
    },
    /** Counts only objects that are known and not forgotten since. */
    found(key: string, state: ObjectState): void {
      failures.delete(key)
      move(key, state)
    },
    failed(key: string): void {
      if (!states.has(key)) return
      const inARow = (failures.get(key) ?? 0) + 1
      failures.set(key, inARow)
      if (inARow >= enoughFailures) move(key, 'failing')
    },
    keepOnly(keys: ReadonlySet<string>): void {
      for (const key of states.keys()) if (!keys.has(key)) forget(key)
    },
    /** Stops counting: another worker counts from now on. */
    end(): void {
      for (const state of objectStates) spaceObjects.remove({ cluster, state })
    },
  }
}
