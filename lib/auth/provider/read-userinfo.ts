import * as oauth from 'oauth4webapi'
import type { AuthSettings } from '#lib/auth/auth-settings.ts'
import { asking, parties } from './ask-provider.ts'
import type { ProviderMetadata } from './identity-provider.ts'

/** @returns the claims of the userinfo endpoint about the same subject (OpenID Connect Core 1.0, section 5.3.2) */
export async function readUserinfo(
  metadata: ProviderMetadata,
  settings: AuthSettings,
  { accessToken, subject }: { accessToken: string; subject: string },
): Promise<Record<string, unknown>> {
  const { server, client } = parties(metadata, settings)
  const response = await oauth.userInfoRequest(server, client, accessToken, asking)
  return oauth.processUserInfoResponse(server, client, subject, response)
}
