import 'server-only'
import { cookies } from 'next/headers'
import { cookiesFor } from '#lib/auth/session/cookie-names.ts'
import { safeReturnUrl } from '#lib/auth/sign-in/safe-return-url.ts'
import { type SignOutNotice, signOutNotice } from '#lib/kernel/model/people/sign-out-outcome.ts'
import { identityProviders } from '#lib/web/process/identity-provider.ts'
import { webConfig } from '#lib/web/process/web-config.ts'
import { webLog } from '#lib/web/process/web-log.ts'
import { hasEndedSession, pageSession } from '#lib/web/request/current-session.ts'

type SignInQuery = { callbackUrl: string | undefined; state: string | undefined }
type SignInPage = {
  signedIn: boolean
  sessionEnded: boolean
  returnTo: string
  signedOut: SignOutNotice | null
  helpUrl: string
  /** Where people can sign in, the main provider first. */
  providers: readonly { id: string; name: string }[]
}

/**
 * @returns whether there is or was a session, the path to return to after sign-in, the result of a sign-out, and the
 *   help page
 */
export async function signInPage({ callbackUrl, state }: SignInQuery): Promise<SignInPage> {
  const { SPACEPORT_URL: origin, SPACEPORT_HELP_URL: helpUrl } = webConfig()
  const { signedIn, sessionEnded } = await readState().catch((error: unknown) => {
    webLog().error({ error }, 'could not read the session of the sign-in page')
    return { signedIn: false, sessionEnded: false }
  })
  const left = (await cookies()).get(cookiesFor(origin).leaving.name)?.value
  return {
    signedIn,
    sessionEnded,
    returnTo: safeReturnUrl(callbackUrl, origin).slice(origin.length),
    signedOut: signOutNotice(state, left),
    helpUrl,
    providers: identityProviders().map(({ settings: { id, name } }) => ({ id, name })),
  }
}

const readState = async () => ({ signedIn: (await pageSession()) !== null, sessionEnded: await hasEndedSession() })
