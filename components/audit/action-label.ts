import type { TrailAction } from '#lib/domain/audit-action.ts'
import type { AuditRow } from '#lib/domain/audit-view.ts'

/** What was done, and the same as an attempt. */
const labels: Readonly<Record<TrailAction, readonly [done: string, tried: string]>> = {
  'space.create': ['Created the space', 'create the space'],
  'space.update': ['Changed the space', 'change the space'],
  'space.delete': ['Deleted the space', 'delete the space'],
  'space.retry': ['Retried setting up the space', 'retry setting up the space'],
  'space.offer': ['Offered the space', 'offer the space'],
  'space.offer-decline': ['Declined the space', 'decline the space'],
  'space.offer-withdraw': ['Withdrew the offer', 'withdraw the offer'],
  'space.offer-expire': ['Closed an expired offer', 'close an expired offer'],
  'space.offer-accept': ['Accepted the space and became its owner', 'accept the space'],
  'space.hand-over': ['Gave the space to a new owner', 'give the space to a new owner'],
  'space.leave': ['Left the space', 'leave the space'],
  'space.drift-repaired': ['Reverted changes made on the cluster', 'revert changes made on the cluster'],
  'space.namespace-lost': ['Recreated the missing namespace', 'recreate the missing namespace'],
  'grant.add': ['Added a member', 'add a member'],
  'grant.change': ['Changed a member’s role', 'change a member’s role'],
  'grant.remove': ['Removed a member', 'remove a member'],
  'grant.start': ['Started a member’s scheduled role', 'start a member’s scheduled role'],
  'grant.end': ['Ended a member’s role on its end date', 'end a member’s role on its end date'],
  'credential.create': ['Created a kubeconfig', 'create a kubeconfig'],
  'credential.revoke': ['Revoked a kubeconfig', 'revoke a kubeconfig'],
  'credential.end': ['Ended the kubeconfigs of the deleted space', 'end the kubeconfigs of the deleted space'],
  'request.create': ['Sent a request', 'send a request'],
  'request.withdraw': ['Withdrew a request', 'withdraw a request'],
  'request.approve': ['Approved a request', 'approve a request'],
  'request.deny': ['Denied a request', 'deny a request'],
  'request.expire': ['Closed an expired request', 'close an expired request'],
  'request.close': ['Closed a request', 'close a request'],
  'inbox.choose-mail': ['Chose what to get by mail', 'choose what to get by mail'],
  'inbox.read': ['Marked an inbox event as read', 'mark an inbox event as read'],
  'webhook.set-up': ['Set up a webhook', 'set up a webhook'],
  'webhook.change': ['Changed a webhook', 'change a webhook'],
  'webhook.rotate-secret': ['Replaced the secret of a webhook', 'replace the secret of a webhook'],
  'webhook.remove': ['Removed a webhook', 'remove a webhook'],
  'webhook.turn-off': ['Turned off a webhook whose receiver is gone', 'turn off a webhook'],
  'groups.pause': ['Paused a person’s roles from groups', 'pause a person’s roles from groups'],
  'groups.resume': ['Resumed a person’s roles from groups', 'resume a person’s roles from groups'],
  'policy.change': ['Changed the policy', 'change the policy'],
  'session.sign-in': ['Signed in', 'sign in'],
  'session.sign-out': ['Signed out', 'sign out'],
  'session.recheck': ['Checked again at the identity provider', 'check again at the identity provider'],
  'session.backchannel-logout': ['Signed out by the identity provider', 'sign out by the identity provider'],
  'session.end': ['Ended sessions', 'end sessions'],
  'session.sealed-sign-in': ['Signed in with the sealed account', 'sign in with the sealed account'],
  'admin-role.activate': ['Activated the role of platform admin', 'activate the role of platform admin'],
  'admin-role.end': ['Ended a platform admin’s role', 'end a platform admin’s role'],
  'sealed-code.make': ['Made a code of the sealed account', 'make a code of the sealed account'],
  'sealed-code.void': ['Took back the code of the sealed account', 'take back the code of the sealed account'],
  'sealed-code.acknowledge': ['Acknowledged a use of the sealed account', 'acknowledge a use of the sealed account'],
  'person.deactivate': ['Deactivated a person', 'deactivate a person'],
  'person.reactivate': ['Reactivated a person', 'reactivate a person'],
  'person.offboard': ['Offboarded a person', 'offboard a person'],
  'offboarding.complete': ['Completed the certificate of an offboarding', 'complete the certificate of an offboarding'],
  'review.start': ['Started an access review', 'start an access review'],
  'review.schedule': ['Changed when access reviews start', 'change when access reviews start'],
  'review.decide': ['Decided in an access review', 'decide in an access review'],
  'review.keep': ['Kept access in a review', 'keep access in a review'],
  'review.flag': ['Flagged a binding in a review', 'flag a binding in a review'],
  'review.extend': ['Extended an access review', 'extend an access review'],
  'review.end': ['Ended an access review early', 'end an access review early'],
  'review.close': ['Closed an access review with its report', 'close an access review'],
  'review.export': ['Downloaded an access review', 'download an access review'],
  'audit.export': ['Downloaded the audit trail', 'download the audit trail'],
  'access.ask': ['Asked the cluster who may do what in the space', 'ask the cluster who may do what in the space'],
  'access.export': ['Downloaded who has access to what', 'download who has access to what'],
  'cluster.fences-lost': ['Found admission policies not in force', 'report admission policies not in force'],
  'cluster.rights-changed': ['Found rights on the cluster that Spaceport didn’t grant', 'check rights on the cluster'],
  'cluster.fences-restored': ['Found admission policies in force again', 'report admission policies in force again'],
  'kubectl.get': ['Read with kubectl', 'read with kubectl'],
  'kubectl.list': ['Listed with kubectl', 'list with kubectl'],
  'kubectl.watch': ['Watched with kubectl', 'watch with kubectl'],
  'kubectl.create': ['Created with kubectl', 'create with kubectl'],
  'kubectl.update': ['Replaced with kubectl', 'replace with kubectl'],
  'kubectl.patch': ['Changed with kubectl', 'change with kubectl'],
  'kubectl.delete': ['Deleted with kubectl', 'delete with kubectl'],
  'kubectl.deletecollection': ['Deleted many with kubectl', 'delete many with kubectl'],
  'kubectl.exec': ['Ran a command in a pod', 'run a command in a pod'],
  'kubectl.attach': ['Attached to a pod', 'attach to a pod'],
  'kubectl.port-forward': ['Forwarded a port to a pod', 'forward a port to a pod'],
  'kubectl.stream-end': ['Ended a connection to a pod', 'end a connection to a pod'],
  'kubectl.proxy': ['Connected through the API proxy', 'connect through the API proxy'],
  'kubectl.request': ['Sent an unknown request', 'send an unknown request'],
  'kubectl.head': ['Sent HEAD to a path with kubectl', 'send HEAD to a path with kubectl'],
  'kubectl.post': ['Sent POST to a path with kubectl', 'send POST to a path with kubectl'],
  'kubectl.put': ['Sent PUT to a path with kubectl', 'send PUT to a path with kubectl'],
}

/** The actions that have a sentence, for a filter's suggestions. */
export const knownActions: readonly string[] = Object.keys(labels)

/** @returns what was done, to follow the person's name; an unknown action is returned unchanged */
export const actionLabel = (action: string): string => (isKnown(action) ? labels[action][0] : action)

/** @returns the same for a row of the trail; refused and failed actions are attempts */
export const rowLabel = ({ action, outcome }: Pick<AuditRow, 'action' | 'outcome'>): string =>
  isKnown(action) && (outcome === 'refused' || outcome === 'failed')
    ? `Tried to ${labels[action][1]}`
    : actionLabel(action)

const isKnown = (action: string): action is keyof typeof labels => Object.hasOwn(labels, action)
