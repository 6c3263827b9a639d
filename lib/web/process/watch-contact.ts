import 'server-only'
import { checkContact, contactEveryMs } from '#lib/auth/check-contact.ts'
import { authServices } from './auth-services.ts'
import { webConfig } from './web-config.ts'
import { webLog } from './web-log.ts'

/** Asks again and again whether the identity provider answers, for as long as the process lives. */
export async function watchContact(): Promise<void> {
  try {
    if ((await checkContact(await authServices(), webConfig().OIDC_ISSUER)) === false)
      webLog().warn('the identity provider does not answer')
  } catch (error) {
    webLog().warn({ error }, 'whether the identity provider answers could not be noted')
  }
  setTimeout(() => void watchContact(), contactEveryMs).unref()
}
