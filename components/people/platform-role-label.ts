import type { PlatformRole } from '#lib/kernel/model/access/role.ts'

export const platformRoleLabels: Readonly<Record<PlatformRole, string>> = {
  member: 'Member',
  auditor: 'Auditor',
  admin: 'Platform admin',
}
