import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { openClusterFixture } from '#dev/testing/fixtures/cluster-fixture.ts'
import { isReservedNamespace, reservedNames, reservedPrefixes } from '#lib/features/spaces/model/reserved-names.ts'
import { ApiServerError, request } from '#lib/kube/client/request.ts'

/** The domain and the fence agree on names: both check every name on the list and its neighbours. */
const fixture = openClusterFixture()
afterAll(() => fixture.close())

async function fenceAllows(name: string): Promise<boolean> {
  const labels = {
    'spaceport.dev/managed-by': 'spaceport',
    'spaceport.dev/space-id': 'x',
    'spaceport.dev/space': 'x',
    'pod-security.kubernetes.io/enforce': 'baseline',
  }
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }
  try {
    await request(
      fixture.broker,
      { method: 'POST', path: '/api/v1/namespaces', query: { dryRun: 'All' }, body },
      z.unknown(),
    )
    return true
  } catch (error) {
    if (!(error instanceof ApiServerError)) throw error
    // A name that already exists has passed the fence.
    if (error.httpStatus === 409) return true
    expect(error.statusMessage).toContain('This name belongs to the cluster.')
    return false
  }
}

const families = reservedPrefixes.flatMap((prefix) => [`${prefix}x`, `x${prefix}x`, prefix.replace(/-+$/, '')])
const others = ['my-system', 'system', 'a-systems', 'ab', 'a1', 'a', 'abc', 'zz', 'team-1', 'x'.repeat(63)]
const names = [
  ...new Set([...reservedNames.flatMap((name) => [name, `${name}-1`, `my-${name}`]), ...families, ...others]),
]

test('the fence reserves exactly the names that the domain reserves', { timeout: 60_000 }, async () => {
  const differing: string[] = []
  const queue = [...names]
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let name = queue.pop(); name !== undefined; name = queue.pop())
        if ((await fenceAllows(name)) === isReservedNamespace(name)) differing.push(name)
    }),
  )
  expect(differing).toEqual([])
})
