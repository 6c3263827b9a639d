import { type FoundRule, isHarmlessRule } from '#lib/features/clusters/model/rights-findings.ts'
import type { Role } from '#lib/kernel/model/access/role.ts'
import { type GainedRight, isSensitive, roleAllows, roleRules } from '#lib/kernel/model/access/role-rules.ts'
import { type Risk, risksOf } from '#lib/kernel/model/requests/request-risk.ts'
import { resourceName } from './requested-right.ts'

/** The API server's list of a user's permissions in a namespace. */
export type ReviewedRules = {
  rules: readonly FoundRule[]
  /** The list may be incomplete: an authorizer can't list its rules. */
  incomplete: boolean
  /** The API server's explanation. */
  note: string
}

/** `names`: the objects it is limited to; empty: all. */
export type ReviewedRight = GainedRight & { names: string[] }

/** Verbs that let a user gain other users' permissions. */
const escalatingVerbs: ReadonlySet<string> = new Set(['*', 'escalate', 'bind', 'impersonate'])
const escalates = ({ resource, verbs }: GainedRight): boolean =>
  resource.startsWith('serviceaccounts/token') || verbs.some((verb) => escalatingVerbs.has(verb))
const isWild = ({ resource }: GainedRight): boolean => resource.startsWith('*')

/** @returns permissions by resource, sensitive ones first, without those that every user has by default */
export function reviewedRights(rules: readonly FoundRule[]): ReviewedRight[] {
  const rights = new Map<string, { resource: string; verbs: Set<string>; names: readonly string[] }>()
  for (const rule of rules) {
    if (isHarmlessRule(rule)) continue
    for (const group of rule.apiGroups)
      for (const plural of rule.resources) {
        const resource = resourceName(group, plural)
        const key = JSON.stringify([resource, rule.resourceNames])
        const right = rights.get(key) ?? { resource, verbs: new Set<string>(), names: rule.resourceNames }
        for (const verb of rule.verbs) right.verbs.add(verb)
        rights.set(key, right)
      }
  }
  return [...rights.values()]
    .map(({ resource, verbs, names }) => {
      const right = { resource, verbs: [...verbs], sensitive: isSensitive(resource, verbs), names: [...names] }
      return { ...right, sensitive: right.sensitive || isWild(right) || escalates(right) }
    })
    .sort((a, b) => Number(b.sensitive) - Number(a.sensitive) || a.resource.localeCompare(b.resource))
}

export type ReviewRisk = Risk | 'escalate'

export const reviewRisks = (rights: readonly GainedRight[]): ReviewRisk[] =>
  rights.some(isWild)
    ? ['secrets', 'shell', 'write', 'grants', 'escalate']
    : [...risksOf(rights), ...(rights.some(escalates) ? (['escalate'] as const) : [])]

/** A person's permissions in a space, from the API server. */
export type WhatMay = {
  person: { handle: string; name: string }
  space: string
  at: string
  rights: ReviewedRight[]
  risks: ReviewRisk[]
  /** Their role on the cluster in Spaceport's database; null: none. */
  role: Role | null
  /** Permissions beyond that role, and those it lacks; at most twenty each. */
  beyond: string[]
  missing: string[]
  /** Whether the list may be incomplete, and the API server's explanation. */
  incomplete: boolean
  note: string
}

/**
 * @param role the role on the cluster in Spaceport's database; null: none
 * @returns the permissions that the API server reports beyond the role, and those of the role that are missing: `delete
 *   pods`
 */
export function differencesFrom(
  role: Role | null,
  rules: readonly FoundRule[],
): { beyond: string[]; missing: string[] } {
  const beyond = new Set<string>()
  for (const rule of rules) {
    if (isHarmlessRule(rule)) continue
    for (const group of rule.apiGroups)
      for (const resource of rule.resources)
        for (const verb of rule.verbs) {
          if (role === null || !roleAllows(role, group, resource, verb))
            beyond.add(`${verb} ${resourceName(group, resource)}`)
        }
  }
  const missing = (role === null ? [] : roleRules[role]).flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => ({ group, resource, verb })))),
  )
  const covers = ({ group, resource, verb }: (typeof missing)[number]) =>
    rules.some(
      ({ apiGroups, resources, verbs, resourceNames }) =>
        resourceNames.length === 0 && has(apiGroups, group) && has(resources, resource) && has(verbs, verb),
    )
  return {
    beyond: [...beyond].sort(),
    missing: [
      ...new Set(
        missing
          .filter((right) => !covers(right))
          .map(({ verb, group, resource }) => `${verb} ${resourceName(group, resource)}`),
      ),
    ].sort(),
  }
}

const has = (list: readonly string[], wanted: string): boolean => list.includes(wanted) || list.includes('*')
