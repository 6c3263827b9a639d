/**
 * Finds the items that a notification affects without scanning everything: by the credential, person and spaces of
 * their access. Must never miss one: a notification of an unknown kind affects all.
 */
import type { Access } from './access.ts'

export type SubjectIndex<T> = {
  set(item: T, access: Access): void
  delete(item: T): void
  /**
   * @param subject `credential:{id}`, `user:{id}`, `space:{id}` or `cluster:{id}`
   * @returns the items with access that it may reduce
   */
  concernedBy(subject: string): readonly T[]
}

export function createSubjectIndex<T>(): SubjectIndex<T> {
  const accesses = new Map<T, Access>()
  /** IDs are UUIDs, so credentials, people and spaces share one map. */
  const byId = new Map<string, Set<T>>()

  function remove(item: T): void {
    const access = accesses.get(item)
    if (!access || !accesses.delete(item)) return
    for (const id of idsOf(access)) {
      const items = byId.get(id)
      if (items?.delete(item) && items.size === 0) byId.delete(id)
    }
  }

  return {
    set(item, access) {
      if (accesses.get(item) === access) return
      remove(item)
      accesses.set(item, access)
      for (const id of idsOf(access)) {
        const items = byId.get(id)
        if (items) items.add(item)
        else byId.set(id, new Set([item]))
      }
    },
    delete: remove,
    concernedBy(subject) {
      const colon = subject.indexOf(':')
      const kind = subject.slice(0, colon)
      if (kind !== 'credential' && kind !== 'user' && kind !== 'space') return [...accesses.keys()]
      return [...(byId.get(subject.slice(colon + 1)) ?? [])]
    },
  }
}

function* idsOf({ credential, person, spaceIds }: Access): Generator<string> {
  yield credential.id
  yield person.id
  yield* spaceIds
}
