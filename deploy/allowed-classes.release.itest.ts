import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { openClusterFixture } from '#dev/testing/fixtures/cluster-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { request } from '#lib/kube/client/request.ts'

/** The priority and runtime classes that pods of spaces may have: those that `spaceport-allowed` may use, by RBAC. */
const fixture = openClusterFixture()
const [allowed, other] = [uniqueName('allowed'), uniqueName('other')]
const role = uniqueName('allow')
const rbac = '/apis/rbac.authorization.k8s.io/v1'
let space: Awaited<ReturnType<typeof fixture.makeSpace>>
const made: string[] = []

async function make(collection: string, body: { metadata: { name: string } }): Promise<void> {
  await request(fixture.admin, { method: 'POST', path: collection, body }, z.unknown())
  made.push(`${collection}/${body.metadata.name}`)
}

beforeAll(async () => {
  space = await fixture.makeSpace()
  for (const name of [allowed, other]) {
    await make('/apis/scheduling.k8s.io/v1/priorityclasses', {
      ...{ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', value: 1 },
      metadata: { name },
    })
    await make('/apis/node.k8s.io/v1/runtimeclasses', {
      ...{ apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', handler: 'none' },
      metadata: { name },
    })
  }
  // As in docs/own-cluster.md.
  await make(`${rbac}/clusterroles`, {
    ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole' },
    metadata: { name: role },
    ...{
      rules: [
        {
          apiGroups: ['spaceport.dev'],
          resources: ['priorityclasses', 'runtimeclasses'],
          resourceNames: [allowed],
          verbs: ['use'],
        },
      ],
    },
  })
  await make(`${rbac}/clusterrolebindings`, {
    ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding' },
    metadata: { name: role },
    ...{
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
      subjects: [{ kind: 'ServiceAccount', name: 'spaceport-allowed', namespace: 'spaceport-system' }],
    },
  })
})
afterAll(async () => {
  for (const path of made) await request(fixture.admin, { method: 'DELETE', path }, z.unknown()).catch(() => {})
  await fixture.close()
})

const run = (spec: Record<string, unknown>) =>
  space.tryAsOwner({
    method: 'POST',
    path: `/api/v1/namespaces/${space.namespace}/pods`,
    query: { dryRun: 'All' },
    body: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
    },
  })

test.each(['priorityClassName', 'runtimeClassName'])(
  'a pod of a space may have only a %s that the operator allows',
  async (field) => {
    // Classes and roles take effect a moment after they are written.
    const soon = { timeout: 30_000, interval: 100 }
    await vi.waitFor(async () => expect(await run({ [field]: allowed })).toBe('allowed'), soon)
    expect(await run({ [field]: other })).toBe('forbidden')
    expect(await run({})).toBe('allowed')
  },
)
