import type { Manifest } from './manifest.ts'
import type { RenderedSpace } from './render-space.ts'

/** A cluster keeps its last 100 repairs. Pages that count them say “100 or more”. */
export const maxRepairs = 100

/**
 * Whether an object on the cluster differs from ours in any field that we set. Others may add fields, except in lists
 * and empty fields below `spec`: in a rule or a selector, an extra field changes the meaning.
 */
export const hasDrifted = (desired: Manifest, actual: unknown): boolean => !covers(actual, desired, '', false)

/** @param whole whether extra fields count as drift */
function covers(actual: unknown, desired: unknown, path: string, whole: boolean): boolean {
  if (path === '/metadata/uid') return true
  if (Array.isArray(desired)) {
    return (
      Array.isArray(actual) &&
      actual.length === desired.length &&
      desired.every((item, i) => covers(actual[i], item, `${path}/${i}`, true))
    )
  }
  if (typeof desired !== 'object' || desired === null) return actual === desired
  const names = Object.keys(desired)
  if (names.length === 0 && actual === undefined) return true
  if (typeof actual !== 'object' || actual === null) return false
  const fields = new Map(Object.entries(actual))
  const strict = whole || (names.length === 0 && path.startsWith('/spec/'))
  if (strict && fields.size > names.length) return false
  return Object.entries(desired).every(([key, value]) => covers(fields.get(key), value, `${path}/${key}`, whole))
}

type FoundNamespace = {
  uid: string
  labels: Record<string, string>
  annotations: Record<string, string>
  terminating: boolean
}

export type Drift = {
  /** The space's namespace is gone or being deleted. */
  gone: boolean
  /** Changed objects, as `Kind/name`. */
  drifted: string[]
  /** Objects with our label that we did not write. */
  foreign: Manifest[]
}

/**
 * Compares a space with the objects on the cluster.
 * @param uid of the space's namespace
 * @param found the namespace with that name now; undefined: none
 * @param objects those in it with our label
 */
export function driftOf(
  rendered: Pick<RenderedSpace, 'namespace' | 'limits' | 'access'>,
  uid: string,
  found: FoundNamespace | undefined,
  objects: readonly Manifest[],
): Drift {
  if (!found || found.uid !== uid || found.terminating)
    return { gone: true, drifted: [nameOf(rendered.namespace)], foreign: [] }
  const { labels, annotations } = found
  const namespace = { ...rendered.namespace, metadata: { ...rendered.namespace.metadata, labels, annotations } }
  const desired = [...rendered.limits, ...rendered.access]
  const drifted = desired.filter((manifest) =>
    hasDrifted(
      manifest,
      objects.find((object) => isSame(object, manifest)),
    ),
  )
  return {
    gone: false,
    drifted: [...(hasDrifted(rendered.namespace, namespace) ? [rendered.namespace] : []), ...drifted].map(nameOf),
    foreign: objects.filter((object) => !desired.some((manifest) => isSame(object, manifest))),
  }
}

const isSame = (a: Manifest, b: Manifest): boolean => a.kind === b.kind && a.metadata.name === b.metadata.name

export const nameOf = (object: Manifest): string => `${object.kind}/${object.metadata.name}`
