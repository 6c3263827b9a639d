import type { FoundSubject } from '#lib/features/clusters/model/rights-findings.ts'
import { systemNamespace, usersNamespace } from '#lib/kernel/model/spaces/cluster-names.ts'
import type { Member } from '#lib/kernel/model/spaces/membership.ts'
import type { ClusterBinding, SpaceRights } from './cluster-binding.ts'
import { handleOf } from './review-subject.ts'

/** A subject to check with the API server. */
export type Candidate = {
  subject: FoundSubject
  /** Set for Spaceport users. */
  person: { handle: string; name: string } | null
}

export type WhoMayAnswer = Candidate & {
  allowed: boolean
  /** The API server's explanation. */
  reason: string
  /** Whether the answer contradicts Spaceport's database. */
  differs: boolean
  /** Whether it is one of Spaceport's own processes, with a right that it ships with. */
  isShipped: boolean
}

export type WhoMay = {
  right: string
  at: string
  answers: WhoMayAnswer[]
  /** Candidates that weren't checked: beyond the limit, or no answer in time. */
  leftOut: number
}

const processes = ['broker', 'gateway', 'health']

/**
 * @param reason the API server's
 * @returns whether one of Spaceport's processes has a right by its own binding. The page of clusters tells if that one
 *   grants more than it ships with.
 */
export const isShippedRight = ({ kind, name, namespace }: FoundSubject, reason: string): boolean =>
  kind === 'ServiceAccount' &&
  namespace === systemNamespace &&
  processes.some(
    (process) =>
      name === `spaceport-${process}` &&
      reason.startsWith(
        `RBAC: allowed by ClusterRoleBinding "spaceport:${process}" of ClusterRole "spaceport:${process}" `,
      ),
  )

type Named = Pick<Member, 'handle' | 'name'>

/**
 * @param people everyone with any role in the space, in the order to check them
 * @param bindings the space's bindings
 * @param across all ClusterRoleBindings; subjects shipped with Kubernetes are skipped
 * @returns the candidates, without duplicates: people first, then binding subjects
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
