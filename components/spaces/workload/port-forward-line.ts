import type { Exposure, WorkloadRef } from '#lib/features/spaces/model/workload-view.ts'

/** Most systems need more rights to listen on ports below this. */
const firstFreePort = 1024

/** The kinds for kubectl port-forward: https://kubernetes.io/docs/reference/kubectl/generated/kubectl_port-forward/ */
const forwardable: Readonly<Partial<Record<WorkloadRef['kind'], string>>> = {
  Deployment: 'deployment',
  StatefulSet: 'statefulset',
  ReplicaSet: 'replicaset',
  ReplicationController: 'replicationcontroller',
  DaemonSet: 'daemonset',
  Pod: 'pod',
}

/** @returns the command that forwards a workload’s port to one's own machine, and the local address; null: no port */
export function portForwardLine({ kind, name }: WorkloadRef, exposure: Exposure): { line: string; url: string } | null {
  const service = exposure.services.find(({ ports }) => ports.some(({ protocol }) => protocol === 'TCP'))
  const port = service?.ports.find(({ protocol }) => protocol === 'TCP')?.port ?? exposure.containerPorts[0]
  const target = service ? `service/${service.name}` : forwardable[kind] && `${forwardable[kind]}/${name}`
  if (port === undefined || !target) return null
  const local = port < firstFreePort ? 8000 + (port % 1000) : port
  return { line: `kubectl port-forward ${target} ${local}:${port}`, url: `localhost:${local}` }
}
