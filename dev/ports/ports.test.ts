import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { expect, test } from 'vitest'
import { findPortHolder } from './find-port-holder.ts'
import { freePorts, isFree } from './free-ports.ts'
import { listListening, withDescendants } from './list-listening.ts'
import { parseListeners } from './proc-sockets.ts'

test('free ports differ from each other and can be listened on', async () => {
  const ports = await freePorts('a', 'b', 'c')
  expect(new Set(Object.values(ports)).size).toBe(3)
  expect(await isFree(ports.a)).toBe(true)
})

test('a taken port is reported with the process that holds it', async () => {
  const { taken } = await freePorts('taken')
  const server = createServer().listen(taken, '127.0.0.1')
  await once(server, 'listening')
  try {
    expect(await isFree(taken)).toBe(false)
    expect(await findPortHolder(taken)).toContain(String(process.pid))
  } finally {
    server.close()
  }
})

test.runIf(process.platform === 'linux')('finds where a process listens, its children included', async () => {
  const servers: Server[] = []
  const listen = async (host: string) => {
    const server = createServer().listen(0, host)
    servers.push(server)
    await once(server, 'listening')
    const address = server.address()
    return typeof address === 'object' ? address?.port : undefined
  }
  const child = spawn(process.execPath, [
    '-e',
    `require('net').createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port) })`,
  ])
  try {
    const [loopback, everywhere] = [await listen('127.0.0.1'), await listen('0.0.0.0')]
    const [ofChild] = await once(child.stdout, 'data')
    const listening = listListening(withDescendants(process.pid))
    expect(listening).toContainEqual({ address: '127.0.0.1', port: loopback })
    expect(listening).toContainEqual({ address: '0.0.0.0', port: everywhere })
    expect(listening).toContainEqual({ address: '127.0.0.1', port: Number(ofChild) })
    expect(listListening([process.pid])).not.toContainEqual({ address: '127.0.0.1', port: Number(ofChild) })
  } finally {
    child.kill()
    for (const server of servers) server.close()
  }
})

test('only listening sockets count, of both kinds of addresses', () => {
  const line = (local: string, state: string, inode: number) =>
    `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1`
  const table = [
    '  sl  local_address rem_address st',
    line('0100007F:0BB8', '0A', 1),
    line('0100007F:0BB8', '01', 2),
    line('00000000000000000000000001000000:0BB9', '0A', 3),
    line('00000000000000000000000000000000:0BBA', '0A', 4),
  ].join('\n')
  expect(parseListeners(table)).toEqual([
    { inode: '1', address: '127.0.0.1', port: 3000 },
    { inode: '3', address: '0000:0000:0000:0000:0000:0000:0000:0001', port: 3001 },
    { inode: '4', address: '0000:0000:0000:0000:0000:0000:0000:0000', port: 3002 },
  ])
})
