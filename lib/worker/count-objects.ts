import { type ObjectState, objectStates } from '#lib/domain/space-object-status.ts'
import { metrics } from '#lib/observability/metrics.ts'

/** Keeps the gauge of a cluster's Space objects: each is counted once, by the state that its last look found. */
export function countObjects(cluster: string) {
  const states = new Map<string, ObjectState>()
  const counts: Record<ObjectState, number> = { ready: 0, waiting: 0, refused: 0, failing: 0 }
  const { spaceObjects } = metrics()

  function add(state: ObjectState, by: number): void {
    counts[state] += by
    spaceObjects.set({ cluster, state }, counts[state])
  }
  function set(key: string, state: ObjectState): void {
    const before = states.get(key)
    if (before === state) return
    states.set(key, state)
    if (before) add(before, -1)
    add(state, 1)
  }
  function forget(key: string): void {
    const before = states.get(key)
    if (!before) return
    states.delete(key)
    add(before, -1)
  }

  for (const state of objectStates) add(state, 0)
  return {
    set,
    forget,
    /** One that wasn't looked at yet waits for that. */
    notice(key: string): void {
      if (!states.has(key)) set(key, 'waiting')
    },
    keepOnly(keys: ReadonlySet<string>): void {
      for (const key of states.keys()) if (!keys.has(key)) forget(key)
    },
    /** Another worker counts from then on. */
    end(): void {
      for (const state of objectStates) spaceObjects.remove({ cluster, state })
    },
  }
}
