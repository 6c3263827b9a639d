import { findScimGroup, selectScimGroups } from '#lib/features/scim/db/scim-groups.ts'
import { findScimUser, type ScimPage, selectScimUsers } from '#lib/features/scim/db/scim-users.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { viewProvisioned } from './provision.ts'

const there = <T>(found: T | null): T => {
  if (found === null) throw new AppError('not_found')
  return found
}

/** @throws AppError not_found */
export const readUser = viewProvisioned(async ({ pool }, id: string) => there(await findScimUser(pool, id)))

/** @throws AppError not_found */
export const readGroup = viewProvisioned(async ({ pool }, { id, withMembers }: { id: string; withMembers: boolean }) =>
  there(await findScimGroup(pool, id, { withMembers })),
)

/** @throws AppError scim_filter */
export const listUsers = viewProvisioned(({ pool }, page: ScimPage) => selectScimUsers(pool, page))

/** @throws AppError scim_filter */
export const listGroups = viewProvisioned(({ pool }, { withMembers, ...page }: ScimPage & { withMembers: boolean }) =>
  selectScimGroups(pool, page, { withMembers }),
)
