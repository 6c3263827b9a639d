import { viewSpace } from '#lib/kernel/define/view-space.ts'

/**
 * Where a space is, for what the gateway is asked for a member: it decides about the rest.
 * @returns its cluster and its namespace there; @throws AppError not_found, forbidden
 */
export const locateSpace = viewSpace({
  permission: 'read-space-inside',
  read: ({ space: { cluster, namespace } }) => ({ cluster, namespace }),
})
