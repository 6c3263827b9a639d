import type { WorkloadKind } from './space-inside.ts'
import type { WorkloadRef } from './workload-view.ts'

/** Where the API server has each kind of workload. */
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

/** @returns the group and version, and the plural, of a kind of workload */
export const workloadApi = (kind: WorkloadKind) => apis[kind]

/** @returns the path of a workload on its API server: `/apis/apps/v1/namespaces/x/deployments/web` */
export function workloadPath(namespace: string, { kind, name }: WorkloadRef): string {
  const { apiVersion, resource } = apis[kind]
  return `/${apiVersion.includes('/') ? 'apis' : 'api'}/${apiVersion}/namespaces/${namespace}/${resource}/${name}`
}
