import { stringify } from 'yaml'

/** Go templates that kwok evaluates: https://kwok.sigs.k8s.io/docs/user/stages-configuration/ */
const nodeStatus = `
{{ $now := Now | Quote }}
conditions:
{{ range NodeConditions }}
- {type: {{ .type | Quote }}, status: {{ .status | Quote }}, reason: {{ .reason | Quote }}, message: {{ .message | Quote }}, lastHeartbeatTime: {{ $now }}, lastTransitionTime: {{ $now }}}
{{ end }}
addresses:
- {type: InternalIP, address: {{ NodeIP | Quote }}}
daemonEndpoints: {kubeletEndpoint: {Port: {{ NodePort }}}}
capacity: {cpu: "512", memory: 2Ti, ephemeral-storage: 8Ti, pods: "10000"}
allocatable: {cpu: "512", memory: 2Ti, ephemeral-storage: 8Ti, pods: "10000"}
phase: Running
`

const containers = (list: string, body: string) => `{{ range ${list} }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: {{ .image | Quote }}
  restartCount: 0
${body}
{{ else }} []
{{ end }}`

const ran = (indent: string) => `${indent}ready: false
${indent}started: false
${indent}state: {terminated: {exitCode: 0, reason: Completed, startedAt: {{ $now }}, finishedAt: {{ $now }}}}`

const podRunning = `
{{ $now := Now | Quote }}
phase: Running
startTime: {{ $now }}
conditions:
- {type: PodReadyToStartContainers, status: "True", lastTransitionTime: {{ $now }}}
- {type: Initialized, status: "True", lastTransitionTime: {{ $now }}}
- {type: ContainersReady, status: "True", lastTransitionTime: {{ $now }}}
- {type: Ready, status: "True", lastTransitionTime: {{ $now }}}
{{ range .spec.readinessGates }}
- {type: {{ .conditionType | Quote }}, status: "True", lastTransitionTime: {{ $now }}}
{{ end }}
hostIP: {{ NodeIPWith .spec.nodeName | Quote }}
{{ $ip := PodIPWith .spec.nodeName ( or .spec.hostNetwork false ) ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) }}
podIP: {{ $ip | Quote }}
podIPs: [{ip: {{ $ip | Quote }}}]
containerStatuses: ${containers('.spec.containers', '  ready: true\n  started: true\n  state: {running: {startedAt: {{ $now }}}}')}
initContainerStatuses: ${containers('.spec.initContainers', ran('  '))}
`

const podDone = `
{{ $now := Now | Quote }}
phase: Succeeded
containerStatuses: ${containers('.spec.containers', ran('  '))}
`

/**
 * The label with which a pod asks to fail, and how: `kubectl run web --image=app
 * --labels=spaceport.dev/simulate=crash`.
 */
const simulate = '.metadata.labels["spaceport.dev/simulate"]'

/** A container’s status in each simulated failure. */
const failures: Readonly<Record<string, string>> = {
  crash: `  restartCount: 5
  state: {waiting: {reason: CrashLoopBackOff, message: back-off 2m40s restarting failed container}}
  lastState: {terminated: {exitCode: 1, reason: Error, startedAt: {{ $now }}, finishedAt: {{ $now }}}}`,
  'out-of-memory': `  restartCount: 3
  state: {waiting: {reason: CrashLoopBackOff, message: back-off 40s restarting failed container}}
  lastState: {terminated: {exitCode: 137, reason: OOMKilled, startedAt: {{ $now }}, finishedAt: {{ $now }}}}`,
  'image-pull': `  restartCount: 0
  state: {waiting: {reason: ImagePullBackOff, message: {{ printf "Back-off pulling image %q" .image | Quote }}}}`,
  'not-ready': `  restartCount: 0
  started: true
  state: {running: {startedAt: {{ $now }}}}`,
}

/** @returns the status of a started pod that fails */
const podFailing = (container: string) => `
{{ $now := Now | Quote }}
phase: ${container.includes('ImagePullBackOff') ? 'Pending' : 'Running'}
startTime: {{ $now }}
conditions:
- {type: Initialized, status: "True", lastTransitionTime: {{ $now }}}
- {type: ContainersReady, status: "False", reason: ContainersNotReady, lastTransitionTime: {{ $now }}}
- {type: Ready, status: "False", reason: ContainersNotReady, lastTransitionTime: {{ $now }}}
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: ""
  ready: false
${container}
{{ end }}
`

const ready = '.status.conditions.[] | select( .type == "Ready" ) | .status'

// A path below a file: no process can ever start here, and kubectl shows the path with the refusal.
const nowhere = '/dev/null/this is a development node, nothing is run in its pods'

