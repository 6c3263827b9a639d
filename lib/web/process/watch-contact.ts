import 'server-only'
import { checkContact, contactEveryMs } from '#lib/auth/provider/check-contact.ts'
import { authServices } from './auth-services.ts'
import { identityProviders } from './identity-provider.ts'
import { webLog } from './web-log.ts'

/** Checks regularly whether each identity provider answers, as long as the process lives. */
export async function watchContact(): Promise<void> {
  await Promise.all(identityProviders().map(({ settings }) => askOnce(settings)))
  setTimeout(() => void watchContact(), contactEveryMs).unref()
}

async function askOnce({ id, issuer }: { id: string; issuer: string }): Promise<void> {
  try {
    if ((await checkContact(await authServices(), issuer)) === false)
      webLog().warn({ provider: id }, 'the identity provider does not answer')
  } catch (error) {
    webLog().warn({ error, provider: id }, 'could not record whether the identity provider answers')
  }
}
