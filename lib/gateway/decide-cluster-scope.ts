/**
 * What may be asked of a cluster outside of any namespace: what clients need to work at all, and the kinds that the
 * operator lets people read. Must never let through anything that is not on these lists, whatever right the person has on
 * the cluster; and for a credential that is bound to a space, nothing but what clients need to work.
 */
import { type Access, effectiveSpaceIds } from './access.ts'
import type { Decision, DoorRules } from './decision.ts'
import { forbidden } from './forbidden.ts'
import type { OtherTarget, ResourceTarget, Target } from './parse-target.ts'

const asPerson: Decision = { as: 'person' }

/** Discovery, the version, OpenAPI, and the three words that say whether the API server is up; each by GET alone. */
const openPaths = [
  /^\/api(\/[^/]+)?$/,
  /^\/apis(\/[^/]+){0,2}$/,
  /^\/version$/,
  /^\/openapi\/v2$/,
  /^\/openapi\/v3(\/.+)?$/,
  /^\/(healthz|livez|readyz)$/,
]

/** Questions about oneself, as resource, group and version; each by POST alone. */
const ownReviews = new Set([
  'selfsubjectaccessreviews.authorization.k8s.io/v1',
  'selfsubjectrulesreviews.authorization.k8s.io/v1',
  'selfsubjectreviews.authentication.k8s.io/v1',
  'selfsubjectreviews.authentication.k8s.io/v1beta1',
  'selfsubjectreviews.authentication.k8s.io/v1alpha1',
])
const reads: ReadonlySet<string> = new Set(['get', 'list', 'watch'])

const qualified = ({ resource, group }: ResourceTarget) => (group === '' ? resource : `${resource}.${group}`)

const isOpen = ({ verb, path }: OtherTarget) => verb === 'get' && openPaths.some((open) => open.test(path))

const isOwnReview = (target: ResourceTarget) =>
  target.verb === 'create' &&
  target.name === '' &&
  target.subresource === '' &&
  ownReviews.has(`${qualified(target)}/${target.version}`)

const isNamespaceList = (target: ResourceTarget) =>
  target.group === '' &&
  target.version === 'v1' &&
  target.resource === 'namespaces' &&
  target.name === '' &&
  (target.verb === 'list' || target.verb === 'watch')

/**
 * @param target of no namespace
 * @param now milliseconds since the epoch
 * @throws Refusal outside_spaces, outside_credential
 */
export function decideClusterScope(target: Target, access: Access, now: number, rules: DoorRules): Decision {
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
    `Spaceport lets you work inside of your spaces; see ${rules.portalUrl}`,
  )
}
