import { z } from 'zod'
import { oldestKubernetes, versionStateOf } from '#lib/features/clusters/model/kubernetes-version.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { pingCluster } from '#lib/kube/client/ping-cluster.ts'
import { ApiServerError, request, target } from '#lib/kube/client/request.ts'
import type { Area } from './check.ts'
import { checkClock } from './clock.ts'
import { bad, doubtful, type Finding, good } from './finding.ts'

const oldest = `${oldestKubernetes.major}.${oldestKubernetes.minor}`
const install = 'docs/install.md, 1'

/** Checks that the API server supports Spaceport, and looks for network plugins and metrics-server. */
export const apiServer = (cluster: Cluster): Area => ({
  title: `Cluster ${cluster.serverUrl}`,
  checks: [
    {
      about: 'The API server',
      remedy: 'give --kubeconfig and --context of a cluster admin, as kubectl uses them',
      run: async (signal) => checkVersion(await pingCluster(cluster, signal)),
    },
    {
      about: 'The API server’s clock',
      remedy: 'see above',
      run: async (signal) => checkClock('the API server', await readDate(cluster, signal)),
    },
    {
      about: 'Network policies',
      remedy: 'let this login list DaemonSets',
      run: (signal) => findNetworkPolicies(cluster, signal),
    },
    {
      about: 'metrics-server',
      remedy: 'let this login read apis/metrics.k8s.io',
      run: (signal) => findMetrics(cluster, signal),
    },
  ],
})

/** The client connects by verified https or not at all (lib/kubeconfig), so an answer proves that too. */
function checkVersion(version: string | undefined): Finding {
  if (version === undefined) return doubtful('The API server answers, but doesn’t report its version')
  const state = versionStateOf(version)
  if (state === 'supported') return good(`The API server answers over verified TLS: Kubernetes ${version}`)
  return state === 'too-old'
    ? bad(
        `Kubernetes ${version} is too old: its admission policies can’t enforce the fences`,
        `upgrade to ${oldest} or newer (${install})`,
      )
    : doubtful(`The API server reports version ${version}, which can’t be compared with ${oldest}`)
}

async function readDate(cluster: Cluster, signal: AbortSignal): Promise<string | undefined> {
  const { dispatcher, headers } = await cluster.connection.credentials('call', signal)
  const answer = await dispatcher.request({ ...target(cluster, { path: '/version' }), method: 'GET', headers, signal })
  await answer.body.dump()
  return [answer.headers.date].flat()[0]
}

/** DaemonSets of network plugins that enforce NetworkPolicies, or can. */
const engines: Readonly<Record<string, string>> = {
  cilium: 'Cilium',
  anetd: 'Cilium (GKE Dataplane V2)',
  'calico-node': 'Calico',
  canal: 'Calico (Canal)',
  'rke2-canal': 'Calico (Canal)',
  'antrea-agent': 'Antrea',
  'kube-router': 'kube-router',
  'ovnkube-node': 'OVN-Kubernetes',
  'azure-npm': 'Azure NPM',
  'aws-node': 'Amazon VPC CNI, if its network policy agent is switched on',
  'weave-net': 'Weave Net',
}
const daemonSets = z.object({ items: z.array(z.object({ metadata: z.object({ name: z.string() }) })).nullish() })

async function findNetworkPolicies(cluster: Cluster, signal: AbortSignal): Promise<Finding> {
  const asked = {
    method: 'GET',
    path: '/apis/apps/v1/daemonsets',
    query: { limit: '500' },
    // Reads only names.
    accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
    signal,
  } as const
  const { items } = await request(cluster, asked, daemonSets)
  const found = new Set((items ?? []).flatMap(({ metadata }) => engines[metadata.name] ?? []))
  return found.size > 0
    ? good(
        `A network plugin for NetworkPolicies is installed: ${[...found].join(', ')}. Whether it enforces them can’t be seen from outside`,
      )
    : doubtful(
        'No known network plugin that enforces NetworkPolicies was found; without one, pods of different spaces reach each other',
        `make sure that yours does (${install})`,
      )
}

async function findMetrics(cluster: Cluster, signal: AbortSignal): Promise<Finding> {
  try {
    await request(cluster, { method: 'GET', path: '/apis/metrics.k8s.io/v1beta1', signal }, z.unknown())
    return good('metrics-server answers')
  } catch (error) {
    if (!(error instanceof ApiServerError) || ![404, 503].includes(error.httpStatus)) throw error
    return doubtful(
      `metrics-server ${error.httpStatus === 404 ? 'is not installed' : 'doesn’t answer'}: the portal shows no usage, and autoscalers can’t use it`,
      `install it if you want these (${install})`,
    )
  }
}
