import type { AuthSettings } from '#lib/auth/auth-settings.ts'

/** @returns whether the configuration of any provider makes anyone a platform admin, by a group or by name */
export const canHaveAdmins = (providers: readonly Pick<AuthSettings, 'admins' | 'adminGroups'>[]): boolean =>
  providers.some(({ admins, adminGroups }) => admins.length + adminGroups.length > 0)
