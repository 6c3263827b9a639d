import type { PlatformRole } from '#lib/kernel/model/access/role.ts'

/** The label of each platform role. */
export const platformRoleLabels: Readonly<Record<PlatformRole, string>> = {
  member: 'Member',
  auditor: 'Auditor',
  admin: 'Platform admin',
}
