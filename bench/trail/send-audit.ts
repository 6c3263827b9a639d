/**
 * Sends a cluster's audit as API servers do, several batches at once. Prints `sending` after the first answer, and at
 * the end the number taken. It runs on the measured machine, so it is as cheap as possible: the constant part of every
 * batch is built once.
 */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import https from 'node:https'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { gatewayUserName, personUserName } from '#lib/kernel/model/spaces/cluster-names.ts'

const {
  url,
  caFile,
  token,
  namespace,
  perSecond,
  seconds,
  kept: keptOf,
} = z
  .object({
    url: z.string(),
    caFile: z.string(),
    token: z.string(),
    namespace: z.string(),
    /** Null: as fast as they are taken. */
    perSecond: z.number().nullable(),
    seconds: z.number(),
    /** How many events of a batch must be stored. */
    kept: z.number(),
  })
  .parse(JSON.parse(process.env.BENCH_AUDIT ?? '{}'))

/** As an API server sends them by default. */
const batchSize = 400
const atOnce = 4
const agent = new https.Agent({ keepAlive: true, maxSockets: atOnce, ca: readFileSync(caFile) })

type Who = { username: string; groups: string[] }
const account = (of: string, name: string): Who => ({
  username: `system:serviceaccount:${of}:${name}`,
  groups: ['system:serviceaccounts', `system:serviceaccounts:${of}`, 'system:authenticated'],
})
const eventOf = (verb: string, resource: string, user: Who, impersonated?: Who) => ({
  level: 'Metadata',
  auditID: randomUUID(),
  stage: 'ResponseComplete',
  requestURI: `/apis/apps/v1/namespaces/${namespace}/${resource}/web-7df44564f8`,
  verb,
  user: {
    ...user,
    uid: randomUUID(),
    extra: { 'authentication.kubernetes.io/credential-id': ['X509SHA256=0123456789abcdef'] },
  },
  ...(impersonated && { impersonatedUser: impersonated }),
  sourceIPs: ['192.0.2.7'],
  userAgent: 'kube-controller-manager/v1.36.3 (linux/amd64) kubernetes/1234567/system:serviceaccount:kube-system',
  objectRef: {
    resource,
    namespace,
    name: 'web-7df44564f8',
    apiGroup: 'apps',
    apiVersion: 'v1',
    resourceVersion: '4711',
  },
  responseStatus: { metadata: {}, code: 200 },
  requestReceivedTimestamp: new Date().toISOString().replace('Z', '000Z'),
  stageTimestamp: new Date().toISOString().replace('Z', '000Z'),
  annotations: {
    'authorization.k8s.io/decision': 'allow',
    'authorization.k8s.io/reason': 'RBAC: allowed by ClusterRoleBinding "x" of ClusterRole "x" to ServiceAccount "x/y"',
  },
})
/** Most of a cluster's audit: controllers that write and watch, and reads. */
const usual = [
  () => eventOf('update', 'replicasets', account('kube-system', 'replicaset-controller')),
  () => eventOf('patch', 'deployments', account('kube-system', 'deployment-controller')),
  () => eventOf('watch', 'deployments', account('kube-system', 'generic-garbage-collector')),
  () => eventOf('get', 'deployments', account('spaceport-system', 'spaceport-broker')),
  () =>
    eventOf(
      'list',
      'deployments',
      { ...account('spaceport-system', 'x'), username: gatewayUserName },
      { ...account('spaceport-users', 'x'), username: personUserName('bench-1a2b3c') },
    ),
]
const dropped = Array.from({ length: batchSize - keptOf }, (_, i) => `${JSON.stringify(usual[i % usual.length]?.())},`)
const head = Buffer.from(
  `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[${dropped.join('')}`,
)
const admin: Who = { username: 'root@example.com', groups: ['system:masters', 'system:authenticated'] }

/** The stored ones are new each time. */
const tail = (): Buffer =>
  Buffer.from(
    `${Array.from({ length: keptOf }, () => JSON.stringify(eventOf('patch', 'deployments', admin))).join(',')}]}`,
  )

let taken = 0
let refused = 0
let times: number[] = []

async function send(): Promise<void> {
  const rest = tail()
  const asked = performance.now()
  const request = https.request(url, {
    agent,
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': head.length + rest.length,
    },
  })
  request.write(head)
  request.end(rest)
  const [response] = await once(request, 'response')
  response.resume()
  await once(response, 'end')
  times.push(performance.now() - asked)
  if (response.statusCode === 200) taken += batchSize
  else refused += batchSize
}

// Connections are open and code is warm before the measurement.
await Promise.all(Array.from({ length: atOnce }, send))
process.stdout.write('sending\n')
taken = 0
refused = 0
times = []
const began = performance.now()
const until = began + seconds * 1_000
let sent = 0
await Promise.all(
  Array.from({ length: atOnce }, async () => {
    while (performance.now() < until) {
      const due = perSecond === null ? 0 : began + (sent / perSecond) * 1_000
      sent += batchSize
      await delay(Math.max(0, due - performance.now()))
      await send()
    }
  }),
)
const took = (performance.now() - began) / 1_000
process.stdout.write(`${JSON.stringify({ taken, refused, seconds: took, times })}\n`)
process.exit(0)
