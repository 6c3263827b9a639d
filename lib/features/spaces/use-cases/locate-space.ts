import { viewSpace } from '#lib/kernel/define/view-space.ts'

/**
 * Finds a space for a member's request to the gateway, which authorizes it.
 * @returns its cluster and its namespace there;
 * @throws AppError not_found, forbidden
 */
export const locateSpace = viewSpace({
  permission: 'read-space-inside',
  read: ({ space: { cluster, namespace } }) => ({ cluster, namespace }),
})
