import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { findPortHolder, parseListeners } from './find-port-holder.ts'
import { freePorts, isFree } from './free-ports.ts'

test('free ports differ from each other and can be listened on', async () => {
  const ports = await freePorts('a', 'b', 'c')
  expect(new Set(Object.values(ports)).size).toBe(3)
  expect(await isFree(ports.a)).toBe(true)
})

test('a taken port is not free and is named with the process that holds it', async () => {
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

test('only listening sockets of exactly that port count', () => {
  const line = (local: string, state: string, inode: number) =>
    `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1`
  const table = [
    '  sl  local_address rem_address st',
    line('0100007F:0BB8', '0A', 1),
    line('0100007F:0BB8', '01', 2),
    line('0100007F:0BB9', '0A', 3),
  ].join('\n')
  expect(parseListeners(table, 3000)).toEqual(['1'])
})
