/** Receives audit and drops it, as cheaply as an https server can, to measure the cost of sending. Prints its port. */
import { readFileSync } from 'node:fs'
import https from 'node:https'
import { z } from 'zod'

const { certFile, keyFile } = z
  .object({ certFile: z.string(), keyFile: z.string() })
  .parse(JSON.parse(process.env.BENCH_AUDIT_SINK ?? '{}'))

const server = https.createServer({ cert: readFileSync(certFile), key: readFileSync(keyFile) }, (request, response) => {
  request.resume().on('end', () => response.end('{}'))
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address !== 'string') process.stdout.write(`${address.port}\n`)
})
