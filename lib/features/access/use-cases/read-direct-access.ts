import { z } from 'zod'
import { selectDirectAccess } from '#lib/features/access/db/select-direct-access.ts'
import { viewPlatform } from '#lib/kernel/define/view-platform.ts'
import type { DirectAccessList } from '#lib/kernel/model/audit/cluster-audit.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'
import { findAnySpace } from './find-any-space.ts'

const maxShown = 50

/**
 * @returns the direct access to a space, from the cluster's audit log, for auditors and platform admins
 * @throws AppError not_found
 */
export const readDirectAccess = viewPlatform({
  permission: 'read-access-report',
  input: z.strictObject({ space: spaceKey }),
  read: async function readReadDirectAccess({ ctx, input }): Promise<DirectAccessList> {
    const { id } = await findAnySpace(ctx, input.space)
    const { receivedAt, rows } = await selectDirectAccess(ctx.pool, id, maxShown + 1)
    return { receivedAt, rows: rows.slice(0, maxShown), more: rows.length > maxShown }
  },
})
