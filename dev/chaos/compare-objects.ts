type Told = {
  /** Numbers of objects that a client was told are there. */
  created: ReadonlySet<string>
  /** Those that it asked to be deleted: whether they are there isn’t known. */
  asked: ReadonlySet<string>
  /** Those that it was told are gone. */
  deleted: ReadonlySet<string>
}

/** @param there the number of each object on the cluster; @returns what must never be */
export function compareObjects(there: readonly string[], { created, asked, deleted }: Told): string[] {
  if (created.size === 0) return ['No object was made: nothing was compared']
  const times = new Map<string, number>()
  for (const id of there) times.set(id, (times.get(id) ?? 0) + 1)
  const kept = [...created].filter((id) => !asked.has(id))
  return [
    ...[...times].filter(([, count]) => count > 1).map(([id, count]) => `Object ${id} was made ${count} times`),
    ...[...deleted].filter((id) => times.has(id)).map((id) => `Object ${id} is there, and was deleted`),
    ...kept.filter((id) => !times.has(id)).map((id) => `Object ${id} is not there, and was made`),
  ]
}
