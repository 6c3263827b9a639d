import type { AuthSettings } from '#lib/auth/auth-settings.ts'

/** @returns whether any provider's configuration makes anyone a platform admin, by group or by name */
export const canHaveAdmins = (providers: readonly Pick<AuthSettings, 'admins' | 'adminGroups'>[]): boolean =>
  providers.some(({ admins, adminGroups }) => admins.length + adminGroups.length > 0)
