/** A space's status; `statusLabels` has its names on screen. */
export const spaceStatuses = ['creating', 'ready', 'asleep', 'deleting', 'failed', 'deleted'] as const
export type SpaceStatus = (typeof spaceStatuses)[number]

export const findableStatuses = ['creating', 'ready', 'deleting', 'failed'] as const satisfies readonly SpaceStatus[]
export type FindableStatus = (typeof findableStatuses)[number]

export const statusLabels: Readonly<Record<SpaceStatus, string>> = {
  creating: 'Creating',
  ready: 'Ready',
  asleep: 'Asleep',
  deleting: 'Deleting',
  failed: 'Failed',
  deleted: 'Deleted',
}

/** The steps of creating and of deleting a space, in order. */
export const createSteps = ['namespace', 'limits', 'access', 'verified'] as const
export const deleteSteps = ['delete', 'gone'] as const
export type StepName = (typeof createSteps)[number] | (typeof deleteSteps)[number]

/** The state of one step. `message` says why it failed or waits, and what to do. `at` is ISO 8601, UTC. */
export type Step = {
  name: StepName
  state: 'waiting' | 'running' | 'done' | 'failed'
  at?: string
  code?: string
  message?: string
}

export const stepLabels: Readonly<Record<StepName, string>> = {
  namespace: 'Namespace',
  limits: 'Limits and isolation',
  access: 'Access',
  verified: 'Verified with the cluster',
  delete: 'Deletion started',
  gone: 'Everything removed',
}
