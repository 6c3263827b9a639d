import type { Manifest } from './manifest.ts'

/**
 * Only removes access: reduces the cluster's bindings to subjects that are still desired.
 * @param found bindings on the cluster
 * @param desired bindings as they should be
 * @returns bindings to write, with fewer subjects than now, and names of bindings to delete
 */
export function narrowBindings(
  found: readonly Manifest[],
  desired: readonly Manifest[],
): { write: Manifest[]; remove: string[] } {
  const write: Manifest[] = []
  const remove: string[] = []
  for (const binding of found) {
    const { name } = binding.metadata
    const target = desired.find((one) => one.metadata.name === name && roleOf(one) === roleOf(binding))
    const now = new Set(subjectsOf(binding).map(keyOf))
    const stay = target ? subjectsOf(target).filter((subject) => now.has(keyOf(subject))) : []
    if (!target || stay.length === 0) remove.push(name)
    else if (stay.length < now.size) write.push({ ...target, subjects: stay })
  }
  return { write, remove }
}

const subjectsOf = ({ subjects }: Manifest): unknown[] => (Array.isArray(subjects) ? subjects : [])

const fieldOf = (value: unknown, field: string): unknown =>
  typeof value === 'object' && value !== null ? new Map(Object.entries(value)).get(field) : undefined

const keyOf = (subject: unknown): string =>
  JSON.stringify(['kind', 'namespace', 'name'].map((field) => fieldOf(subject, field)))

const roleOf = ({ roleRef }: Manifest): string => JSON.stringify([fieldOf(roleRef, 'kind'), fieldOf(roleRef, 'name')])
