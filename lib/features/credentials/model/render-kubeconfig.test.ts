import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { contextName, renderKubeconfig } from './render-kubeconfig.ts'

test('the file has the CA, the space’s namespace as the default, and a unique context name', () => {
  const file = parse(
    renderKubeconfig({
      gatewayUrl: 'https://kube.example.com',
      ca: 'PEM',
      handle: 'alice-000000',
      token: 'spt_x',
      spaces: [{ cluster: 'prod', name: 'team', namespace: 'dev-team' }],
    }),
  )
  expect(file['current-context']).toBe(contextName('prod', 'team'))
  expect(file['current-context']).toBe('spaceport-prod-team')
  expect(file.contexts[0].context).toEqual({
    cluster: 'spaceport-prod',
    namespace: 'dev-team',
    user: 'spaceport-alice-000000',
  })
  expect(file.clusters).toEqual([
    {
      name: 'spaceport-prod',
      cluster: { server: 'https://kube.example.com/clusters/prod', 'certificate-authority-data': 'UEVN' },
    },
  ])
  expect(file.users[0].user).toEqual({ token: 'spt_x' })
})
