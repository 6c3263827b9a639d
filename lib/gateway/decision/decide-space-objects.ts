/**
 * Decides about reading the objects that declare spaces (docs/spaces-as-objects.md). People have no role in their
 * namespaces, so the gateway answers itself. Must never depend on which objects exist: the answer is filtered later,
 * and a name that isn't theirs gets the refusal of one that doesn't exist.
 */

import { type Access, effectiveSpaceIds } from '#lib/gateway/credential/access.ts'
import { spaceObjectVersion } from '#lib/kernel/model/spaces/space-object.ts'
import type { Decision, ResourceAttempt } from './decision.ts'
import { forbidden } from './forbidden.ts'

const [group, version] = spaceObjectVersion.split('/')
const reads: ReadonlySet<string> = new Set(['get', 'list', 'watch'])

/** Questions about rights may name any version. */
export const isReadOfSpaceObjects = (target: ResourceAttempt): boolean =>
  target.group === group &&
  (target.version === version || target.version === 'v1') &&
  target.resource === 'spaces' &&
  target.subresource === '' &&
  reads.has(target.verb)

/**
 * @param now milliseconds since the epoch
 * @throws GatewayRefusal outside_spaces for a watch
 */
export function decideSpaceObjects(target: ResourceAttempt, access: Access, now: number): Decision {
  if (target.verb === 'watch')
    throw forbidden(
      target,
      access,
      'outside_spaces',
      'Space objects cannot be watched through Spaceport; get or list them instead',
    )
  return {
    as: 'itself',
    spaceIds: effectiveSpaceIds(access, target.cluster, now),
    mapped: access.credential.spaceId === null,
  }
}
