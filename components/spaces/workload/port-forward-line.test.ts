import { expect, test } from 'vitest'
import { portForwardLine } from './port-forward-line.ts'

const service = (name: string, ...ports: [number, string][]) => ({
  name,
  type: 'ClusterIP',
  ports: ports.map(([port, protocol]) => ({ port, protocol, name: '' })),
})
const web = { kind: 'Deployment', name: 'web' } as const

test('a port is forwarded from the Service, or else from the workload itself', () => {
  const exposure = {
    services: [service('dns', [53, 'UDP']), service('front', [80, 'TCP'])],
    hosts: [],
    containerPorts: [3000],
  }
  expect(portForwardLine(web, exposure)).toEqual({
    line: 'kubectl port-forward service/front 8080:80',
    url: 'localhost:8080',
  })
  expect(portForwardLine(web, { ...exposure, services: [] })?.line).toBe(
    'kubectl port-forward deployment/web 3000:3000',
  )
  expect(
    portForwardLine({ kind: 'Pod', name: 'a' }, { ...exposure, services: [service('s', [443, 'TCP'])] })?.line,
  ).toBe('kubectl port-forward service/s 8443:443')
})

test('a workload without a TCP port, or of a kind without port-forward, gets no line', () => {
  expect(portForwardLine(web, { services: [service('dns', [53, 'UDP'])], hosts: [], containerPorts: [] })).toBeNull()
  expect(portForwardLine({ kind: 'Job', name: 'a' }, { services: [], hosts: [], containerPorts: [80] })).toBeNull()
})
