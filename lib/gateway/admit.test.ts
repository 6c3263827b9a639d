import { expect, test } from 'vitest'
import { createAccessCache } from '#lib/gateway/credential/access-cache.ts'
import { accessRow, accessSpan } from '#lib/gateway/credential/access-fixture.ts'
import { parseTarget } from '#lib/gateway/target/parse-target.ts'
import { refreshAccess } from './admit.ts'

const namespaces = parseTarget('GET', '/clusters/lab/api/v1/namespaces')
const pods = parseTarget('GET', '/clusters/lab/api/v1/namespaces/n/pods')

async function setup() {
  const state = { rows: [accessRow({ spans: [accessSpan()] })] }
  const cache = createAccessCache(
    async () => state.rows,
    () => 0,
  )
  const access = await cache.read('h')
  if (!access) throw new Error('there is a row')
  const gateway = { cache, clock: () => 0, portalUrl: 'https://portal', clusterReadable: new Set<string>() }
  return { state, gateway, who: { hash: 'h', access, epoch: cache.epoch() } }
}

test('access is not read again for allowed requests or without a change', async () => {
  const { gateway, who } = await setup()
  expect(refreshAccess(gateway, namespaces, who)).toBeUndefined()
  gateway.cache.notice('space:other')
  expect(refreshAccess(gateway, pods, who)).toBeUndefined()
})

test('a list includes a grant made a moment ago', async () => {
  const { state, gateway, who } = await setup()
  gateway.cache.notice('space:new')
  state.rows = [accessRow({ spans: [accessSpan(), accessSpan({ spaceId: 'new', namespace: 'new' })] })]
  const news = await refreshAccess(gateway, namespaces, who)
  expect([...(news?.access.spaceIds ?? [])]).toEqual(['s', 'new'])
  expect(news?.epoch).toBe(gateway.cache.epoch())
})

test('a deleted credential gets nothing from the cache', async () => {
  const { state, gateway, who } = await setup()
  gateway.cache.notice('space:other')
  state.rows = []
  await expect(refreshAccess(gateway, namespaces, who)).rejects.toMatchObject({
    key: 'credential_revoked',
    status: 401,
  })
})
