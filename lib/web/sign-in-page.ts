import 'server-only'
import { safeReturnUrl } from '../auth/safe-return-url.ts'
import { currentActor } from './current-session.ts'
import { webConfig } from './web-config.ts'
import { webLog } from './web-log.ts'

/** @returns whether somebody is signed in already, and the path of ours to go to after sign-in */
export async function signInPage(wanted: string | undefined): Promise<{ signedIn: boolean; returnTo: string }> {
  const origin = webConfig().SPACEPORT_URL
  const actor = await currentActor().catch((error: unknown) => {
    webLog().error({ error }, 'whether somebody is signed in cannot be told')
    return null
  })
  return { signedIn: actor !== null, returnTo: safeReturnUrl(wanted, origin).slice(origin.length) }
}
