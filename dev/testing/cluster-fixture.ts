import { randomUUID } from 'node:crypto'
import { expect, inject, vi } from 'vitest'
import { z } from 'zod'
import { isAppError } from '#lib/domain/errors.ts'
import type { Member, SpaceMember } from '#lib/domain/membership.ts'
import type { Reach } from '#lib/domain/reach.ts'
import { ordinaryReach } from '#lib/domain/reach-fixture.ts'
import { type DesiredSpace, renderSpace } from '#lib/domain/render-space.ts'
import { applyObject } from '#lib/kube/apply-object.ts'
import { type Cluster, type Clusters, connectClusters } from '#lib/kube/cluster.ts'
import { createNamespace } from '#lib/kube/create-namespace.ts'
import { deleteNamespace } from '#lib/kube/delete-namespace.ts'
import { mayPerson } from '#lib/kube/may-person.ts'
import { type KubeRequest, request } from '#lib/kube/request.ts'
import { uniqueName } from './unique-name.ts'

const countedSchema = z.object({ status: z.object({ hard: z.looseObject({}) }) })

/** A person whose name no other test has. */
export function testMember(readable = 'alice'): Member {
  const handle = uniqueName(readable)
  return { userId: randomUUID(), handle, email: `${handle}@example.com`, name: readable }
}

/** The real API server as the broker and as its admin, and spaces on it that are removed with the fixture. */
export function openClusterFixture() {
  const open: Clusters[] = []
  const connect = (kubeconfig: string): Cluster => {
    const clusters = connectClusters({ kubeconfig, clusters: [] })
    open.push(clusters)
    return clusters.get('default')
  }
  const broker = connect(inject('kubeBroker'))
  const admin = connect(inject('kubeAdmin'))
  const made: { name: string; uid: string }[] = []

  function wantedSpace(changed: Partial<DesiredSpace> = {}): DesiredSpace {
    const owner = changed.owner ?? testMember()
    const name = uniqueName('test')
    return {
      id: randomUUID(),
      name,
      namespace: name,
      creation: randomUUID(),
      description: '',
      size: 'S',
      endsAt: null,
      requestId: null,
      owner,
      members: [{ member: owner, role: 'admin' }],
      grants: [],
      ...changed,
    }
  }

  return {
    broker,
    admin,
    connect,
    wantedSpace,
    /** Makes a space as the broker does. */
    async makeSpace(others: readonly SpaceMember[] = [], reach: Reach = ordinaryReach) {
      const owner = testMember()
      const wanted = wantedSpace({ owner, members: [{ member: owner, role: 'admin' }, ...others] })
      const rendered = renderSpace(wanted, reach)
      const { uid } = await createNamespace(broker, rendered.namespace)
      made.push({ name: wanted.namespace, uid })
      await Promise.all([...rendered.limits, ...rendered.access].map((manifest) => applyObject(broker, manifest)))
      // Bindings take effect a moment after they are written; a space counts as ready only from then on.
      const question = { namespace: wanted.namespace, verb: 'list', group: '', resource: 'events' }
      for (const { member } of wanted.members)
        await vi.waitFor(async () => expect(await mayPerson(broker, member.handle, question)).toBe(true), 30_000)
      // A namespace takes pods once it has its ServiceAccount.
      const account = { method: 'GET', path: `/api/v1/namespaces/${wanted.namespace}/serviceaccounts/default` } as const
      await vi.waitFor(() => request(admin, account, z.unknown()), 30_000)
      // A quota that its controller hasn’t counted limits nothing.
      const quota = { method: 'GET', path: `/api/v1/namespaces/${wanted.namespace}/resourcequotas/spaceport` } as const
      await vi.waitFor(() => request(admin, quota, countedSchema), 30_000)
      return {
        ...{ wanted, rendered, owner, namespace: wanted.namespace, uid },
        /** Asks the API server as the owner. @returns `allowed`, or the code of the refusal */
        tryAsOwner: (asked: Omit<KubeRequest, 'as'>): Promise<string> =>
          request(broker, { ...asked, as: owner }, z.unknown()).then(
            () => 'allowed',
            (error: unknown) => (isAppError(error) ? error.code : String(error)),
          ),
      }
    },
    /** Has a namespace deleted with the fixture. */
    forget(name: string, uid: string) {
      made.push({ name, uid })
    },
    async close() {
      await Promise.allSettled(made.map(({ name, uid }) => deleteNamespace(admin, name, uid)))
      await Promise.all(open.map((clusters) => clusters.close()))
    },
  }
}
