import { clusterRoleOf, type Role } from '#lib/kernel/model/access/role.ts'
import { changesAnything, type GainedRight, gainedRights } from '#lib/kernel/model/access/role-rules.ts'
import { termOf } from '#lib/kernel/model/access/role-term.ts'
import type { RequestPayload, RolePayload } from './access-request.ts'

/** The risks of a role, in the order in which an approver should check them. */
export const risks = ['secrets', 'shell', 'write', 'grants'] as const
export type Risk = (typeof risks)[number]

/** Each lets a person run code in a running pod, or reach what only that pod can. */
const shells = new Set(['pods/exec', 'pods/attach', 'pods/portforward', 'pods/ephemeralcontainers'])
const grantKinds = new Set(['roles.rbac.authorization.k8s.io', 'rolebindings.rbac.authorization.k8s.io'])

const tests: Readonly<Record<Risk, (right: GainedRight) => boolean>> = {
  secrets: ({ resource }) => resource === 'secrets',
  shell: ({ resource }) => shells.has(resource),
  write: (right) => !shells.has(right.resource) && !grantKinds.has(right.resource) && changesAnything(right),
  grants: (right) => grantKinds.has(right.resource) && changesAnything(right),
}

export const risksOf = (rights: readonly GainedRight[]): Risk[] => risks.filter((risk) => rights.some(tests[risk]))

/**
 * @param gained rights on the cluster that a person would gain
 * @param becomesAdmin whether they would become an admin of the space, who can give roles in the portal
 * @returns the risks; empty: they could only read, or gain nothing
 */
export const gainedRisks = (gained: readonly GainedRight[], becomesAdmin: boolean): Risk[] =>
  risks.filter((risk) => gained.some(tests[risk]) || (risk === 'grants' && becomesAdmin))

export const clusterRoleAsked = (asked: RolePayload): Role => clusterRoleOf(asked.role, termOf(asked).minutes !== null)

/** @returns the risks of a request, whatever the requester's current access */
export const askedRisks = (payload: RequestPayload): Risk[] =>
  payload.kind === 'role' ? gainedRisks(gainedRights(null, clusterRoleAsked(payload)), payload.role === 'admin') : []
