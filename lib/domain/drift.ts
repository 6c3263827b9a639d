import type { Manifest } from './manifest.ts'

/**
 * Whether an object on the cluster is no longer as we wrote it: every field that we set must be there with our value;
 * what others added beside is theirs. Lists have to be the same, and what we left empty below `spec` empty: another field
 * of a rule or a selector is another rule.
 */
export const hasDrifted = (wanted: Manifest, actual: unknown): boolean => !covers(actual, wanted, '', false)

/** @param whole whether others may add nothing */
function covers(actual: unknown, wanted: unknown, path: string, whole: boolean): boolean {
  if (path === '/metadata/uid') return true
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(actual) &&
      actual.length === wanted.length &&
      wanted.every((item, i) => covers(actual[i], item, `${path}/${i}`, true))
    )
  }
  if (typeof wanted !== 'object' || wanted === null) return actual === wanted
  const names = Object.keys(wanted)
  if (names.length === 0 && actual === undefined) return true
  if (typeof actual !== 'object' || actual === null) return false
  const fields = new Map(Object.entries(actual))
  const strict = whole || (names.length === 0 && path.startsWith('/spec/'))
  if (strict && fields.size > names.length) return false
  return Object.entries(wanted).every(([key, value]) => covers(fields.get(key), value, `${path}/${key}`, whole))
}
