import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openWebhooks } from './open-webhooks.ts'
import { resolveByDns } from './resolve-host.ts'

/** A name server (RFC 1035) that answers each query with the next of these IPv4 addresses, and no IPv6 address. */
const dns = createSocket('udp4')
let addresses: string[] = []
let servers: string[]

dns.on('message', (query, { port, address }) => {
  const end = query.indexOf(0, 12) + 5
  const asksForIpv4 = query.readUInt16BE(end - 4) === 1
  const next = asksForIpv4 ? addresses.shift() : undefined
  const head = Buffer.from(query.subarray(0, end))
  // An answer; recursion available.
  head.writeUInt16BE(0x8180, 2)
  head.writeUInt16BE(next === undefined ? 0 : 1, 6)
  head.writeUInt16BE(0, 8)
  head.writeUInt16BE(0, 10)
  const record = next === undefined ? [] : [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...next.split('.').map(Number)]
  dns.send(Buffer.concat([head, Buffer.from(record)]), port, address)
})

beforeAll(async () => {
  await new Promise<void>((done) => void dns.bind(0, '127.0.0.1', () => done()))
  servers = [`127.0.0.1:${dns.address().port}`]
})
afterAll(() => void dns.close())
beforeEach(() => {
  addresses = []
})

test('a name resolves to what DNS says now', async () => {
  addresses = ['93.184.216.34', '127.0.0.1']
  expect(await resolveByDns('rebound.example.com', servers)).toEqual([{ address: '93.184.216.34', family: 4 }])
  expect(await resolveByDns('rebound.example.com', servers)).toEqual([{ address: '127.0.0.1', family: 4 }])
  await expect(resolveByDns('rebound.example.com', servers)).rejects.toMatchObject({ code: 'ENODATA' })
})

test('a name that DNS moves to an internal address after it was saved isn’t reached', async () => {
  let connections = 0
  const inside = createServer((socket) => {
    connections++
    socket.destroy()
  })
  // The range is listed, so that only the address decides, not the port.
  await new Promise<void>((done) => void inside.listen(0, '127.0.0.1', () => done()))
  const listening = inside.address()
  const port = typeof listening === 'object' ? listening?.port : 0
  const webhooks = openWebhooks({
    secret: 's'.repeat(32),
    allowedHosts: ['93.184.216.0/24'],
    deniedCidrs: [],
    resolve: (host) => resolveByDns(host, servers),
  })
  const url = `http://rebound.example.com:${port}/`
  addresses = ['93.184.216.34', '127.0.0.1']
  expect(await webhooks.mayReach(url)).toBe(true)
  const message = { url, secret: 'whsec_c2VjcmV0', id: 'one', at: new Date(), body: '{}' }
  expect(await webhooks.send(message)).toEqual({ status: null, why: 'BLOCKED' })
  expect(connections).toBe(0)
  inside.close()
})
