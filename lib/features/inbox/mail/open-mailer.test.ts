import { createServer, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openMailer } from './open-mailer.ts'

let sockets: Socket[]
let port: number
let stop: () => Promise<void>

/** A server that keeps sending its greeting, with pauses too short to time out. */
beforeEach(async () => {
  sockets = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.write('220 host.test\r\n')
    const drops = setInterval(() => socket.write('250-more\r\n'), 20)
    socket.on('error', () => {}).on('close', () => clearInterval(drops))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = Number(Object(server.address()).port)
  stop = () => new Promise<void>((resolve) => server.close(() => resolve()))
})
afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  await stop()
})

const mail = { id: '1', to: { name: 'Erin', address: 'erin@host.test' }, subject: 'Hello', text: '', at: new Date() }
const open = (longestMs?: number) =>
  openMailer({
    url: `smtp://127.0.0.1:${port}`,
    from: 'a@host.test',
    host: 'host.test',
    ...(longestMs && { longestMs }),
  })

test('a server that trickles its answer doesn’t block its own mail or queued ones', async () => {
  const mailer = open(2_000)
  const results = await Promise.all([1, 2, 3, 4].map(() => mailer.send(mail)))
  for (const result of results) expect(result).toMatchObject({ sent: false, permanent: false })
  await expect.poll(() => sockets.every(({ destroyed }) => destroyed)).toBe(true)
  expect(sockets.length).toBeGreaterThan(0)
  mailer.close()
})

test('a closed mailer does not wait for the server', async () => {
  const mailer = open()
  const sending = Promise.all([1, 2, 3].map(() => mailer.send(mail)))
  await expect.poll(() => sockets.length).toBe(2)
  mailer.close()
  for (const result of await sending) expect(result).toMatchObject({ sent: false, permanent: false })
  await expect.poll(() => sockets.every(({ destroyed }) => destroyed)).toBe(true)
})
