import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openSignInFixture } from '#dev/testing/fixtures/sign-in-fixture.ts'
import { createIdentityProvider, type ProviderMetadata } from './identity-provider.ts'

let fixture: Awaited<ReturnType<typeof openSignInFixture>>
beforeAll(async () => {
  fixture = await openSignInFixture()
})
afterEach(() => {
  // Discards the cached metadata of the replaced provider.
  fixture.services.provider = createIdentityProvider(fixture.issuer)
  fixture.services.settings.algorithms = []
})
afterAll(() => fixture.close())

/** Overrides parts of the provider's metadata in the portal. */
async function believe(changed: Partial<ProviderMetadata>): Promise<void> {
  const metadata = await fixture.services.provider.metadata()
  fixture.services.provider = { metadata: async () => ({ ...metadata, ...changed }) }
}

test.each([...(['RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'] as const)])(
  'a provider that signs with %s works, unless the configuration forbids it',
  async (algorithm) => {
    await fixture.replaceProvider(algorithm)
    fixture.services.provider = createIdentityProvider(fixture.issuer)
    const browser = fixture.browser()
    expect(await browser.signIn('alice')).toBe(`${fixture.origin}/`)
    expect(await browser.session()).not.toBeNull()

    fixture.services.settings.algorithms = ['RS256']
    const refused = await browser.send(`${fixture.origin}/api/auth/signin/oidc`, { form: {} })
    expect(browser.locationOf(refused)).toContain('/sign-in?error=no_algorithm')
  },
)

test('an ID token with another algorithm than announced is refused', async () => {
  await fixture.replaceProvider('ES256')
  await believe({ id_token_signing_alg_values_supported: ['RS256'] })
  expect(await fixture.browser().signIn('alice')).toContain('/sign-in?error=provider_refused')
})

test('a new signing key works at once', async () => {
  await fixture.replaceProvider('RS256')
  await believe({ id_token_signing_alg_values_supported: ['RS256'] })
  expect(await fixture.browser().signIn('alice')).toBe(`${fixture.origin}/`)
  await fixture.replaceProvider('RS256')
  expect(await fixture.browser().signIn('alice')).toBe(`${fixture.origin}/`)
})

test('an answer without the announced issuer is refused', async () => {
  await fixture.replaceProvider('RS256')
  fixture.services.provider = createIdentityProvider(fixture.issuer)
  expect((await fixture.services.provider.metadata()).authorization_response_iss_parameter_supported).toBe(true)
  for (const [iss, where] of [
    [null, '/sign-in?error=provider_refused'],
    ['https://other.example', '/sign-in?error=wrong_issuer'],
  ] as const) {
    const browser = fixture.browser()
    const callback = new URL(await browser.reachCallback('alice'))
    expect(callback.searchParams.get('iss')).toBe(fixture.issuer)
    if (iss === null) callback.searchParams.delete('iss')
    else callback.searchParams.set('iss', iss)
    expect(browser.locationOf(await browser.send(callback.href))).toContain(where)
    expect(await browser.session()).toBeNull()
  }
})

test('an ID token with another issuer than the discovery document is reported as wrong_issuer', async () => {
  await believe({ issuer: `${fixture.issuer}/other`, authorization_response_iss_parameter_supported: undefined })
  const browser = fixture.browser()
  const callback = new URL(await browser.reachCallback('alice'))
  callback.searchParams.delete('iss')
  expect(browser.locationOf(await browser.send(callback.href))).toContain('/sign-in?error=wrong_issuer')
})

test('a failing provider endpoint is reported, and gives no session', async () => {
  fixture.services.settings.groupsClaim = 'teams'
  try {
    const browser = fixture.browser()
    await browser.signIn('alice')
    expect((await browser.session())?.actor.groups).toEqual([])
    await believe({ userinfo_endpoint: `${fixture.issuer}/nowhere` })
    expect(await fixture.browser().signIn('alice')).toContain('/sign-in?error=')
  } finally {
    fixture.services.settings.groupsClaim = 'groups'
  }
  await believe({ token_endpoint: 'http://127.0.0.1:1/token' })
  expect(await fixture.browser().signIn('alice')).toContain('/sign-in?error=provider_unreachable')
})
