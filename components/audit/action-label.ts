import type { AuditAction, GatewayAction } from '#lib/domain/audit-action.ts'

const labels: Readonly<Record<AuditAction | GatewayAction, string>> = {
  'space.create': 'Created the space',
  'space.update': 'Changed the space',
  'space.delete': 'Deleted the space',
  'space.retry': 'Tried the space again',
  'space.transfer': 'Handed the space over',
  'space.leave': 'Left the space',
  'space.drift-repaired': 'Put back what was changed on the cluster',
  'space.namespace-lost': 'Found the namespace gone, and made it anew',
  'grant.add': 'Added a member',
  'grant.change': 'Changed a member’s role',
  'grant.remove': 'Removed a member',
  'grant.end': 'Ended a member’s role at its end date',
  'credential.create': 'Made a kubeconfig',
  'credential.revoke': 'Revoked a kubeconfig',
  'request.create': 'Asked for access',
  'request.cancel': 'Withdrew a request',
  'request.approve': 'Approved a request',
  'request.deny': 'Denied a request',
  'request.lapse': 'Let a request lapse',
  'session.sign-in': 'Signed in',
  'session.sign-out': 'Signed out',
  'session.backchannel-logout': 'Signed out by the identity provider',
  'audit.export': 'Downloaded the audit trail',
  'kubectl.get': 'Read with kubectl',
  'kubectl.list': 'Listed with kubectl',
  'kubectl.watch': 'Watched with kubectl',
  'kubectl.create': 'Created with kubectl',
  'kubectl.update': 'Replaced with kubectl',
  'kubectl.patch': 'Changed with kubectl',
  'kubectl.delete': 'Deleted with kubectl',
  'kubectl.deletecollection': 'Deleted many with kubectl',
  'kubectl.exec': 'Ran a command in a pod',
  'kubectl.attach': 'Attached to a pod',
  'kubectl.port-forward': 'Forwarded a port to a pod',
  'kubectl.proxy': 'Tried to reach through the API proxy',
  'kubectl.request': 'Sent the gateway what is no request',
}

/** The actions that have a sentence, for a filter's suggestions. */
export const knownActions: readonly string[] = Object.keys(labels)

/** @returns what was done, as the rest of a sentence about the person; an action without a sentence is shown as it is */
export const actionLabel = (action: string): string => (isKnown(action) ? labels[action] : action)

const isKnown = (action: string): action is keyof typeof labels => Object.hasOwn(labels, action)
