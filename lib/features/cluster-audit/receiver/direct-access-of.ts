import type { SeenCredential } from '#lib/kernel/model/audit/cluster-audit.ts'
import { cleanText } from '#lib/kernel/trail/audit-row.ts'
import type { ClusterEvent } from './cluster-event.ts'

/** A direct access to a space, as stored in the database. */
export type DirectAccess = {
  spaceId: string
  user: string
  credential: SeenCredential
  credentialId: string
  at: string
  address: string
  request: string
}

/**
 * @param issued the tokens that were requested explicitly, which don't count as a pod's own even if bound to one
 * @returns who accessed the space, with which credential, and with which request
 */
export function directAccessOf(event: ClusterEvent, spaceId: string, issued: ReadonlySet<string>): DirectAccess {
  const credential = kindOf(event, issued)
  const { resource, subresource } = event.resource ?? { resource: '', subresource: '' }
  return {
    spaceId,
    user: cleanText(event.user),
    credential,
    // A pod’s token is replaced every hour, and each would be another direct access.
    credentialId: credential === 'pod' ? '' : cleanText(event.credential).slice(0, 200),
    at: event.at,
    address: cleanText(event.address).slice(0, 100),
    request: cleanText(`${event.verb} ${resource}${subresource && `/${subresource}`}`).slice(0, 200),
  }
}

function kindOf({ ofPod, credential }: ClusterEvent, issued: ReadonlySet<string>): SeenCredential {
  if (ofPod && !issued.has(credential)) return 'pod'
  if (credential.startsWith('X509SHA256=')) return 'certificate'
  return credential.startsWith('JTI=') ? 'token' : 'other'
}
