import 'server-only'
import type { ProvisioningSettings } from '#lib/kernel/use-case/context.ts'
import { webConfig } from '#lib/web/process/web-config.ts'

/** @returns the provisioning settings from the environment */
export function scimSettings(): ProvisioningSettings {
  const config = webConfig()
  return {
    subject: config.SCIM_SUBJECT,
    subjectClaim: config.OIDC_SUBJECT_CLAIM,
    adminGroups: config.SPACEPORT_ADMIN_GROUPS,
    auditorGroups: config.SPACEPORT_AUDITOR_GROUPS,
    base: `${config.SPACEPORT_URL}/scim/v2`,
  }
}
