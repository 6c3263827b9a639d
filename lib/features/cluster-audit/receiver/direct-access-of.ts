import type { SeenCredential } from '#lib/kernel/model/audit/cluster-audit.ts'
import { cleanText } from '#lib/kernel/trail/audit-row.ts'
import type { ClusterEvent } from './cluster-event.ts'

/** Somebody seen in a space, as the database takes it. */
export type SeenInSpace = {
  spaceId: string
  user: string
  credential: SeenCredential
  credentialId: string
  at: string
  address: string
  request: string
}

/**
 * @param issued the tokens that somebody asked for: those are theirs, also if they are bound to a pod
 * @returns who was seen in a space, with which credential, doing what
 */
export function directAccessOf(event: ClusterEvent, spaceId: string, issued: ReadonlySet<string>): SeenInSpace {
  const credential = kindOf(event, issued)
  const { resource, subresource } = event.resource ?? { resource: '', subresource: '' }
  return {
    spaceId,
    user: cleanText(event.user),
    credential,
    // A pod’s token is replaced every hour: each would be another direct access.
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
