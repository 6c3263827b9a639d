import { GatewayRefusal } from '#lib/gateway/refusal.ts'
import { parseTarget, type Target } from '#lib/gateway/target/parse-target.ts'
import type { AuditEvent } from './audit-log.ts'

/** Query parameters allowed in a list that the gateway requests with its own rights. */
const ownParameters = new Set([
  ...[
    'labelSelector',
    'fieldSelector',
    'watch',
    'allowWatchBookmarks',
    'sendInitialEvents',
    'timeoutSeconds',
    'timeout',
  ],
  ...['limit', 'continue', 'resourceVersion', 'resourceVersionMatch', 'includeObject', 'pretty'],
])

/** @returns how the gateway reads a target, or its message when it rejects it */
export function readAsGateway(method: string, url: string): Target | string {
  try {
    return parseTarget(method, url)
  } catch (error) {
    if (error instanceof GatewayRefusal) return error.message
    throw error
  }
}

/**
 * @param person the user name that the request should have upstream
 * @returns where the API server read a request differently from the gateway; empty: nowhere
 */
export function compareReadings(ours: Target | string, theirs: AuditEvent, person: string): string[] {
  if (typeof ours === 'string') return [`refused by the gateway (${ours}), but received by the API server`]
  const differences: string[] = []
  const compare = (what: string, own: string, other: string) => {
    if (own !== other) differences.push(`${what}: gateway ${JSON.stringify(own)}, API server ${JSON.stringify(other)}`)
  }
  compare('verb', ours.verb, theirs.verb)
  if (ours.kind === 'other') {
    compare('resource', '', theirs.objectRef?.resource ?? '')
    compare('path', ours.path, theirs.requestURI.split('?', 1)[0] ?? '')
    if (theirs.user.username !== undefined) compare('person', person, theirs.impersonatedUser?.username ?? '')
    return differences
  }
  const reference = theirs.objectRef
  compare('group', ours.group, reference?.apiGroup ?? '')
  compare('version', ours.version, reference?.apiVersion ?? '')
  compare('resource', ours.resource, reference?.resource ?? '')
  compare('subresource', ours.subresource, reference?.subresource ?? '')
  compare('namespace', ours.namespace, reference?.namespace ?? '')
  // The API server also takes a name from a field selector and from a created object.
  const selects = new URLSearchParams(ours.query).has('fieldSelector')
  if (ours.name !== '' || !(selects || ours.verb === 'create')) compare('name', ours.name, reference?.name ?? '')
  if (theirs.impersonatedUser) compare('person', person, theirs.impersonatedUser.username)
  else if (theirs.user.username !== undefined) differences.push(...compareOwnList(ours, theirs))
  return differences
}

/** Without impersonation, only a list of the person's own namespaces may go upstream. */
function compareOwnList(ours: Target, theirs: AuditEvent): string[] {
  if (theirs.objectRef?.resource !== 'namespaces' || !['list', 'watch'].includes(theirs.verb))
    return ['by the gateway’s own right, but not a list of namespaces']
  const query = new URL(theirs.requestURI, 'http://x').searchParams
  const keys = [...query.keys()]
  const strange = keys.filter((key, at) => !ownParameters.has(key) || keys.indexOf(key) !== at)
  return [
    ...(ours.kind === 'resource' && ours.namespace === '' ? [] : ['an unrequested list of namespaces']),
    ...(strange.length > 0 ? [`by the gateway's own right, with ${strange.slice(0, 5).join()}`] : []),
    ...(/^spaceport\.dev\/space-id in \([-,\w]+\)(,|$)/.test(query.get('labelSelector') ?? '')
      ? []
      : ['a list of namespaces that is not narrowed']),
  ]
}