function stage(name: string, kind: 'Node' | 'Pod', match: Match[], rest: { delay?: object; next: object }) {
  return {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Stage',
    metadata: { name },
    spec: { resourceRef: { apiGroup: 'v1', kind }, selector: { matchExpressions: match }, ...rest },
  }
}
type Match = { key: string; operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'; values?: string[] }

const configured = (kind: string, name: string, spec: object) => ({
  apiVersion: 'kwok.x-k8s.io/v1alpha1',
  kind,
  metadata: { name },
  spec,
})
const forEveryPod = (kind: string, spec: object) => configured(kind, 'every-pod', spec)

/** A container’s default usage. */
const usual = { cpu: '5m', memory: '16Mi' }
/** A pod sets the usage of its containers through kwok's annotations. */
const usageOf = (resource: 'cpu' | 'memory') => {
  const key = JSON.stringify(`kwok.x-k8s.io/usage-${resource}`)
  return `${key} in pod.metadata.annotations ? Quantity(pod.metadata.annotations[${key}]) : Quantity("${usual[resource]}")`
}

/** One of a kubelet's usage numbers: https://kwok.sigs.k8s.io/docs/user/resource-usage-configuration/ */
const metric = (name: string, kind: 'gauge' | 'counter', value: string) => ({
  ...{ name, kind, value, help: name },
  ...(name.startsWith('node')
    ? { dimension: 'node' }
    : {
        dimension: 'container',
        labels: [
          { name: 'container', value: 'container.name' },
          { name: 'namespace', value: 'pod.metadata.namespace' },
          { name: 'pod', value: 'pod.metadata.name' },
        ],
      }),
})
const resourceMetrics = [
  metric('container_start_time_seconds', 'gauge', 'pod.SinceSecond()'),
  metric('container_cpu_usage_seconds_total', 'counter', 'pod.CumulativeUsage("cpu", container.name)'),
  metric('container_memory_working_set_bytes', 'gauge', 'pod.Usage("memory", container.name)'),
  metric('node_cpu_usage_seconds_total', 'counter', 'node.CumulativeUsage("cpu")'),
  metric('node_memory_working_set_bytes', 'gauge', 'node.Usage("memory")'),
]

/**
 * The fake node's behaviour: pods run at once, Jobs' pods complete, deleted ones go; logs and attach come from a file,
 * port-forward from a fixed program, metrics-server from annotations. Exec is answered before it gets to kwok
 * (dev/cluster/exec/start-exec-server.ts). Calls to kwok's own port fail: it can only run what the caller names, and is
 * configured to run it where nothing can.
 * @returns YAML for kwok's --config
 */
export function renderKwokConfig(options: { logsFile: string; forwardCommand: readonly string[] }): string {
  const alive: Match = { key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' }
  const documents = [
    stage('node-ready', 'Node', [{ key: ready, operator: 'NotIn', values: ['True'] }], {
      next: { statusTemplate: nodeStatus },
    }),
    stage('node-heartbeat', 'Node', [{ key: ready, operator: 'In', values: ['True'] }], {
      delay: { durationMilliseconds: 300_000, jitterDurationMilliseconds: 310_000 },
      next: { statusTemplate: nodeStatus },
    }),
    stage(
      'pod-run',
      'Pod',
      [
        alive,
        { key: '.status.phase', operator: 'In', values: ['Pending'] },
        { key: ready, operator: 'NotIn', values: ['True'] },
        { key: simulate, operator: 'NotIn', values: Object.keys(failures) },
      ],
      { next: { statusTemplate: podRunning } },
    ),
    ...Object.entries(failures).map(([name, container]) =>
      stage(
        `pod-${name}`,
        'Pod',
        [
          alive,
          { key: simulate, operator: 'In', values: [name] },
          { key: ready, operator: 'NotIn', values: ['True', 'False'] },
        ],
        { next: { statusTemplate: podFailing(container) } },
      ),
    ),
    stage(
      'pod-complete',
      'Pod',
      [
        alive,
        { key: '.status.phase', operator: 'In', values: ['Running'] },
        { key: '.metadata.ownerReferences.[].kind', operator: 'In', values: ['Job'] },
      ],
      { next: { statusTemplate: podDone } },
    ),
    stage('pod-delete', 'Pod', [{ key: '.metadata.deletionTimestamp', operator: 'Exists' }], {
      next: { finalizers: { empty: true }, delete: true },
    }),
    forEveryPod('ClusterLogs', {
      logs: [{ logsFile: options.logsFile, previousLogsFile: options.logsFile, follow: true }],
    }),
    forEveryPod('ClusterAttach', { attaches: [{ logsFile: options.logsFile }] }),
    forEveryPod('ClusterPortForward', { forwards: [{ command: [...options.forwardCommand] }] }),
    forEveryPod('ClusterResourceUsage', {
      usages: [{ usage: { cpu: { expression: usageOf('cpu') }, memory: { expression: usageOf('memory') } } }],
    }),
    configured('Metric', 'resource', {
      path: '/metrics/nodes/{nodeName}/metrics/resource',
      metrics: resourceMetrics,
    }),
    forEveryPod('ClusterExec', { execs: [{ local: { workDir: nowhere } }] }),
  ]
  return documents.map((document) => stringify(document, { lineWidth: 0 })).join('---\n')
}
