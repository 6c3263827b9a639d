import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'
import { connectClusters } from '#lib/kube/client/cluster.ts'
import { request } from '#lib/kube/client/request.ts'

let fixture: Awaited<ReturnType<typeof openGatewayFixture>>
beforeAll(async () => {
  fixture = await openGatewayFixture()
})
afterAll(() => fixture?.close())

const userInfo = z.looseObject({ username: z.string(), extra: z.record(z.string(), z.array(z.string())).optional() })
const auditEvent = z.object({
  user: userInfo,
  impersonatedUser: userInfo.optional(),
  objectRef: z.object({ resource: z.string(), namespace: z.string().optional() }).optional(),
})

/** Maps each impersonator to the last person it listed the namespace's pods as. */
function readsOfPods(namespace: string): Map<string, z.infer<typeof userInfo> | undefined> {
  const lines = readFileSync(inject('auditLog'), 'utf8').split('\n')
  // The API server may still be writing the last line.
  const events = lines.filter((line) => line.includes(namespace) && line.endsWith('}'))
  return new Map(
    events
      .map((line) => auditEvent.parse(JSON.parse(line)))
      .filter(({ objectRef, impersonatedUser }) => objectRef?.resource === 'pods' && impersonatedUser !== undefined)
      .map(({ user, impersonatedUser }) => [user.username, impersonatedUser]),
  )
}

test.each([
  ['an ordinary email address', 'ann@example.com', ['ann@example.com']],
  ['one with other letters', 'Änne 漢🙂@example.com', ['%C3%84nne%20%E6%BC%A2%F0%9F%99%82@example.com']],
  ['one that would be another header', 'a\r\nImpersonate-Group: x', ['a%0D%0AImpersonate-Group:%20x']],
  ['none', '', undefined],
])(
  'the cluster’s audit log has the same name for a person from gateway and portal: %s',
  async (_what, email, extra) => {
    const person = await fixture.person('ann')
    await fixture.sql('UPDATE user_account SET email = $2 WHERE id = $1', [person.userId, email])
    const { namespace } = await fixture.space(person)
    const kubectl = await fixture.credential(person, { namespace })
    expect((await kubectl.run(['get', 'pods'])).code).toBe(0)
    const clusters = connectClusters({ kubeconfig: inject('kubeBroker'), clusters: [] })
    onTestFinished(() => clusters.close())
    const pods = { method: 'GET', path: `/api/v1/namespaces/${namespace}/pods`, as: { ...person, email } } as const
    await request(clusters.get('default'), pods, z.unknown())

    await expect.poll(() => readsOfPods(namespace).size).toBe(2)
    const [first, second] = readsOfPods(namespace).values()
    expect(second).toEqual(first)
    expect(first?.username).toBe(`system:serviceaccount:spaceport-users:${person.handle}`)
    expect(first?.extra?.['spaceport.dev/email']).toEqual(extra)
  },
)
