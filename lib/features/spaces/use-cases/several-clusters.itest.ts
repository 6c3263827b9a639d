import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { createCredential, createCredentialForAll } from '#lib/features/credentials/use-cases/create-credential.ts'
import { upsertClusters } from '#lib/kernel/db/spaces/clusters.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { checkAllForDrift } from '#lib/kernel/reconcile/check-all-for-drift.ts'
import { refreshUsageInTurn } from '#lib/kernel/reconcile/refresh-usage.ts'
import type { Services } from '#lib/kernel/use-case/context.ts'
import { type Clusters, connectClusters } from '#lib/kube/client/cluster.ts'
import { deleteObject } from '#lib/kube/objects/delete-object.ts'
import { listManaged } from '#lib/kube/objects/list-managed.ts'
import { createSpace } from './create-space.ts'
import { deleteSpace } from './delete-space.ts'
import { readSpace } from './read-space.ts'

const [first, second] = [uniqueName('first'), uniqueName('second')]
const kubeconfigSchema = z.object({
  contexts: z.array(z.object({ name: z.string() })),
  clusters: z.array(z.object({ cluster: z.object({ server: z.string() }) })),
})

let fixture: BrokerFixture
let clusters: Clusters
/** Two cluster names for the tests' one API server: only Spaceport distinguishes them. */
beforeAll(async () => {
  fixture = await openBrokerFixture()
  const kubeconfig = inject('kubeBroker')
  const context = z.object({ 'current-context': z.string() }).parse(parse(readFileSync(kubeconfig, 'utf8')))[
    'current-context'
  ]
  clusters = connectClusters({
    kubeconfig,
    clusters: [
      { name: first, context },
      { name: second, context },
    ],
  })
  await upsertClusters(fixture.services.db, clusters.names)
})
afterAll(async () => {
  await clusters.close()
  await fixture.close()
})

const as = (actor: Actor, changed: Partial<Services> = {}) => fixture.as(actor, { clusters, ...changed })
const plain = { description: '', size: 'S' as const, endsAt: null }

test('the form offers every cluster, and the first is the default', async () => {
  const actor = await fixture.person('several')
  expect(as(actor).clusters).toMatchObject({ names: [first, second], defaultName: first })
})

test('a space is on the requested cluster, and is never assumed to be elsewhere', async () => {
  const actor = await fixture.person('several')
  const name = uniqueName('there')
  expect(await createSpace(as(actor), { ...plain, name, cluster: second })).toMatchObject({
    space: { name, cluster: second },
    settled: true,
  })
  expect(await readSpace(as(actor), { name, cluster: second })).toMatchObject({ cluster: second, status: 'ready' })
  for (const elsewhere of [{ name }, { name, cluster: first }, { name, cluster: 'nowhere' }])
    await expect(readSpace(as(actor), elsewhere)).rejects.toMatchObject({ code: 'not_found' })
  await expect(deleteSpace(as(actor), { space: { name }, confirmation: name })).rejects.toMatchObject({
    code: 'not_found',
  })
  await expect(createSpace(as(actor), { ...plain, name: uniqueName('x'), cluster: 'nowhere' })).rejects.toMatchObject({
    code: 'cluster_unknown',
  })
})

test('a credential names its own cluster; one for all spaces has a context on each', async () => {
  const actor = await fixture.person('several')
  const [here, there] = [uniqueName('here'), uniqueName('there')]
  await createSpace(as(actor), { ...plain, name: here })
  await createSpace(as(actor), { ...plain, name: there, cluster: second })
  const ctx = as(actor, { gateway: { url: 'https://gateway.example.com', readCa: () => '' } })
  const read = (made: { kubeconfig: string }) => kubeconfigSchema.parse(JSON.parse(made.kubeconfig))
  const bound = read(await createCredential(ctx, { space: { name: there, cluster: second } }))
  expect(bound.contexts).toEqual([expect.objectContaining({ name: `spaceport-${second}-${there}` })])
  expect(bound.clusters.map(({ cluster }) => cluster.server)).toEqual([
    `https://gateway.example.com/clusters/${second}`,
  ])
  const all = read(await createCredentialForAll(ctx, {}))
  expect(all.contexts.map((context) => context.name).sort()).toEqual([
    `spaceport-${first}-${here}`,
    `spaceport-${second}-${there}`,
  ])
  const { rows } = await fixture.owner.query(
    `SELECT k.name FROM credential c LEFT JOIN cluster k ON k.id = c.cluster_id WHERE c.user_id = $1 ORDER BY c.created_at`,
    [actor.userId],
  )
  expect(rows).toEqual([{ name: second }, { name: null }])
})

test('clusters are maintained independently; one that does not answer shows that', async () => {
  const actor = await fixture.person('several')
  const name = uniqueName('kept')
  await createSpace(as(actor), { ...plain, name })
  const dead = join(mkdtempSync(join(tmpdir(), 'spaceport-clusters-')), 'kubeconfig')
  const text = readFileSync(inject('kubeBroker'), 'utf8')
  writeFileSync(dead, text.replace(/server: .*/, 'server: https://127.0.0.1:1'))
  const gone = connectClusters({ kubeconfig: dead, clusters: [] })
  const both: Clusters = {
    ...clusters,
    names: [second, first],
    get: (asked) => (asked === second ? gone.get('default') : clusters.get(asked)),
  }
  await deleteObject(clusters.get(first), {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    namespace: name,
    name: 'spaceport-isolation',
  })
  const ctx = fixture.system({ clusters: both })
  await expect(checkAllForDrift(ctx, second)).rejects.toMatchObject({ code: 'cluster_unreachable' })
  expect(await checkAllForDrift(ctx, first)).toBeGreaterThan(0)
  const kept = await listManaged(clusters.get(first), name)
  expect(kept.map(({ kind }) => kind)).toContain('NetworkPolicy')
  const refreshUsage = refreshUsageInTurn()
  await expect(refreshUsage(ctx, second)).rejects.toMatchObject({ code: 'cluster_unreachable' })
  expect(await refreshUsage(ctx, first)).toBeGreaterThan(0)
  await gone.close()
  rmSync(dirname(dead), { recursive: true })
})

test('the prefix is part of the namespace’s name, not of the space’s', async () => {
  const actor = await fixture.person('prefixed')
  const name = uniqueName('web')
  const policy = { ...fixture.services.policy, namespacePrefix: 'team-' }
  await createSpace(fixture.as(actor, { policy }), { ...plain, name })
  expect(await readSpace(fixture.as(actor), { name })).toMatchObject({
    name,
    namespace: `team-${name}`,
    status: 'ready',
  })
  const { kubeconfig } = await createCredential(fixture.as(actor, { policy }), { space: { name } })
  expect(kubeconfig).toContain(`"namespace": "team-${name}"`)
  await expect(
    createSpace(fixture.as(actor, { policy: { ...policy, namespacePrefix: 'kube-' } }), { ...plain, name }),
  ).rejects.toMatchObject({ code: 'name_protected' })
})
