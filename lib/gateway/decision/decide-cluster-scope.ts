/**
 * Decides about requests outside of namespaces. Must never allow anything that is not on these lists, whatever the
 * person's rights on the cluster: what clients need to work, and the kinds that the operator made readable. A
 * credential bound to a space gets only the former.
 */
import { type Access, effectiveSpaceIds } from '#lib/gateway/credential/access.ts'
import type { AccessAttempt, AccessRules, Decision, PathAttempt, ResourceAttempt } from './decision.ts'
import { forbidden } from './forbidden.ts'

const asPerson: Decision = { as: 'person' }

/** Discovery, the version, OpenAPI and the three health endpoints, by GET only. */
export const openUrls: readonly string[] = [
  '/api',
  '/api/*',
  '/apis',
  '/apis/*',
  '/version',
  '/openapi/v2',
  '/openapi/v3',
  '/openapi/v3/*',
  '/healthz',
  '/livez',
  '/readyz',
]

/** Reviews of the caller's own identity and rights, as resource, group and version, by POST only. */
export const ownReviews: ReadonlySet<string> = new Set([
  'selfsubjectaccessreviews.authorization.k8s.io/v1',
  'selfsubjectrulesreviews.authorization.k8s.io/v1',
  'selfsubjectreviews.authentication.k8s.io/v1',
  'selfsubjectreviews.authentication.k8s.io/v1beta1',
  'selfsubjectreviews.authentication.k8s.io/v1alpha1',
])
const reads: ReadonlySet<string> = new Set(['get', 'list', 'watch'])

const qualified = ({ resource, group }: ResourceAttempt) => (group === '' ? resource : `${resource}.${group}`)

/** Under /api and /apis, only discovery gets here: deeper paths are resources. */
const isOpen = ({ verb, path }: PathAttempt) =>
  verb === 'get' && openUrls.some((open) => path === open || (open.endsWith('*') && path.startsWith(open.slice(0, -1))))

const isOwnReview = (target: ResourceAttempt) =>
  target.verb === 'create' &&
  target.name === '' &&
  target.subresource === '' &&
  ownReviews.has(`${qualified(target)}/${target.version}`)

const isNamespaceList = (target: ResourceAttempt) =>
  target.group === '' &&
  target.version === 'v1' &&
  target.resource === 'namespaces' &&
  target.name === '' &&
  (target.verb === 'list' || target.verb === 'watch')

/**
 * @param target a target outside of namespaces
 * @param now milliseconds since the epoch
 * @throws GatewayRefusal outside_spaces, outside_credential
 */
export function decideClusterScope(target: AccessAttempt, access: Access, now: number, rules: AccessRules): Decision {
  if (target.kind === 'other') {
    if (isOpen(target)) return asPerson
  } else {
    if (isOwnReview(target)) return asPerson
    if (isNamespaceList(target)) return { as: 'gateway', spaceIds: effectiveSpaceIds(access, target.cluster, now) }
    const readable = reads.has(target.verb) && target.subresource === '' && rules.clusterReadable.has(qualified(target))
    if (readable && access.credential.spaceId === null) return asPerson
    if (readable) throw forbidden(target, access, 'outside_credential', 'this credential is bound to a space')
  }
  throw forbidden(
    target,
    access,
    'outside_spaces',
    `Spaceport gives access to your spaces only; see ${rules.portalUrl}`,
  )
}
