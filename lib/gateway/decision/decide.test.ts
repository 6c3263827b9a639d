import { describe, expect, test } from 'vitest'
import { effectiveSpaceIds, indexAccess, nextChange } from '#lib/gateway/credential/access.ts'
import { accessRow, accessSpan } from '#lib/gateway/credential/access-fixture.ts'
import type { AccessRow } from '#lib/gateway/db/select-access.ts'
import { narrowNamespaces } from '#lib/gateway/request/narrow-namespaces.ts'
import { parseTarget } from '#lib/gateway/target/parse-target.ts'
import { decide } from './decide.ts'

const now = 1_000_000
const span = (spaceId: string, role: 'viewer' | 'editor' | 'admin', more: Partial<AccessRow['spans'][number]> = {}) =>
  accessSpan({ spaceId, namespace: `ns-${spaceId}`, role, ...more })
const row = accessRow({
  endsAt: now + 1_000,
  spans: [span('one', 'admin'), span('two', 'viewer'), span('far', 'admin', { cluster: 'prod' })],
})
const ask = (method: string, path: string, changes: Partial<AccessRow> = {}, at = now) =>
  decide(parseTarget(method, `/clusters/lab${path}`), indexAccess({ ...row, ...changes }), at, rules)
const rules = { portalUrl: 'https://portal', clusterReadable: new Set<string>() }
const refused = (key: string) => expect.objectContaining({ key })

describe('a credential', () => {
  test('that is revoked, expired or of a deactivated person is refused with the reason and where to get another', () => {
    expect(() => ask('GET', '/version', { revokedAt: now })).toThrow(
      /revoked; get a new one at https:\/\/portal\/credentials/,
    )
    expect(() => ask('GET', '/version', {}, now + 1_000)).toThrow(/has expired; get a new one/)
    expect(() => ask('GET', '/version', { deactivatedAt: now })).toThrow(refused('person_deactivated'))
  })

  test('that is bound to a space works nowhere else', () => {
    const bound = { spaceId: 'two', cluster: 'lab' }
    expect(ask('GET', '/api/v1/namespaces/ns-two/pods', bound)).toMatchObject({ as: 'person' })
    expect(() => ask('GET', '/api/v1/namespaces/ns-one/pods', bound)).toThrow(refused('outside_credential'))
    expect(() => ask('GET', '/api/v1/namespaces/ns-one', bound)).toThrow(refused('outside_credential'))
    expect(ask('GET', '/api/v1/namespaces', bound)).toEqual({ as: 'gateway', spaceIds: ['two'] })
  })

  test('that is bound to a cluster, or to a space on it, is useless on another', () => {
    expect(() => ask('GET', '/version', { cluster: 'prod' })).toThrow(refused('outside_credential'))
    expect(() => ask('GET', '/version', { spaceId: 'far' })).toThrow(refused('outside_credential'))
  })

  test('that is bound to a space ends with the role in it, for everything', () => {
    expect(() => ask('GET', '/version', { spaceId: 'two', spans: [span('one', 'admin')] })).toThrow(
      refused('no_access'),
    )
  })
})

describe('a role from a group that the provider confirmed too long ago', () => {
  const spans = [span('one', 'editor', { pausesAt: now }), span('two', 'admin', { pausesAt: now + 500 })]
  const pods = (space: string) => `/api/v1/namespaces/ns-${space}/pods`

  test('gives nothing from that instant on, and the refusal says what to do', () => {
    expect(ask('GET', pods('two'), { spans })).toMatchObject({ as: 'person' })
    for (const at of [now + 500, now + 999])
      expect(() => ask('GET', pods('two'), { spans }, at)).toThrow(
        /roles from groups are suspended until you sign in at https:\/\/portal/,
      )
    expect(() => ask('GET', pods('one'), { spans })).toThrow(refused('groups_suspended'))
    expect(() => ask('GET', '/version', { spans, spaceId: 'one' })).toThrow(refused('groups_suspended'))
    expect(effectiveSpaceIds(indexAccess({ ...row, spans }), 'lab', now)).toEqual(['two'])
  })

  test('that provisioning pushed doesn’t need a sign-in, and the refusal explains it', () => {
    const pushed = [span('one', 'editor', { pausesAt: now, pushed: true })]
    expect(() => ask('GET', pods('one'), { spans: pushed })).toThrow(/stopped provisioning them; ask a platform admin/)
    expect(() => ask('GET', pods('one'), { spans: [...pushed, ...spans] })).toThrow(/until you sign in at/)
  })

  test('is rechecked at that instant for open streams', () => {
    expect(nextChange(indexAccess({ ...row, spans }), now)).toBe(now + 500)
  })

  test('leaves a direct role in effect, and a refusal mentions the suspended role', () => {
    const both = { spans: [...spans, span('one', 'viewer')] }
    expect(ask('GET', pods('one'), both)).toMatchObject({ as: 'person' })
    expect(() => ask('POST', pods('one'), both)).toThrow(
      /your role in this space is viewer; your roles from groups are suspended/,
    )
  })
})

