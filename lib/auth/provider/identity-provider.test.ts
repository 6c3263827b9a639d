import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  createIdentityProvider,
  isElsewhere,
  type ProviderMetadata,
  providerFaultOf,
  readProvider,
  scopesFor,
} from './identity-provider.ts'

let issuer = ''
let answer: { status: number; body: string } = { status: 200, body: '' }
const server = createServer((_request, response) => response.writeHead(answer.status).end(answer.body))
beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  issuer = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
})
afterAll(() => server.close())

const document = (changed: object = {}) => ({
  status: 200,
  body: JSON.stringify({
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    id_token_signing_alg_values_supported: ['ES256'],
    ...changed,
  }),
})
const read = (allowed: string[] = []) => readProvider(createIdentityProvider(issuer), allowed)
const faultOf = async (given: typeof answer, allowed?: string[]) => {
  answer = given
  return read(allowed).then(
    () => 'ok',
    (error: unknown) => providerFaultOf(error),
  )
}

test('a different issuer is reported with both names', async () => {
  answer = document({ issuer: 'https://other.example' })
  const failure = await read().catch((error: unknown) => error)
  expect(providerFaultOf(failure)).toBe('wrong_issuer')
  expect(String(failure)).toContain(issuer)
  expect(String(failure)).toContain('https://other.example')
  expect(await faultOf(document({ issuer: `${issuer}/` })), 'but for a slash').toBe('ok')
})

test('an issuer that isn’t a provider and one that doesn’t answer are different faults', async () => {
  for (const given of [
    { status: 404, body: '' },
    { status: 302, body: '' },
    { status: 200, body: '<html>' },
    { status: 200, body: '{}' },
    document({ jwks_uri: undefined }),
    document({ token_endpoint: 'javascript:alert(1)' }),
    document({ token_endpoint: 'http://login.example.com/token' }),
    document({ jwks_uri: 'http://login.example.com/jwks' }),
    document({ end_session_endpoint: 'http://login.example.com/out' }),
  ])
    expect(await faultOf(given), JSON.stringify(given)).toBe('no_provider')
  for (const status of [429, 500, 503]) expect(await faultOf({ status, body: '' })).toBe('provider_unreachable')
  const nobody = createIdentityProvider('http://127.0.0.1:1')
  expect(providerFaultOf(await nobody.metadata().catch((error: unknown) => error))).toBe('provider_unreachable')
})

test('a failure is not cached', async () => {
  const provider = createIdentityProvider(issuer)
  answer = { status: 500, body: '' }
  await expect(provider.metadata()).rejects.toThrow()
  answer = document()
  expect((await provider.metadata()).issuer).toBe(issuer)
})

test('optional endpoints may be null', async () => {
  answer = document({ end_session_endpoint: null, userinfo_endpoint: null, scopes_supported: null })
  expect(await read()).toMatchObject({ end_session_endpoint: undefined, userinfo_endpoint: undefined })
})

test('a provider without an accepted signing algorithm is reported', async () => {
  expect(await faultOf(document(), ['ES256'])).toBe('ok')
  expect(await faultOf(document(), ['RS256'])).toBe('no_algorithm')
  expect(await faultOf(document({ id_token_signing_alg_values_supported: ['HS256', 'none'] }))).toBe('no_algorithm')
})

test('the groups scope is requested only if the provider lists it, and configured scopes are requested as they are', () => {
  expect(scopesFor('', { scopes_supported: ['openid', 'groups'] })).toBe('openid profile email groups')
  expect(scopesFor('', { scopes_supported: ['openid'] })).toBe('openid profile email')
  expect(scopesFor('', {})).toBe('openid profile email')
  expect(scopesFor('  openid  roles ', { scopes_supported: ['groups'] })).toBe('openid roles')
})

test('only a provider on this machine may have endpoints on this machine', () => {
  const at = (host: string, changed: Partial<ProviderMetadata> = {}): ProviderMetadata => ({
    issuer: host,
    authorization_endpoint: `${host}/auth`,
    token_endpoint: `${host}/token`,
    jwks_uri: `${host}/jwks`,
    userinfo_endpoint: undefined,
    end_session_endpoint: undefined,
    scopes_supported: undefined,
    token_endpoint_auth_methods_supported: undefined,
    id_token_signing_alg_values_supported: undefined,
    authorization_response_iss_parameter_supported: undefined,
    ...changed,
  })
  const here = 'http://127.0.0.1:9091'
  const there = 'https://login.example.com'
  expect(isElsewhere(at(here), here)).toBe(false)
  expect(isElsewhere(at(there), there)).toBe(false)
  for (const changed of [{ token_endpoint: here }, { jwks_uri: `${here}/x` }, { userinfo_endpoint: 'http://[::1]:1/' }])
    expect(isElsewhere(at(there, changed), there), JSON.stringify(changed)).toBe(true)
})
