import type { FoundSubject } from '#lib/features/clusters/model/rights-findings.ts'
import { personGroups, personUserName, usersNamespace } from '#lib/kernel/model/spaces/cluster-names.ts'

/** The subject of an access review: a user with groups, or (user empty) a group alone. */
export type ReviewSubject = { user: string; groups: readonly string[] }

const everybody = 'system:authenticated'
const accountPattern = /^system:serviceaccount:([^:]+):([^:]+)$/

export const personSubject = (handle: string): ReviewSubject => ({ user: personUserName(handle), groups: personGroups })

/**
 * @returns the access review's subject for a binding's subject. A user's groups are unknown outside their
 *   authenticator, so they are left out; a ServiceAccount's follow from its name
 *   (https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/).
 */
export function reviewSubjectOf({ kind, name, namespace }: FoundSubject): ReviewSubject {
  if (kind === 'Group') return { user: '', groups: name === 'system:unauthenticated' ? [name] : [name, everybody] }
  const account = kind === 'ServiceAccount' ? { namespace: namespace ?? '', name } : accountOf(name)
  if (!account) return { user: name, groups: [everybody] }
  return {
    user: `system:serviceaccount:${account.namespace}:${account.name}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${account.namespace}`, everybody],
  }
}

/** The pattern of handles (lib/kernel/model/people/handle.ts). Kubernetes user names may contain anything. */
const handlePattern = /^[a-z0-9][a-z0-9-]{0,62}$/

/** @returns the handle of the Spaceport user that a binding's subject is; null: not a Spaceport user */
export function handleOf({ kind, name, namespace }: FoundSubject): string | null {
  const account = kind === 'ServiceAccount' ? { namespace, name } : kind === 'User' ? accountOf(name) : null
  return account?.namespace === usersNamespace && handlePattern.test(account.name) ? account.name : null
}

function accountOf(user: string): { namespace: string; name: string } | null {
  const [, namespace, name] = accountPattern.exec(user) ?? []
  return namespace !== undefined && name !== undefined ? { namespace, name } : null
}
