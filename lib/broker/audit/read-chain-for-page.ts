import { nothing, viewPlatform } from '#lib/broker/define/view-platform.ts'
import { readChainState } from '#lib/db/read-chain-state.ts'

/** @returns what is known about the chain of the trail, and its latest verifications, for auditors and platform admins */
export const readChainForPage = viewPlatform({
  permission: 'list-audit',
  input: nothing,
  read: ({ ctx }) => readChainState(ctx.pool),
})