describe('a cluster without its admission policies in force', () => {
  const door = (how: 'read-only' | 'closed') => ({
    spans: [span('one', 'admin', { door: how }), span('two', 'admin')],
  })
  const pods = '/api/v1/namespaces/ns-one/pods'

  test.each([
    ['POST', pods],
    ['PATCH', `${pods}/p`],
    ['DELETE', `${pods}/p`],
    ['DELETE', pods],
    ['GET', `${pods}/p/exec?command=id`],
    ['GET', `${pods}/p/attach`],
    ['POST', `${pods}/p/portforward`],
    ['POST', `${pods}/p/eviction`],
  ])('allows no %s %s', (method, path) => {
    expect(() => ask(method, path, door('read-only'))).toThrow(refused('fences_missing'))
    expect(() => ask(method, path, door('closed'))).toThrow(refused('fences_missing'))
  })

  test('can be read, unless the gateway is configured to close it', () => {
    for (const path of [
      pods,
      `${pods}/p`,
      `${pods}/p/log`,
      `${pods}?watch=true`,
      '/api/v1/namespaces/ns-one/secrets',
    ]) {
      expect(ask('GET', path, door('read-only'))).toMatchObject({ as: 'person' })
      expect(() => ask('GET', path, door('closed'))).toThrow(refused('fences_missing'))
    }
  })

  test('does not affect other clusters', () => {
    expect(ask('POST', '/api/v1/namespaces/ns-two/pods', door('closed'))).toMatchObject({ as: 'person' })
  })
})

describe('a role', () => {
  test('is in effect from its start until just before its end', () => {
    const spans = [span('one', 'viewer', { startsAt: now, endsAt: now + 10 })]
    const list = (at: number) => () => ask('GET', '/api/v1/namespaces/ns-one/pods', { spans }, at)
    expect(list(now - 1)).toThrow(refused('no_access'))
    expect(list(now)()).toMatchObject({ as: 'person' })
    expect(list(now + 9)()).toMatchObject({ as: 'person' })
    expect(list(now + 10)).toThrow(refused('no_access'))
  })

  test('that has ended leaves the lesser one, whatever bindings the cluster still has', () => {
    const spans = [span('one', 'viewer'), span('one', 'admin', { endsAt: now + 10 })]
    const remove = (at: number) => () => ask('DELETE', '/api/v1/namespaces/ns-one/pods/p', { spans }, at)
    expect(remove(now)()).toMatchObject({ as: 'person' })
    expect(remove(now + 10)).toThrow(refused('role_insufficient'))
  })

  test('of an admin gives no admin rights on the cluster while it has an end date; the end of the space does not count', () => {
    const bindings = '/apis/rbac.authorization.k8s.io/v1/namespaces/ns-one/rolebindings'
    const roles = '/apis/rbac.authorization.k8s.io/v1/namespaces/ns-one/roles/r'
    const ends = { spans: [span('one', 'admin', { endsAt: now + 10 })] }
    for (const [method, path] of [
      ['POST', bindings],
      ['PATCH', `${bindings}/b`],
      ['DELETE', bindings],
      ['PUT', roles],
    ] as const)
      expect(() => ask(method, path, ends)).toThrow(/your role has an end date; only admins without an end date/)
    expect(ask('GET', bindings, ends)).toMatchObject({ as: 'person' })
    expect(ask('DELETE', '/api/v1/namespaces/ns-one/pods/p', ends)).toMatchObject({ as: 'person' })
    expect(() => ask('DELETE', '/api/v1/namespaces/ns-one', ends)).toThrow(/no role allows this/)

    expect(ask('POST', bindings, { spans: [...ends.spans, span('one', 'admin')] })).toMatchObject({ as: 'person' })
    const spaceEnds = { spans: [span('one', 'admin', { ends: false, endsAt: now + 10 })] }
    expect(ask('POST', bindings, spaceEnds)).toMatchObject({ as: 'person' })
    expect(() => ask('POST', bindings, spaceEnds, now + 10)).toThrow(refused('no_access'))
  })

  test.each([
    ['GET', '/api/v1/namespaces/ns-two/secrets'],
    ['GET', '/api/v1/namespaces/ns-two/pods/p/exec'],
    ['POST', '/api/v1/namespaces/ns-two/pods/p/portforward'],
    ['DELETE', '/api/v1/namespaces/ns-two/pods'],
    ['POST', '/api/v1/namespaces/ns-one/serviceaccounts/default/token'],
    ['DELETE', '/api/v1/namespaces/ns-one'],
    ['PATCH', '/api/v1/namespaces/ns-one'],
    ['PUT', '/api/v1/namespaces/ns-one/status'],
    ['PUT', '/api/v1/namespaces/ns-one/finalize'],
    ['PATCH', '/api/v1/namespaces/ns-one/resourcequotas/spaceport'],
  ])('does not allow more than its rules: %s %s', (method, path) => {
    expect(() => ask(method, path)).toThrow(refused('role_insufficient'))
  })
})

