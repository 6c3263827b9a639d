import type { FoundSubject } from '#lib/features/clusters/model/rights-findings.ts'
import { usersNamespace } from '#lib/kernel/model/spaces/cluster-names.ts'
import type { Member } from '#lib/kernel/model/spaces/membership.ts'
import type { ClusterBinding, SpaceRights } from './cluster-binding.ts'
import { handleOf } from './review-subject.ts'

/** Somebody to ask the API server about. */
export type Candidate = {
  subject: FoundSubject
  /** Set for people of Spaceport. */
  person: { handle: string; name: string } | null
}

/** What the API server says about one of them. */
export type WhoMayAnswer = Candidate & {
  allowed: boolean
  /** In the API server’s words. */
  reason: string
  /** Whether Spaceport’s tables say something else. */
  differs: boolean
}

export type WhoMay = {
  right: string
  at: string
  answers: WhoMayAnswer[]
  /** How many were not asked, since there were too many, or were asked and did not answer in time. */
  leftOut: number
}

type Named = Pick<Member, 'handle' | 'name'>

/**
 * @param people those with any standing in a space, in the order in which to ask
 * @param bindings those of the space
 * @param across all ClusterRoleBindings: their subjects are asked too, except for those that Kubernetes ships
 * @returns whom to ask about, each once: people first, then what bindings name
 */
export function candidatesOf(
  people: readonly Named[],
  bindings: readonly ClusterBinding[],
  across: SpaceRights['across'],
): Candidate[] {
  const found = new Map<string, Candidate>()
  const names = new Map(people.map((person) => [person.handle, person.name]))
  const add = (subject: FoundSubject) => {
    const handle = handleOf(subject)
    const key = handle === null ? JSON.stringify([subject.kind, subject.namespace, subject.name]) : handle
    if (found.has(key)) return
    found.set(key, { subject, person: handle === null ? null : { handle, name: names.get(handle) ?? handle } })
  }
  for (const { handle } of people) add({ kind: 'ServiceAccount', namespace: usersNamespace, name: handle })
  for (const { subjects } of bindings) for (const subject of subjects) add(subject)
  for (const { shipped, subjects } of across) if (!shipped) for (const subject of subjects) add(subject)
  return [...found.values()]
}
