import { expect, test } from 'vitest'
import { indexAccess } from '#lib/gateway/credential/access.ts'
import { accessRow, accessSpan } from '#lib/gateway/credential/access-fixture.ts'
import { parseTarget } from '#lib/gateway/target/parse-target.ts'
import { decide } from './decide.ts'

const rules = { portalUrl: 'https://portal', clusterReadable: new Set<string>() }
const spans = [
  accessSpan({ spaceId: 'one', namespace: 'ns-one', role: 'viewer' }),
  accessSpan({ spaceId: 'two', namespace: 'ns-two', role: 'admin' }),
  accessSpan({ spaceId: 'over', namespace: 'ns-over', role: 'admin', endsAt: 5 }),
  accessSpan({ spaceId: 'far', namespace: 'ns-far', role: 'admin', cluster: 'prod' }),
]
const ask = (method: string, path: string, spaceId: string | null = null) =>
  decide(parseTarget(method, `/clusters/lab/apis/${path}`), indexAccess(accessRow({ spaceId, spans })), 10, rules)

const all = 'spaceport.dev/v1alpha1/spaces'
const inTeam = 'spaceport.dev/v1alpha1/namespaces/team/spaces'

test.each([all, inTeam, `${inTeam}/x`, 'spaceport.dev/v1alpha1/namespaces/ns-one/spaces'])(
  'objects that declare spaces can be read for spaces where the person has a role now: %s',
  (path) => {
    for (const method of ['GET', 'HEAD'])
      expect(ask(method, path)).toEqual({ as: 'itself', spaceIds: ['one', 'two'], mapped: true })
    expect(ask('GET', path, 'two')).toEqual({ as: 'itself', spaceIds: ['two'], mapped: false })
  },
)

test.each([
  ['GET', `${all}?watch=true`],
  ['GET', `${inTeam}?watch=1`],
  ['GET', `${inTeam}/x/status`],
  ['GET', `${inTeam}/x/proxy`],
  ['POST', inTeam],
  ['PUT', `${inTeam}/x`],
  ['PATCH', `${inTeam}/x`],
  ['PATCH', `${inTeam}/x/status`],
  ['DELETE', `${inTeam}/x`],
  ['DELETE', inTeam],
  ['GET', 'spaceport.dev/v1beta1/namespaces/team/spaces'],
  ['GET', 'spaceport.dev/v1alpha1/namespaces/team/others'],
  ['GET', 'example.com/v1alpha1/namespaces/team/spaces'],
])('nothing else is allowed there: %s %s', (method, path) => {
  for (const spaceId of [null, 'two']) expect(() => ask(method, path, spaceId)).toThrow(/is forbidden|proxy/)
})
