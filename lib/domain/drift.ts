import type { Manifest } from './manifest.ts'

/**
 * Whether an object on the cluster is no longer as we wrote it: every field that we set must be there with our value;
 * what others added beside is theirs. Lists have to be the same.
 */
export const hasDrifted = (wanted: Manifest, actual: unknown): boolean => !covers(actual, wanted, '')

function covers(actual: unknown, wanted: unknown, path: string): boolean {
  if (path === '/metadata/uid') return true
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(actual) &&
      actual.length === wanted.length &&
      wanted.every((item, i) => covers(actual[i], item, `${path}/${i}`))
    )
  }
  if (typeof wanted === 'object' && wanted !== null) {
    if (Object.keys(wanted).length === 0) return actual === undefined || (typeof actual === 'object' && actual !== null)
    if (typeof actual !== 'object' || actual === null) return false
    const fields = new Map(Object.entries(actual))
    return Object.entries(wanted).every(([key, value]) => covers(fields.get(key), value, `${path}/${key}`))
  }
  return actual === wanted
}
