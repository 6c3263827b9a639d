import { expect, test } from 'vitest'
import { parseTarget } from '#lib/gateway/target/parse-target.ts'
import { gatewayActions } from '#lib/kernel/model/audit/audit-action.ts'
import { spokenVerb } from './exchange.ts'

const pods = '/clusters/default/api/v1/namespaces/lab/pods'

test('every verb that the gateway writes to the trail has a label in the portal', () => {
  const spoken = [
    undefined,
    ...[
      ['GET', pods],
      ['GET', `${pods}?watch=true`],
      ['GET', `${pods}/web`],
      ['POST', pods],
      ['PUT', `${pods}/web`],
      ['PATCH', `${pods}/web`],
      ['DELETE', `${pods}/web`],
      ['DELETE', pods],
      ['POST', `${pods}/web/exec`],
      ['POST', `${pods}/web/attach`],
      ['POST', `${pods}/web/portforward`],
      ['GET', `${pods}/web/proxy`],
      ['HEAD', '/clusters/default/version'],
      ['POST', '/clusters/default/version'],
      ['PUT', '/clusters/default/version'],
    ].map(([method = '', url = '']) => parseTarget(method, url)),
  ].map((target) => `kubectl.${spokenVerb(target)}`)
  // The end of a stream is not a request, so no target has that verb.
  expect([...spoken, 'kubectl.stream-end'].sort()).toEqual([...gatewayActions].sort())
})
