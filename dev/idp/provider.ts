import Provider, { type Configuration, type KoaContextWithOIDC } from 'oidc-provider'
import { contentSecurityPolicy, escapeHtml, renderPage } from './page.ts'
import { claimsOf, readPeople } from './people.ts'
import type { Secrets } from './secrets.ts'

export type ClientOptions = {
  id: string
  secret: string
  /** The provider's id in the portal; the default is the main one. */
  providerId?: string
  /** The portal's URL: its callback, its pages after sign-out and its back-channel are below it. */
  origin: string
  /** The URL of another web process: people may return to either. */
  otherOrigin?: string
  /** Whether logout tokens name only the person; otherwise, the session too. */
  logoutBySubject?: boolean
  /** Whether it gets no refresh tokens, so that it can check people only while their access token is valid. */
  withoutRefreshTokens?: boolean
}

export type SigningAlgorithm = NonNullable<NonNullable<Configuration['enabledJWA']>['idTokenSigningAlgValues']>[number]

/** The public client of command-line tools that sign in by device code. */
const deviceClientId = 'spaceport-cli'

const respond = (ctx: KoaContextWithOIDC, title: string, body: string, options?: { submit: boolean }) => {
  ctx.type = 'html'
  ctx.set('content-security-policy', contentSecurityPolicy)
  ctx.body = renderPage(title, body, options)
}

const scopes = ['openid', 'offline_access']
const claims = {
  openid: ['sub'],
  profile: ['name', 'preferred_username'],
  email: ['email', 'email_verified'],
  groups: ['groups'],
}

/** An OpenID provider for development and tests: PKCE required, no consent prompt. */
export function createProvider(options: {
  issuer: string
  client: ClientOptions
  secrets: Secrets
  algorithm: SigningAlgorithm
  peopleFile: string | undefined
}): Provider {
  const { client, secrets, algorithm, peopleFile } = options
  const port = new URL(options.issuer).port
  const below = (path: string) => new URL(path, client.origin).href
  const configuration: Configuration = {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        client_name: 'Spaceport',
        id_token_signed_response_alg: algorithm,
        redirect_uris: [client.origin, ...(client.otherOrigin ? [client.otherOrigin] : [])].map(
          (origin) => new URL(`/api/auth/callback/${client.providerId ?? 'oidc'}`, origin).href,
        ),
        post_logout_redirect_uris: [client.origin, below('/'), below('/sign-in'), below('/signed-out')],
        backchannel_logout_uri: below('/api/auth/backchannel-logout'),
        backchannel_logout_session_required: !client.logoutBySubject,
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      },
      {
        client_id: deviceClientId,
        client_name: 'Spaceport command line',
        id_token_signed_response_alg: algorithm,
        token_endpoint_auth_method: 'none',
        redirect_uris: [],
        response_types: [],
        grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
      },
    ],
    jwks: { keys: secrets.keys },
    enabledJWA: { idTokenSigningAlgValues: [algorithm] },
    cookies: {
      keys: secrets.cookies,
      // Cookies ignore ports: providers and portals of several stacks on one machine would overwrite each other's.
      names: { session: `idp-${port}-session`, interaction: `idp-${port}-interaction`, resume: `idp-${port}-resume` },
    },
    pkce: { required: () => true },
    scopes,
    claims,
    // Many providers put groups into the id_token, so this one does too.
    conformIdTokenClaims: false,
    findAccount: (_ctx, sub) => {
      const person = readPeople(peopleFile).find((one) => one.sub === sub)
      return person && { accountId: sub, claims: () => claimsOf(person) }
    },
    loadExistingGrant: async (ctx) => {
      const { client: asking, session, params } = ctx.oidc
      if (asking === undefined || session?.accountId === undefined) return undefined
      const grantId = session.grantIdFor(asking.clientId)
      const found = grantId === undefined ? undefined : await ctx.oidc.provider.Grant.find(grantId)
      const grant = found ?? new ctx.oidc.provider.Grant({ clientId: asking.clientId, accountId: session.accountId })
      grant.addOIDCScope(String(params?.scope ?? 'openid'))
      await grant.save()
      return grant
    },
    // As Keycloak does, to the portal also without the scope offline_access. Each one works once.
    issueRefreshToken: async (_ctx, asking, code) =>
      asking.clientId === client.id ? !client.withoutRefreshTokens : code.scopes.has('offline_access'),
    rotateRefreshToken: true,
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    ttl: {
      Session: 8 * 3600,
      Grant: 8 * 3600,
      Interaction: 3600,
      IdToken: 3600,
      AccessToken: 3600,
      RefreshToken: 8 * 3600,
      DeviceCode: 600,
    },
    // The default refuses loopback addresses, which a development portal has.
    fetch: (input, init) => {
      const { dispatcher: _refusesLoopback, ...rest } = { dispatcher: undefined, ...init }
      return fetch(input, rest)
    },
    renderError: (ctx, out) => {
      const text = [out.error_description ?? out.error, 'Go back to the previous page and try again.']
      respond(ctx, 'That did not work', text.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n'))
    },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          // A valid id_token_hint proves who asks; without one, any link could end a session.
          const submit = ctx.oidc.entities.IdTokenHint !== undefined
          respond(
            ctx,
            'Sign out',
            `${form}
<input type="hidden" form="op.logoutForm" name="logout" value="yes">
<button type="submit" form="op.logoutForm">Sign out</button>`,
            { submit },
          )
        },
        postLogoutSuccessSource: (ctx) =>
          respond(ctx, 'Signed out', '<p>You are signed out. You may close this page.</p>'),
      },
      deviceFlow: {
        enabled: true,
        userCodeInputSource: (ctx, form, _out, error) =>
          respond(
            ctx,
            'Sign in a device',
            `<p>Enter the code that the device shows.</p>
${error === undefined ? '' : '<p role="alert">That code is not valid. Check it, or start again on the device.</p>'}
${form}
<button type="submit" form="op.deviceInputForm">Continue</button>`,
          ),
        userCodeConfirmSource: (ctx, form, asking, _info, userCode) =>
          respond(
            ctx,
            'Is this your device?',
            `<p>${escapeHtml(asking.clientName ?? asking.clientId)} shows this code:</p>
<p><code>${escapeHtml(userCode)}</code></p>
${form}
<button type="submit" form="op.deviceConfirmForm">Continue</button>
<button type="submit" class="quiet" form="op.deviceConfirmForm" name="abort" value="yes">Cancel</button>`,
          ),
        successSource: (ctx) => respond(ctx, 'Signed in', '<p>Continue on your device; you may close this page.</p>'),
      },
    },
  }
  return new Provider(options.issuer, configuration)
}
