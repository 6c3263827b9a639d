import type { Size } from './size.ts'

export type SizeSpec = {
  /** Quantities of a ResourceQuota's `spec.hard` (https://kubernetes.io/docs/concepts/policy/resource-quotas/). */
  quota: Readonly<Record<string, string>>
  /** A container's defaults, and the most that it may specify. */
  container: {
    defaultCpu: string
    defaultMemory: string
    requestCpu: string
    requestMemory: string
    maxCpu: string
    maxMemory: string
    /** Disk of the node: logs, writable layers, emptyDirs. A container that exceeds its limit is evicted. */
    defaultDisk: string
    requestDisk: string
    maxDisk: string
  }
  /** One line for display. */
  summary: string
}

/** @returns a number as the API server writes it; another spelling would always look like drift */
const quantity = (n: number): string => (n !== 0 && n % 1000 === 0 ? `${n / 1000}k` : String(n))

/**
 * Limits on objects that only use space in the cluster's etcd, which all spaces share: far more than normal use. `pods`
 * leaves out ended pods, `count/pods` doesn’t.
 */
const countsOf = (each: number): Record<string, string> => {
  const counts = (resources: readonly string[], max: number) =>
    Object.fromEntries(resources.map((resource) => [`count/${resource}`, quantity(max)]))
  return {
    ...counts(
      [
        'replicationcontrollers',
        'serviceaccounts',
        'deployments.apps',
        'statefulsets.apps',
        'daemonsets.apps',
        'cronjobs.batch',
        'horizontalpodautoscalers.autoscaling',
        'poddisruptionbudgets.policy',
        'ingresses.networking.k8s.io',
        'networkpolicies.networking.k8s.io',
        'leases.coordination.k8s.io',
        'roles.rbac.authorization.k8s.io',
        'rolebindings.rbac.authorization.k8s.io',
      ],
      each,
    ),
    // Kinds that keep a history: ten per workload by default.
    ...counts(['pods', 'replicasets.apps', 'controllerrevisions.apps', 'jobs.batch'], each * 10),
  }
}

/** Container defaults, in every size. The promised number of pods fits with them. */
const containerDefaults = {
  defaultCpu: '500m',
  defaultMemory: '512Mi',
  defaultDisk: '2Gi',
  requestCpu: '50m',
  requestMemory: '64Mi',
  requestDisk: '64Mi',
}

/**
 * Twice the requests, or the defaults of the promised pods plus a quarter, so that the number of pods runs out first.
 */
const limitsOf = (requests: number, pods: number, perPod: number): number =>
  Math.max(requests * 2, Math.ceil(pods * perPod * 1.25))

const quotaOf = (
  cpu: number,
  memoryGi: number,
  pods: number,
  volumes: number,
  storageGi: number,
  diskGi: number,
  objects: number,
) => ({
  'requests.cpu': String(cpu),
  'limits.cpu': String(limitsOf(cpu, pods, 0.5)),
  'requests.memory': `${memoryGi}Gi`,
  'limits.memory': `${limitsOf(memoryGi, pods, 0.5)}Gi`,
  'requests.ephemeral-storage': `${diskGi}Gi`,
  'limits.ephemeral-storage': `${limitsOf(diskGi, pods, 2)}Gi`,
  pods: quantity(pods),
  persistentvolumeclaims: quantity(volumes),
  'requests.storage': `${storageGi}Gi`,
  services: quantity(pods),
  'services.loadbalancers': '0',
  'services.nodeports': '0',
  secrets: quantity(pods * 5),
  configmaps: quantity(pods * 5),
  ...countsOf(objects),
})

export const sizeSpecs: Readonly<Record<Size, SizeSpec>> = {
  S: {
    quota: quotaOf(2, 4, 20, 5, 20, 20, 100),
    container: {
      ...containerDefaults,
      maxCpu: '2',
      maxMemory: '4Gi',
      maxDisk: '10Gi',
    },
    summary: '2 CPUs, 4 GiB memory, 20 pods, 20 GiB storage',
  },
  M: {
    quota: quotaOf(4, 16, 50, 10, 100, 50, 200),
    container: {
      ...containerDefaults,
      maxCpu: '4',
      maxMemory: '16Gi',
      maxDisk: '20Gi',
    },
    summary: '4 CPUs, 16 GiB memory, 50 pods, 100 GiB storage',
  },
  L: {
    quota: quotaOf(16, 64, 200, 40, 500, 200, 400),
    container: {
      ...containerDefaults,
      maxCpu: '16',
      maxMemory: '64Gi',
      maxDisk: '50Gi',
    },
    summary: '16 CPUs, 64 GiB memory, 200 pods, 500 GiB storage',
  },
}
