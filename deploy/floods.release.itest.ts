import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { openClusterFixture } from '#dev/testing/fixtures/cluster-fixture.ts'
import { defaultReach } from '#lib/kernel/model/access/reach-fixture.ts'
import { hasDrifted } from '#lib/kernel/model/spaces/drift.ts'
import { renderSpace } from '#lib/kernel/model/spaces/render-space.ts'
import { sizes } from '#lib/kernel/model/spaces/size.ts'
import { request } from '#lib/kube/client/request.ts'
import { applyObject } from '#lib/kube/objects/apply-object.ts'
import { listManaged } from '#lib/kube/objects/list-managed.ts'

/**
 * No one can fill the store that all spaces of a cluster share, tested with the real API server and its quota
 * controller.
 */
const fixture = openClusterFixture()
let space: Awaited<ReturnType<typeof fixture.makeSpace>>
beforeAll(async () => {
  space = await fixture.makeSpace()
})
afterAll(() => fixture.close())

const quotaSchema = z.object({
  spec: z.object({ hard: z.record(z.string(), z.string()) }),
  status: z.object({ used: z.record(z.string(), z.string()).default({}) }),
})
const readQuota = () =>
  request(
    fixture.admin,
    { method: 'GET', path: `/api/v1/namespaces/${space.namespace}/resourcequotas/spaceport` },
    quotaSchema,
  )

test('the cluster counts everything that the quota names', async () => {
  await vi.waitFor(
    async () => {
      const { spec, status } = await readQuota()
      expect(Object.keys(status.used).sort()).toEqual(Object.keys(spec.hard).sort())
    },
    { timeout: 30_000, interval: 100 },
  )
})

test('an endless number of small objects is refused', async () => {
  const path = `/apis/coordination.k8s.io/v1/namespaces/${space.namespace}/leases`
  const lease = (name: string) => ({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name } })
  const make = (name: string) =>
    request(fixture.broker, { method: 'POST', path, body: lease(name), as: space.owner }, z.unknown())
  const { spec } = await readQuota()
  const limit = Number(spec.hard['count/leases.coordination.k8s.io'])
  const results: PromiseSettledResult<unknown>[] = []
  // In batches: a request may take ten seconds, which all at once could exceed on a machine that stalls.
  while (results.length < 2 * limit)
    results.push(
      ...(await Promise.allSettled(Array.from({ length: 20 }, (_, index) => make(`flood-${results.length + index}`)))),
    )
  // A count by the quota’s controller at that moment may miss some that are being written.
  const made = results.filter(({ status }) => status === 'fulfilled').length
  expect(made).toBeGreaterThanOrEqual(limit)
  expect(made).toBeLessThan(2 * limit)
  for (const result of results)
    if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'forbidden' })
  let more = 0
  await vi.waitFor(() => expect(make(`more-${more++}`)).rejects.toMatchObject({ code: 'forbidden' }), 30_000)
})

test.each(sizes)(
  'the cluster keeps the limits of a space of size %s as written, so there is no drift',
  async (size) => {
    const { limits } = renderSpace({ ...space.wanted, size }, defaultReach)
    await Promise.all(limits.map((manifest) => applyObject(fixture.broker, manifest)))
    const found = await listManaged(fixture.broker, space.namespace)
    for (const manifest of limits)
      expect(
        hasDrifted(
          manifest,
          found.find(({ kind }) => kind === manifest.kind),
        ),
        manifest.kind,
      ).toBe(false)
  },
)
