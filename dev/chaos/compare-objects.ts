type ObjectRecord = {
  /** Numbers of the objects with a confirmed creation. */
  created: ReadonlySet<string>
  /** Those with a delete request: they may or may not exist. */
  asked: ReadonlySet<string>
  /** Those with a confirmed deletion. */
  deleted: ReadonlySet<string>
}

/**
 * @param there the number of each object on the cluster;
 * @returns the violations
 */
export function compareObjects(there: readonly string[], { created, asked, deleted }: ObjectRecord): string[] {
  if (created.size === 0) return ['No object was created: nothing was compared']
  const times = new Map<string, number>()
  for (const id of there) times.set(id, (times.get(id) ?? 0) + 1)
  const kept = [...created].filter((id) => !asked.has(id))
  return [
    ...[...times].filter(([, count]) => count > 1).map(([id, count]) => `Object ${id} was created ${count} times`),
    ...[...deleted].filter((id) => times.has(id)).map((id) => `Object ${id} exists, but was deleted`),
    ...kept.filter((id) => !times.has(id)).map((id) => `Object ${id} is missing, but was created`),
  ]
}
