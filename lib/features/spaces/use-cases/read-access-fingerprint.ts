import { viewSpace } from '#lib/kernel/define/view-space.ts'

/** @returns a value that changes when a person's access to a space has to be decided again */
export const readAccessFingerprint = viewSpace({
  permission: 'read-space',
  read: ({ space }) => `${space.standing} ${space.namespaceUid}`,
})
