import { viewSpace } from '#lib/broker/define/view-space.ts'

/** @returns what decides on what of a space a person may watch: another value means that it has to be decided again */
export const readAccessFingerprint = viewSpace({
  permission: 'read-space',
  read: ({ space }) => `${space.standing} ${space.namespaceUid}`,
})
