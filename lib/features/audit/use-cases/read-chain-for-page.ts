import { readChainState } from '#lib/kernel/db/audit/read-chain-state.ts'
import { nothing, viewPlatform } from '#lib/kernel/define/view-platform.ts'

/** @returns the state of the trail's chain and its latest verifications, for auditors and platform admins */
export const readChainForPage = viewPlatform({
  permission: 'list-audit',
  input: nothing,
  read: ({ ctx }) => readChainState(ctx.pool),
})
