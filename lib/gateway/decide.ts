/**
 * Whether a credential may do what a request asks for, at an instant. Pure; asked again whenever access changes while a
 * stream is open. Must never let through: another cluster or space than the credential's, a namespace in which the person
 * has no role now, more than the role allows, a proxy. A namespace that is not theirs looks like one that is not there.
 */
import { type CredentialFault, checkCredential } from '#lib/credentials/check-credential.ts'
import { personUserName } from '#lib/domain/cluster-names.ts'
import { roleAllows } from '#lib/domain/role-rules.ts'
import { type Access, effectiveSpaceIds, insideBounds, roleAt, type SpaceAccess } from './access.ts'
import type { ResourceTarget, Target } from './parse-target.ts'
import { Refusal } from './refusal.ts'

/** Under whose right it goes upstream: the person's, or the gateway's own, narrowed to these spaces. */
export type Decision = { as: 'person'; space?: SpaceAccess } | { as: 'gateway'; spaceIds: string[] }

const asPerson: Decision = { as: 'person' }

/**
 * @param now milliseconds since the epoch
 * @param portalUrl where the person finds help
 * @throws Refusal
 */
export function decide(target: Target, access: Access, now: number, portalUrl: string): Decision {
  const fault = checkCredential(access.credential, now)
  if (fault) throw refuseCredential(fault, portalUrl)
  requireBounds(target, access, now, portalUrl)
  if (target.kind === 'other') return asPerson
  if (target.subresource === 'proxy') throw refuseProxy(target)
  if (target.namespace !== '') return decideNamespaced(target, access, now, portalUrl)
  if (isNamespaceList(target)) return { as: 'gateway', spaceIds: effectiveSpaceIds(access, target.cluster, now) }
  return asPerson
}

const isNamespaceList = (target: ResourceTarget) =>
  target.group === '' &&
  target.version === 'v1' &&
  target.resource === 'namespaces' &&
  target.name === '' &&
  (target.verb === 'list' || target.verb === 'watch')

const credentialFaults: Record<
  CredentialFault,
  readonly [key: 'credential_revoked' | 'credential_ended' | 'person_deactivated', why: string]
> = {
  revoked: ['credential_revoked', 'this credential was revoked'],
  ended: ['credential_ended', 'this credential has ended'],
  deactivated: ['person_deactivated', 'the account of this credential is deactivated'],
}

function refuseCredential(fault: CredentialFault, portalUrl: string): Refusal {
  const [key, why] = credentialFaults[fault]
  const next = fault === 'deactivated' ? 'ask a platform admin if this is a mistake' : 'get a new one at'
  return new Refusal(key, 401, fault === 'deactivated' ? `${why}; ${next}` : `${why}; ${next} ${portalUrl}/credentials`)
}

/** A credential that is bound to a space is of no use outside of its cluster, nor once the person has no role in it. */
function requireBounds(target: Target, access: Access, now: number, portalUrl: string): void {
  const { cluster, spaceId } = access.credential
  if (cluster !== null && cluster !== target.cluster)
    throw new Refusal(
      'outside_credential',
      403,
      `this credential is bound to another cluster; get one for this cluster at ${portalUrl}/credentials`,
    )
  if (spaceId === null) return
  for (const namespaces of access.spaces.values())
    for (const space of namespaces.values()) {
      if (space.spaceId !== spaceId || roleAt(space, now) === null) continue
      if (space.cluster === target.cluster) return
      throw new Refusal(
        'outside_credential',
        403,
        `this credential is bound to a space on another cluster; get another one at ${portalUrl}/credentials`,
      )
    }
  throw new Refusal(
    'no_access',
    403,
    `your access to the space of this credential has ended, or the space is gone; see ${portalUrl}`,
  )
}

function decideNamespaced(target: ResourceTarget, access: Access, now: number, portalUrl: string): Decision {
  const space = access.spaces.get(target.cluster)?.get(target.namespace)
  const role = space && roleAt(space, now)
  if (!space || !role) throw forbidden(target, access, 'no_access', `you have no role there; see ${portalUrl}`)
  if (!insideBounds(access, space))
    throw forbidden(target, access, 'outside_credential', 'this credential is bound to another space')
  const resource = target.subresource === '' ? target.resource : `${target.resource}/${target.subresource}`
  if (!roleAllows(role, target.group, resource, target.verb))
    throw forbidden(
      target,
      access,
      'role_insufficient',
      role === 'admin' ? 'no role in a space allows this' : `your role there is ${role}; ask for more at ${portalUrl}`,
    )
  return { as: 'person', space }
}

/** Words a refusal as the API server's RBAC does (k8s.io/apiserver, responsewriters.Forbidden), with a reason after it. */
function forbidden(
  target: ResourceTarget,
  access: Access,
  key: 'no_access' | 'outside_credential' | 'role_insufficient',
  why: string,
): Refusal {
  const { resource, group, name, subresource, verb, namespace } = target
  const qualified = group === '' ? resource : `${resource}.${group}`
  const asked = subresource === '' ? resource : `${resource}/${subresource}`
  const message = `${qualified}${name === '' ? '' : ` ${JSON.stringify(name)}`} is forbidden: User "${personUserName(access.person.handle)}" cannot ${verb} resource "${asked}" in API group "${group}" in the namespace "${namespace}": ${why}`
  return new Refusal(key, 403, message, {
    ...(name !== '' && { name }),
    ...(group !== '' && { group }),
    kind: resource,
  })
}

/** The API server's proxies speak HTTP to pods, services and nodes from the API server's own network. */
const refuseProxy = (target: ResourceTarget): Refusal =>
  new Refusal(
    'proxy_forbidden',
    403,
    'the API server’s proxy is not reachable through Spaceport; use kubectl port-forward instead',
    { kind: target.resource },
  )
