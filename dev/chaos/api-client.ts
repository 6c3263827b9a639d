import { readFileSync } from 'node:fs'
import { Agent, request } from 'undici'
import { parse } from 'yaml'
import { z } from 'zod'

const kubeconfigSchema = z.looseObject({
  clusters: z.tuple(
    [z.looseObject({ cluster: z.looseObject({ server: z.string(), 'certificate-authority-data': z.string() }) })],
    z.unknown(),
  ),
  users: z.tuple([z.looseObject({ user: z.looseObject({ token: z.string() }) })], z.unknown()),
})

export type Answer = { status: number; text: string }
export type ApiClient = {
  /** @throws Error without an answer within 20 s */
  send: (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown) => Promise<Answer>
  /** Opens a stream. Resolves with its end, in milliseconds of performance.now(). */
  watch: (path: string) => Promise<{ ended: Promise<number> }>
  close: () => Promise<void>
}

/**
 * A client of the gateway with the first user of a kubeconfig.
 * @param port of 127.0.0.1, bypassing the balancer
 */
export function openApi(kubeconfig: string, port?: number): ApiClient {
  const { clusters, users } = kubeconfigSchema.parse(parse(readFileSync(kubeconfig, 'utf8')))
  const { server, 'certificate-authority-data': data } = clusters[0].cluster
  const url = new URL(server)
  if (port !== undefined) url.port = String(port)
  const base = url.href.replace(/\/$/, '')
  const agent = new Agent({ connect: { ca: Buffer.from(data, 'base64').toString() }, bodyTimeout: 0 })
  const headers = { authorization: `Bearer ${users[0].user.token}`, 'content-type': 'application/json' }
  return {
    async send(method, path, body) {
      const { statusCode, body: answer } = await request(`${base}${path}`, {
        ...{ method, headers, dispatcher: agent, signal: AbortSignal.timeout(20_000) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      return { status: statusCode, text: await answer.text() }
    },
    async watch(path) {
      const { statusCode, body } = await request(`${base}${path}`, { headers, dispatcher: agent })
      if (statusCode !== 200) throw new Error(`${path}: ${statusCode} ${await body.text()}`)
      const { promise, resolve } = Promise.withResolvers<number>()
      const end = () => resolve(performance.now())
      body.on('close', end).on('error', end).resume()
      return { ended: promise }
    },
    close: () => agent.destroy(),
  }
}
