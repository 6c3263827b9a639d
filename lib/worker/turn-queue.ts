export type Turn = { namespace: string; name: string }

/** Takes turns between namespaces, so that one with thousands of objects keeps no other waiting. */
export type TurnQueue = {
  /** @param at when it is due; if it is due already, the earlier time counts */
  due(turn: Turn, at: number): void
  forget(turn: Turn): void
  /** Forgets all other objects. */
  keepOnly(turns: readonly Turn[]): void
  /** @returns a due object of the namespace that waited longest; it is not due again until requested */
  take(now: number): Turn | undefined
  /** Undefined: never. */
  nextAt(): number | undefined
  /** By name, in its namespace. */
  rank(turn: Turn): number
}

export function createTurnQueue(): TurnQueue {
  /** In the order of their turns. Infinity: not due. */
  const namespaces = new Map<string, Map<string, number>>()
  const forget = ({ namespace, name }: Turn) => {
    const names = namespaces.get(namespace)
    names?.delete(name)
    if (names?.size === 0) namespaces.delete(namespace)
  }
  return {
    due({ namespace, name }, at) {
      const names = namespaces.get(namespace) ?? new Map<string, number>()
      namespaces.set(namespace, names)
      names.set(name, Math.min(at, names.get(name) ?? Number.POSITIVE_INFINITY))
    },
    forget,
    keepOnly(turns) {
      const kept = new Set(turns.map(({ namespace, name }) => `${namespace}/${name}`))
      for (const [namespace, names] of namespaces)
        for (const name of names.keys()) if (!kept.has(`${namespace}/${name}`)) forget({ namespace, name })
    },
    take(now) {
      for (const [namespace, names] of namespaces) {
        const first = [...names].find(([, at]) => at <= now)
        if (!first) continue
        const [name] = first
        names.delete(name)
        names.set(name, Number.POSITIVE_INFINITY)
        namespaces.delete(namespace)
        namespaces.set(namespace, names)
        return { namespace, name }
      }
      return undefined
    },
    nextAt() {
      let least = Number.POSITIVE_INFINITY
      for (const names of namespaces.values()) for (const at of names.values()) least = Math.min(least, at)
      return least === Number.POSITIVE_INFINITY ? undefined : least
    },
    rank({ namespace, name }) {
      let before = 0
      for (const other of namespaces.get(namespace)?.keys() ?? []) if (other < name) before++
      return before
    },
  }
}
