import { randomUUID } from 'node:crypto'

/** @returns an event as an API server sends it: a cluster admin deletes a deployment in the namespace `lab` */
export const eventOf = (changed: Readonly<Record<string, unknown>>): Record<string, unknown> => ({
  level: 'Metadata',
  auditID: randomUUID(),
  stage: 'ResponseComplete',
  requestURI: '/apis/apps/v1/namespaces/lab/deployments/web',
  verb: 'delete',
  user: {
    username: 'root@example.com',
    groups: ['system:masters', 'system:authenticated'],
    extra: { 'authentication.kubernetes.io/credential-id': ['X509SHA256=0123'] },
  },
  sourceIPs: ['192.0.2.7'],
  userAgent: 'kubectl/v1.36.3',
  objectRef: { resource: 'deployments', namespace: 'lab', name: 'web', apiGroup: 'apps', apiVersion: 'v1' },
  responseStatus: { metadata: {}, code: 200 },
  requestReceivedTimestamp: '2026-11-26T10:00:00.123456Z',
  stageTimestamp: '2026-11-26T10:00:00.234567Z',
  annotations: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': '' },
  ...changed,
})
