import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { Manifest } from '#lib/kernel/model/spaces/manifest.ts'
import { few, rightsBeyond, rightsOf, ruleSchema } from './rights-of-rules.ts'

const rulesSchema = z.object({ rules: z.array(ruleSchema).nullish() })
const bindingSchema = z.object({
  roleRef: z.object({ kind: z.string(), name: z.string() }),
  subjects: z.array(z.object({ kind: z.string(), name: z.string(), namespace: z.string().optional() })).nullish(),
})

/**
 * Compares an object on the cluster with this version's manifest.
 * @returns the differences, in words; empty: none that matter
 */
export function listDifferences(shipped: Manifest, found: unknown): string[] {
  if (shipped.kind.endsWith('Role')) return [...ofLabels(shipped, found), ...ofRules(shipped, found)]
  if (shipped.kind.endsWith('RoleBinding')) return [...ofLabels(shipped, found), ...ofBinding(shipped, found)]
  const { apiVersion: _, kind: __, metadata: ___, ...rest } = shipped
  return [...ofLabels(shipped, found), ...ofFields(rest, found, '')]
}

const ofLabels = ({ metadata }: Manifest, found: unknown): string[] =>
  ofFields({ metadata: { labels: metadata.labels ?? {} } }, found, '')

function ofRules(shipped: Manifest, found: unknown): string[] {
  const [wanted, there] = [shipped, found].map((role) => rightsOf(rulesSchema.parse(role).rules ?? []))
  const missing = rightsBeyond(wanted ?? [], there ?? [])
  const added = rightsBeyond(there ?? [], wanted ?? [])
  return [
    ...(missing.length > 0 ? [`lacks the right to ${few(missing)}`] : []),
    ...(added.length > 0 ? [`has a right too many, to ${few(added)}`] : []),
  ]
}

function ofBinding(shipped: Manifest, found: unknown): string[] {
  const [wanted, there] = [bindingSchema.parse(shipped), bindingSchema.parse(found)]
  const say = ({ kind, name, namespace }: { kind: string; name: string; namespace?: string | undefined }) =>
    `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`
  const [subjects, others] = [wanted, there].map(({ subjects: all }) => (all ?? []).map(say))
  const missing = (subjects ?? []).filter((subject) => !others?.includes(subject))
  const added = (others ?? []).filter((subject) => !subjects?.includes(subject))
  return [
    ...(isDeepStrictEqual(wanted.roleRef, there.roleRef) ? [] : [`binds ${say(there.roleRef)}`]),
    ...(missing.length > 0 ? [`doesn’t bind ${few(missing)}`] : []),
    ...(added.length > 0 ? [`also binds ${few(added)}`] : []),
  ]
}

/** Additions by the API server or others don't matter; our own content must be there. */
function ofFields(wanted: unknown, found: unknown, path: string): string[] {
  if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted)) {
    if (isDeepStrictEqual(wanted, found)) return []
    const said = (value: unknown) => (value === undefined ? 'missing' : JSON.stringify(value))
    return [`${path} is ${said(found)}${typeof wanted === 'object' ? '' : ` instead of ${said(wanted)}`}`]
  }
  return Object.entries(wanted).flatMap(([key, value]) => {
    const inner = typeof found === 'object' && found !== null ? (found as Record<string, unknown>)[key] : undefined
    const step = key.includes('.') ? `[${key}]` : `${path === '' ? '' : '.'}${key}`
    return ofFields(value, inner, `${path}${step}`)
  })
}
