/** Sizes of a space, from the least to the most. */
export const sizes = ['S', 'M', 'L'] as const
export type Size = (typeof sizes)[number]

export type SizeSpec = {
  /** Quantities of a ResourceQuota's `spec.hard` (https://kubernetes.io/docs/concepts/policy/resource-quotas/). */
  quota: Readonly<Record<string, string>>
  /** What a container gets that names nothing, and the most that one may name. */
  container: {
    defaultCpu: string
    defaultMemory: string
    requestCpu: string
    requestMemory: string
    maxCpu: string
    maxMemory: string
  }
  /** One line for people. */
  summary: string
}

const quotaOf = (cpu: number, memoryGi: number, pods: number, volumes: number, storageGi: number) => ({
  'requests.cpu': String(cpu),
  'limits.cpu': String(cpu * 2),
  'requests.memory': `${memoryGi}Gi`,
  'limits.memory': `${memoryGi * 2}Gi`,
  pods: String(pods),
  persistentvolumeclaims: String(volumes),
  'requests.storage': `${storageGi}Gi`,
  services: String(pods),
  'services.loadbalancers': '0',
  'services.nodeports': '0',
  secrets: String(pods * 5),
  configmaps: String(pods * 5),
})

export const sizeSpecs: Readonly<Record<Size, SizeSpec>> = {
  S: {
    quota: quotaOf(2, 4, 20, 5, 20),
    container: {
      defaultCpu: '500m',
      defaultMemory: '512Mi',
      requestCpu: '50m',
      requestMemory: '64Mi',
      maxCpu: '2',
      maxMemory: '4Gi',
    },
    summary: '2 CPUs, 4 GiB memory, 20 pods, 20 GiB storage',
  },
  M: {
    quota: quotaOf(4, 16, 50, 10, 100),
    container: {
      defaultCpu: '500m',
      defaultMemory: '512Mi',
      requestCpu: '50m',
      requestMemory: '64Mi',
      maxCpu: '4',
      maxMemory: '16Gi',
    },
    summary: '4 CPUs, 16 GiB memory, 50 pods, 100 GiB storage',
  },
  L: {
    quota: quotaOf(16, 64, 200, 40, 500),
    container: {
      defaultCpu: '500m',
      defaultMemory: '512Mi',
      requestCpu: '100m',
      requestMemory: '128Mi',
      maxCpu: '16',
      maxMemory: '64Gi',
    },
    summary: '16 CPUs, 64 GiB memory, 200 pods, 500 GiB storage',
  },
}

/** @returns whether `size` is at most `max` */
export const sizeWithin = (size: Size, max: Size): boolean => sizes.indexOf(size) <= sizes.indexOf(max)
