/** What the portal, sign-in and the worker write into the trail as the action: one closed list. */
export const auditActions = [
  'space.create',
  'space.update',
  'space.delete',
  'space.retry',
  'space.transfer',
  'space.leave',
  'space.drift-repaired',
  'space.namespace-lost',
  'grant.add',
  'grant.change',
  'grant.remove',
  'grant.end',
  'credential.create',
  'credential.revoke',
  'request.create',
  'request.cancel',
  'request.approve',
  'request.deny',
  'request.lapse',
  'notice.dismiss',
  'session.sign-in',
  'session.sign-out',
  'session.backchannel-logout',
  'audit.export',
  'cluster.fences-lost',
  'cluster.fences-restored',
  'cluster.rights-changed',
] as const
export type AuditAction = (typeof auditActions)[number]

/** What the gateway writes: the verb as a person would say it. Methods on paths that are no resource come on top. */
export const gatewayActions = [
  'kubectl.get',
  'kubectl.list',
  'kubectl.watch',
  'kubectl.create',
  'kubectl.update',
  'kubectl.patch',
  'kubectl.delete',
  'kubectl.deletecollection',
  'kubectl.exec',
  'kubectl.attach',
  'kubectl.port-forward',
  'kubectl.proxy',
  'kubectl.request',
] as const
export type GatewayAction = (typeof gatewayActions)[number]
