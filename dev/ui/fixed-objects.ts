/** What a page reads of an object on a cluster. */
export type FixedObject = { metadata: { name: string; labels?: object } & Record<string, unknown> } & Record<
  string,
  unknown
>

export type FixedObjects = {
  /** The objects of each collection, by its path. */
  collections: Readonly<Record<string, readonly FixedObject[]>>
  /** What each container has written. */
  logs: string
}

/** The space with workloads. */
export const busyNamespace = 'checkout-of-the-web-shop-staging'

const minutes = 60_000
const uidOf = (name: string) =>
  `00000000-0000-4000-8000-${Buffer.from(name).toString('hex').padEnd(12, '0').slice(0, 12)}`

type Workload = {
  name: string
  image: string
  replicas: number
  ready: number
  waiting?: { reason: string; message: string }
}

const workloads: readonly Workload[] = [
  { name: 'web', image: 'registry.example/checkout/web:4.2.0', replicas: 3, ready: 3 },
  { name: 'payments', image: 'registry.example/checkout/payments:1.9.3', replicas: 2, ready: 1, waiting: crashed() },
  { name: 'mailer', image: 'registry.example/checkout/mailer:0.8.1', replicas: 1, ready: 0, waiting: unpulled() },
]

function crashed() {
  return { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container' }
}
function unpulled() {
  return { reason: 'ImagePullBackOff', message: 'Back-off pulling image "registry.example/checkout/mailer:0.8.1"' }
}

/** @param now the ages of objects count from here */
export function fixedObjects(now: Date): FixedObjects {
  const ago = (ms: number) => new Date(now.getTime() - ms).toISOString()
  const metadata = (name: string, more: Record<string, unknown> = {}) => ({
    ...{ name, namespace: busyNamespace, uid: uidOf(name), creationTimestamp: ago(3_000 * minutes) },
    ...more,
  })
  const owner = (kind: string, name: string) => [
    { apiVersion: 'apps/v1', kind, name, uid: uidOf(name), controller: true, blockOwnerDeletion: true },
  ]
  const requests = { cpu: '100m', memory: '128Mi' }
  const limits = { cpu: '500m', memory: '512Mi' }
  const template = ({ name, image }: Workload) => ({
    metadata: { labels: { app: name } },
    spec: { containers: [{ name: 'main', image, resources: { requests, limits } }] },
  })
  const deployments = workloads.map((one) => ({
    metadata: metadata(one.name, { labels: { app: one.name }, generation: 1 }),
    spec: { replicas: one.replicas, selector: { matchLabels: { app: one.name } }, template: template(one) },
    status: { replicas: one.replicas, readyReplicas: one.ready, availableReplicas: one.ready, conditions: [] },
  }))
  const replicaSets = workloads.map((one) => ({
    metadata: metadata(`${one.name}-5d9c7b`, {
      labels: { app: one.name, 'pod-template-hash': '5d9c7b' },
      ownerReferences: owner('Deployment', one.name),
    }),
    spec: { replicas: one.replicas, template: template(one) },
    status: { replicas: one.replicas, readyReplicas: one.ready },
  }))
  const pods = workloads.flatMap((one) =>
    Array.from({ length: one.replicas }, (_, at) => {
      const ready = at < one.ready
      const state = ready || !one.waiting ? { running: { startedAt: ago(90 * minutes) } } : { waiting: one.waiting }
      const restartCount = !ready && one.waiting?.reason === 'CrashLoopBackOff' ? 7 : 0
      const lastState = restartCount
        ? { terminated: { exitCode: 1, reason: 'Error', finishedAt: ago(2 * minutes) } }
        : {}
      return {
        metadata: metadata(`${one.name}-5d9c7b-${'xkqzt'.slice(at)}${'abcde'.slice(0, at)}`, {
          labels: { app: one.name, 'pod-template-hash': '5d9c7b' },
          ownerReferences: owner('ReplicaSet', `${one.name}-5d9c7b`),
        }),
        spec: { nodeName: 'node-1', ...template(one).spec },
        status: {
          phase: ready ? 'Running' : 'Pending',
          conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
          containerStatuses: [{ name: 'main', ready, restartCount, state, lastState }],
        },
      }
    }),
  )
  const events = [
    {
      metadata: metadata('payments.1', { creationTimestamp: ago(12 * minutes) }),
      ...{ type: 'Warning', reason: 'BackOff', message: 'Back-off restarting failed container main', count: 31 },
      involvedObject: {
        kind: 'Pod',
        name: pods.find(({ metadata: { name } }) => name.startsWith('payments'))?.metadata.name,
      },
      lastTimestamp: ago(1 * minutes),
    },
    {
      metadata: metadata('web.1', { creationTimestamp: ago(90 * minutes) }),
      ...{ type: 'Normal', reason: 'ScalingReplicaSet', message: 'Scaled up replica set web-5d9c7b to 3', count: 1 },
      involvedObject: { kind: 'Deployment', name: 'web' },
      lastTimestamp: ago(90 * minutes),
    },
  ]
  const quota = {
    metadata: metadata('spaceport', { labels: { 'spaceport.dev/managed-by': 'spaceport' } }),
    status: {
      hard: {
        'requests.cpu': '4',
        'requests.memory': '8Gi',
        'limits.memory': '16Gi',
        pods: '40',
        'requests.storage': '50Gi',
      },
      used: {
        'requests.cpu': '3600m',
        'requests.memory': '5Gi',
        'limits.memory': '10Gi',
        pods: '6',
        'requests.storage': '10Gi',
      },
    },
  }
  const measured = pods.map((pod) => ({
    metadata: { name: pod.metadata.name, namespace: busyNamespace },
    ...{ timestamp: ago(20_000), window: '30s', containers: [{ name: 'main', usage: { cpu: '73m', memory: '96Mi' } }] },
  }))
  const inCore = `/api/v1/namespaces/${busyNamespace}`
  const inApps = `/apis/apps/v1/namespaces/${busyNamespace}`
  return {
    collections: {
      [`${inApps}/deployments`]: deployments,
      [`${inApps}/replicasets`]: replicaSets,
      [`${inCore}/pods`]: pods,
      [`${inCore}/events`]: events,
      [`${inCore}/resourcequotas`]: [quota],
      [`/apis/metrics.k8s.io/v1beta1/namespaces/${busyNamespace}/pods`]: measured,
    },
    logs: Array.from(
      { length: 40 },
      (_, line) => `${ago((40 - line) * 15_000)} GET /checkout/cart/${line} 200 ${line + 7} ms\n`,
    ).join(''),
  }
}
