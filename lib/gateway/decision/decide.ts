/**
 * Decides whether a credential may make a request, at an instant. Pure; runs again whenever access changes while a
 * stream is open. Must never allow: a cluster or space outside the credential's binding, a namespace where the person
 * has no role now, more than the role allows, a proxy, a change where the cluster's admission policies are not in
 * force. Another person's namespace looks like one that does not exist.
 */

import {
  type Access,
  grantedAt,
  hasSuspendedRole,
  insideBounds,
  isSuspendedByProvisioning,
  roleAt,
  type SpaceAccess,
} from '#lib/gateway/credential/access.ts'
import { GatewayRefusal } from '#lib/gateway/refusal.ts'
import { type CredentialFault, checkCredential } from '#lib/kernel/credentials/check-credential.ts'
import { roleAllows } from '#lib/kernel/model/access/role-rules.ts'
import { decideClusterScope } from './decide-cluster-scope.ts'
import { decideSpaceObjects, isReadOfSpaceObjects } from './decide-space-objects.ts'
import type { AccessAttempt, AccessRules, Decision, ResourceAttempt } from './decision.ts'
import { forbidden } from './forbidden.ts'

/**
 * @param now milliseconds since the epoch
 * @throws GatewayRefusal
 */
export function decide(target: AccessAttempt, access: Access, now: number, rules: AccessRules): Decision {
  const { portalUrl } = rules
  const fault = checkCredential(access.credential, now)
  if (fault) throw refuseCredential(fault, portalUrl)
  requireBounds(target, access, now, portalUrl)
  if (target.kind === 'resource' && target.subresource === 'proxy') throw refuseProxy(target)
  if (target.kind === 'resource' && isReadOfSpaceObjects(target)) return decideSpaceObjects(target, access, now)
  if (target.kind === 'resource' && target.namespace !== '') return decideNamespaced(target, access, now, portalUrl)
  return decideClusterScope(target, access, now, rules)
}

const credentialFaults: Record<
  CredentialFault,
  readonly [key: 'credential_revoked' | 'credential_ended' | 'person_deactivated', why: string]
> = {
  revoked: ['credential_revoked', 'this credential was revoked'],
  ended: ['credential_ended', 'this credential has expired'],
  deactivated: ['person_deactivated', 'your account is deactivated'],
}

function refuseCredential(fault: CredentialFault, portalUrl: string): GatewayRefusal {
  const [key, why] = credentialFaults[fault]
  const next = fault === 'deactivated' ? 'ask a platform admin if this is a mistake' : 'get a new one at'
  return new GatewayRefusal(
    key,
    401,
    fault === 'deactivated' ? `${why}; ${next}` : `${why}; ${next} ${portalUrl}/credentials`,
  )
}

/** A bound credential works only on its cluster, and only while the person has a role in its space. */
function requireBounds(target: AccessAttempt, access: Access, now: number, portalUrl: string): void {
  const { cluster, spaceId } = access.credential
  if (cluster !== null && cluster !== target.cluster)
    throw new GatewayRefusal(
      'outside_credential',
      403,
      `this credential is bound to another cluster; get one for this cluster at ${portalUrl}/credentials`,
    )
  if (spaceId === null) return
  for (const namespaces of access.spaces.values())
    for (const space of namespaces.values()) {
      if (space.spaceId !== spaceId) continue
      if (roleAt(space, now) === null) {
        if (hasSuspendedRole(space, now))
          throw new GatewayRefusal('groups_suspended', 403, whySuspended(space, now, portalUrl))
        continue
      }
      if (space.cluster === target.cluster) return
      throw new GatewayRefusal(
        'outside_credential',
        403,
        `this credential is bound to a space on another cluster; get another one at ${portalUrl}/credentials`,
      )
    }
  throw new GatewayRefusal(
    'no_access',
    403,
    `you no longer have access to this credential’s space, or it was deleted; see ${portalUrl}`,
  )
}

const whySuspended = (space: SpaceAccess, now: number, portalUrl: string): string =>
  isSuspendedByProvisioning(space, now)
    ? 'your roles from groups are suspended because your identity provider has stopped provisioning them; ask a platform admin'
    : `your roles from groups are suspended until you sign in at ${portalUrl}`

function decideNamespaced(target: ResourceAttempt, access: Access, now: number, portalUrl: string): Decision {
  const space = access.spaces.get(target.cluster)?.get(target.namespace)
  const role = space && roleAt(space, now)
  if (space && !role && hasSuspendedRole(space, now))
    throw forbidden(target, access, 'groups_suspended', whySuspended(space, now, portalUrl))
  if (!space || !role)
    throw forbidden(target, access, 'no_access', `you have no role in this namespace; see ${portalUrl}`)
  if (!insideBounds(access, space))
    throw forbidden(target, access, 'outside_credential', 'this credential is bound to another space')
  const resource = target.subresource === '' ? target.resource : `${target.resource}/${target.subresource}`
  if (!roleAllows(role, target.group, resource, target.verb))
    throw forbidden(target, access, 'role_insufficient', whyNot(target, resource, space, now, portalUrl))
  if (space.door === 'closed' || (space.door === 'read-only' && !onlyReads(target))) throw refuseWithoutFences(space)
  return { as: 'person', space }
}

function whyNot(target: ResourceAttempt, resource: string, space: SpaceAccess, now: number, portalUrl: string): string {
  const granted = grantedAt(space, now)
  if (hasSuspendedRole(space, now))
    return `your role in this space is ${granted}; ${whySuspended(space, now, portalUrl)}`
  if (granted !== 'admin') return `your role in this space is ${granted}; request a higher one at ${portalUrl}`
  return roleAllows('admin', target.group, resource, target.verb)
    ? `your role has an end date; only admins without an end date can write Roles and RoleBindings; see ${portalUrl}`
    : 'no role allows this'
}

const reads = new Set(['get', 'list', 'watch'])
/** Entering a pod is a `get` of one of these. */
const entries = new Set(['exec', 'attach', 'portforward'])
const onlyReads = ({ verb, subresource }: ResourceAttempt) => reads.has(verb) && !entries.has(subresource)

/** Without its admission policies, the cluster would not confine people to their spaces. */
const refuseWithoutFences = ({ cluster, door }: SpaceAccess): GatewayRefusal =>
  new GatewayRefusal(
    'fences_missing',
    503,
    `cluster ${JSON.stringify(cluster)} is ${door === 'closed' ? 'closed' : 'read-only, without exec, attach and port-forward,'} until a platform admin restores its admission policies`,
  )

/** The API server's proxies send HTTP to pods, services and nodes from the API server's own network. */
const refuseProxy = (target: ResourceAttempt): GatewayRefusal =>
  new GatewayRefusal(
    'proxy_forbidden',
    403,
    'Spaceport does not allow the API server’s proxy; use kubectl port-forward instead',
    { kind: target.resource },
  )
