import type { Access } from '#lib/gateway/credential/access.ts'
import { GatewayRefusal, type StatusDetails } from '#lib/gateway/refusal.ts'
import { personUserName } from '#lib/kernel/model/spaces/cluster-names.ts'
import type { AccessAttempt } from './decision.ts'

/**
 * Words a refusal like the API server's RBAC (k8s.io/apiserver, responsewriters.Forbidden).
 * @param why what the person can do about it; appended to the API server's words
 */
export function forbidden(
  target: AccessAttempt,
  access: Access,
  key: 'no_access' | 'groups_suspended' | 'outside_credential' | 'role_insufficient' | 'outside_spaces',
  why: string,
): GatewayRefusal {
  const user = `User "${personUserName(access.person.handle)}"`
  const refuse = (message: string, details: StatusDetails) =>
    new GatewayRefusal(key, 403, `${message}: ${why}`, details, undefined, why)
  if (target.kind === 'other') return refuse(`forbidden: ${user} cannot ${target.verb} path "${target.path}"`, {})
  const { resource, group, name, subresource, verb, namespace } = target
  const qualified = group === '' ? resource : `${resource}.${group}`
  const asked = subresource === '' ? resource : `${resource}/${subresource}`
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`
  const message = `${qualified}${name === '' ? '' : ` ${JSON.stringify(name)}`} is forbidden: ${user} cannot ${verb} resource "${asked}" in API group "${group}" ${where}`
  return refuse(message, {
    ...(name !== '' && { name }),
    ...(group !== '' && { group }),
    kind: resource,
  })
}
