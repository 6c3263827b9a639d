import { readFileSync } from 'node:fs'
import { afterAll, expect, inject, test, vi } from 'vitest'
import { z } from 'zod'
import { openClusterFixture } from '#dev/testing/fixtures/cluster-fixture.ts'
import { maxRead } from '#lib/kernel/model/spaces/space-inside.ts'
import { request } from '#lib/kube/client/request.ts'
import { readNamespaceInside } from './read-namespace-inside.ts'
import { watchSpaceInside } from './watch-space-inside.ts'

const fixture = openClusterFixture()
const { broker } = fixture
afterAll(() => fixture.close())

const eventSchema = z.object({ stage: z.string(), verb: z.string(), objectRef: z.object({ resource: z.string() }) })

/**
 * @returns the current watches of a namespace; the API server logs the start and end of a watch, and may still be
 * writing
 */
const watchedIn = (namespace: string): string[] => {
  const lines = readFileSync(inject('auditLog'), 'utf8').split('\n')
  const open: string[] = []
  for (const line of lines.filter((one) => one.includes(`/namespaces/${namespace}/`) && one.endsWith('}'))) {
    const { stage, verb, objectRef } = eventSchema.parse(JSON.parse(line))
    if (verb !== 'watch') continue
    if (stage === 'ResponseStarted') open.push(objectRef.resource)
    if (stage === 'ResponseComplete') open.splice(open.indexOf(objectRef.resource), 1)
  }
  return open.toSorted()
}

test('an open page of a space costs the cluster two watches, and none once it is closed', async () => {
  const { owner, namespace } = await fixture.makeSpace()
  const closed = new AbortController()
  const watching = watchSpaceInside(broker, owner, namespace, {
    clock: () => new Date(),
    onChange() {},
    signal: closed.signal,
  })
  await expect.poll(() => watchedIn(namespace), { timeout: 30_000 }).toEqual(['events', 'pods'])
  closed.abort()
  await watching
  await expect.poll(() => watchedIn(namespace), { timeout: 30_000 }).toEqual([])
})

test('of an oversized space, the page reads what fits and says what was left out', async () => {
  const { owner, namespace } = await fixture.makeSpace()
  const path = `/apis/apps/v1/namespaces/${namespace}/replicasets`
  const body = (name: string) => ({
    ...{ apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name } },
    spec: {
      replicas: 0,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'main', image: 'example.com/app:1' }] },
      },
    },
  })
  const names = Array.from({ length: maxRead.workloads + 1 }, (_, n) => `one-${n}`)
  while (names.length > 0)
    await Promise.all(
      names
        .splice(0, 20)
        .map((name) => request(broker, { method: 'POST', path, body: body(name), as: owner }, z.unknown())),
    )
  // The API server answers from its cache, which gets the last ones a moment later.
  await vi.waitFor(async () => {
    const { workloads, leftOut } = await readNamespaceInside(broker, owner, namespace, new Date())
    expect(workloads).toHaveLength(maxRead.workloads)
    expect(leftOut).toEqual(['workloads'])
  }, 30_000)
}, 120_000)
