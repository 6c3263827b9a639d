import type { WorkloadRef } from '#lib/features/spaces/model/workload-view.ts'
import { type WorkloadKind, workloadKinds } from '#lib/kernel/model/spaces/space-inside.ts'

/** The API of each kind of workload. */
const apis: Readonly<Record<WorkloadKind, { apiVersion: string; resource: string }>> = {
  Deployment: { apiVersion: 'apps/v1', resource: 'deployments' },
  StatefulSet: { apiVersion: 'apps/v1', resource: 'statefulsets' },
  DaemonSet: { apiVersion: 'apps/v1', resource: 'daemonsets' },
  ReplicaSet: { apiVersion: 'apps/v1', resource: 'replicasets' },
  ReplicationController: { apiVersion: 'v1', resource: 'replicationcontrollers' },
  CronJob: { apiVersion: 'batch/v1', resource: 'cronjobs' },
  Job: { apiVersion: 'batch/v1', resource: 'jobs' },
  Pod: { apiVersion: 'v1', resource: 'pods' },
}

export const workloadApi = (kind: WorkloadKind) => apis[kind]

const kinds = new Map(workloadKinds.map((kind) => [pluralOf(kind), kind]))

function pluralOf(kind: WorkloadKind): string {
  const { apiVersion, resource } = apis[kind]
  const [group] = apiVersion.includes('/') ? apiVersion.split('/') : []
  return group === undefined ? resource : `${resource}.${group}`
}

/** @returns the workload kind of a resource with its group: `deployments.apps`; null: it isn't a workload */
export const workloadKindOf = (resource: string): WorkloadKind | null => kinds.get(resource) ?? null

/** @returns the path of a workload on its API server: `/apis/apps/v1/namespaces/x/deployments/web` */
export function workloadPath(namespace: string, { kind, name }: WorkloadRef): string {
  const { apiVersion, resource } = apis[kind]
  return `/${apiVersion.includes('/') ? 'apis' : 'api'}/${apiVersion}/namespaces/${namespace}/${resource}/${name}`
}
