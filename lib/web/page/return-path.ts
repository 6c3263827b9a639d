import 'server-only'
import { safeReturnUrl } from '#lib/auth/sign-in/safe-return-url.ts'
import { webConfig } from '#lib/web/process/web-config.ts'

/** @returns the requested path in the portal; `/` if there is none */
export function returnPath(wanted: string | undefined): string {
  const origin = webConfig().SPACEPORT_URL
  return safeReturnUrl(wanted, origin).slice(origin.length)
}
