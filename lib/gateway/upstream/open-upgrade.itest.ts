import { once } from 'node:events'
import { expect, test } from 'vitest'
import { startRawServer } from '#dev/testing/network/raw-server.ts'
import { openUpgrade } from './open-upgrade.ts'

test('an API server that renegotiates TLS gets no second request in its stream', async () => {
  const server = await startRawServer(
    (socket, _index, heard) =>
      heard((text) => {
        if (text === 'asked') socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n')
        else if (text === 'askedfirst') socket.renegotiate({}, () => socket.write('again'))
        else if (text.endsWith('last')) socket.end()
      }),
    { maxVersion: 'TLSv1.2' },
  )
  try {
    const options = { host: '127.0.0.1', port: server.port, ca: server.ca }
    const limits = { withinMs: 30_000, maxBytes: 1_000 }
    const { socket } = await openUpgrade(() => options, { method: 'GET', head: 'asked' }, limits)
    if (!socket) throw new Error('the upgrade was refused')
    socket.write('first')
    socket.resume()
    expect(String((await once(socket, 'data'))[0])).toBe('again')
    socket.write('last')
    await once(socket, 'end')
    expect(server.received).toEqual(['askedfirstlast'])
  } finally {
    await server.close()
  }
})
