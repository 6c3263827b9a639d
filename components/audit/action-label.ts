const labels: Readonly<Record<string, string>> = {
  'space.create': 'Created the space',
  'space.update': 'Changed the space',
  'space.delete': 'Deleted the space',
  'space.retry': 'Tried the space again',
  'space.transfer': 'Handed the space over',
  'space.leave': 'Left the space',
  'space.end': 'Ended the space at its end date',
  'space.reconcile': 'Brought the space in line',
  'space.drift-repaired': 'Put back what was changed on the cluster',
  'grant.add': 'Added a member',
  'grant.change': 'Changed a member’s role',
  'grant.remove': 'Removed a member',
  'grant.end': 'Ended a member’s role at its end date',
  'credential.create': 'Made a kubeconfig',
  'credential.revoke': 'Revoked a kubeconfig',
  'credential.end': 'Ended a kubeconfig at its end date',
  'request.create': 'Asked for access',
  'request.cancel': 'Withdrew a request',
  'request.approve': 'Approved a request',
  'request.deny': 'Denied a request',
  'request.lapse': 'Let a request lapse',
  'session.sign-in': 'Signed in',
  'session.sign-out': 'Signed out',
  'session.backchannel-logout': 'Signed out by the identity provider',
  'audit.export': 'Downloaded the audit trail',
  'kubectl.create': 'Created with kubectl',
  'kubectl.update': 'Replaced with kubectl',
  'kubectl.patch': 'Changed with kubectl',
  'kubectl.delete': 'Deleted with kubectl',
  'kubectl.deletecollection': 'Deleted many with kubectl',
  'kubectl.exec': 'Ran a command in a pod',
  'kubectl.attach': 'Attached to a pod',
  'kubectl.portforward': 'Forwarded a port to a pod',
  'kubectl.proxy': 'Tried to reach through the API proxy',
  'kubectl.refused': 'Was refused at the kubectl gateway',
}

/** The actions that have a sentence, for a filter's suggestions. */
export const knownActions: readonly string[] = Object.keys(labels)

/** @returns what was done, as the rest of a sentence about the person; an action without a sentence is shown as it is */
export const actionLabel = (action: string): string =>
  (Object.hasOwn(labels, action) ? labels[action] : undefined) ?? action