test('another person’s namespace looks like one that does not exist', () => {
  const message = (namespace: string) => {
    try {
      ask('GET', `/api/v1/namespaces/${namespace}/pods/p`)
    } catch (error) {
      return error instanceof Error ? error.message.replaceAll(namespace, 'N') : ''
    }
    return ''
  }
  expect(message('kube-system')).toBe(message('missing'))
  expect(message('ns-far')).toBe(message('missing'))
  expect(message('missing')).toBe(
    'pods "p" is forbidden: User "system:serviceaccount:spaceport-users:ann-1" cannot get resource "pods" in API group "" in the namespace "N": you have no role in this namespace; see https://portal',
  )
})

test.each([
  '/api/v1/nodes/n/proxy/',
  '/api/v1/namespaces/ns-one/pods/p/proxy/x',
  '/api/v1/namespaces/ns-one/services/s/proxy',
  '/api/v1/proxy/nodes/n',
])('no proxy can be used: %s', (path) => {
  expect(() => ask('GET', path)).toThrow(refused('proxy_forbidden'))
})

describe('namespaces', () => {
  const narrowed = (query: string, ids: string[]) => {
    const target = parseTarget('GET', `/clusters/lab/api/v1/namespaces${query}`)
    if (target.kind !== 'resource') throw new Error('no resource')
    return new URL(`http://x${narrowNamespaces(target, ids)}`).searchParams
  }

  test('are narrowed to the spaces, followed by the client’s selector, joined by "and"', () => {
    expect(narrowed('', ['a', 'b']).get('labelSelector')).toBe('spaceport.dev/space-id in (a,b)')
    expect(narrowed('?labelSelector=x%3Dy&limit=5', ['a']).get('labelSelector')).toBe(
      'spaceport.dev/space-id in (a),x=y',
    )
    expect(narrowed('?labelSelector=x%3Dy&limit=5', ['a']).get('limit')).toBe('5')
  })

  test('of a person without spaces are empty', () => {
    expect(narrowed('', []).get('labelSelector')).toBe('spaceport.dev/space-id in (none)')
  })

  test('cannot be widened by a second selector', () => {
    const query = narrowed('?labelSelector=a&labelSelector=b&%6cabelSelector=c', ['s'])
    expect(query.getAll('labelSelector')).toEqual(['spaceport.dev/space-id in (s),a'])
  })

  test('accept only listed parameters that can be parsed', () => {
    expect([...narrowed('?limit=5&watch=1&a&a&b=c&dryRun=All&exec=x&timeout=5s', ['s']).keys()]).toEqual([
      'watch',
      'timeout',
      'limit',
      // Bookmarks show how far a watch has come; clients that don't want them get none.
      'allowWatchBookmarks',
      'labelSelector',
    ])
    for (const query of [
      '?limit=5x',
      '?limit=-1',
      '?resourceVersion=1%262',
      '?continue=%0a',
      '?watch=yes',
      '?labelSelector=a%20or%20b',
      '?labelSelector=a)%20,b%20in%20(c',
      '?fieldSelector=spec.x%3Dy',
      '?fieldSelector=metadata.name%3Da%5C,b',
      '?resourceVersionMatch=Any',
    ])
      expect(() => narrowed(query, ['s']), query).toThrow(refused('bad_path'))
  })

  test('are those in effect at the moment', () => {
    const access = indexAccess({
      ...row,
      spans: [span('b', 'viewer'), span('a', 'viewer'), span('c', 'viewer', { endsAt: now })],
    })
    expect(effectiveSpaceIds(access, 'lab', now)).toEqual(['a', 'b'])
    expect(effectiveSpaceIds(access, 'prod', now)).toEqual([])
  })
})

test('the next instant at which time may change a decision is known', () => {
  const access = indexAccess({
    ...row,
    spans: [span('a', 'viewer', { startsAt: now - 5, endsAt: now + 7 }), span('b', 'viewer', { startsAt: now + 3 })],
  })
  expect(nextChange(access, now)).toBe(now + 3)
  expect(nextChange(access, now + 3)).toBe(now + 7)
  expect(nextChange(access, now + 7)).toBe(now + 1_000)
  expect(nextChange(access, now + 1_000)).toBe(Number.POSITIVE_INFINITY)
})
