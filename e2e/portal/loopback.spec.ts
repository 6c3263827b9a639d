import { BlockList } from 'node:net'
import { listeningSchema } from '#dev/testing/portal/described-stack.ts'
import { expect, test } from '#e2e/fixtures/test.ts'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

const parts = [
  ...['starter', 'web', 'gateway', 'worker', 'identity provider', 'mail server', 'postgres'],
  ...['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kwok', 'metrics-server'],
]

test('everything started on this machine listens only on loopback', async ({ stack }) => {
  test.skip(process.platform !== 'linux', 'needs the kernel’s list of listening sockets')
  const listening = listeningSchema.parse(await (await fetch(`${stack.controlUrl}/listening`)).json())
  // Every part listens somewhere, so none was missed.
  expect([...new Set(listening.map(({ name }) => name))].sort()).toEqual([...parts].sort())
  for (const url of [stack.webUrl, stack.gatewayUrl, stack.idpUrl, stack.mailUrl, stack.controlUrl])
    expect(listening.map(({ port }) => port)).toContain(Number(new URL(url).port))
  const open = listening.filter(({ address }) => !loopback.check(address, address.includes(':') ? 'ipv6' : 'ipv4'))
  expect(open, 'reachable from other machines').toEqual([])
})
