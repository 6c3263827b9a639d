import { Agent, request } from 'undici'
import type { z } from 'zod'
import type { Trust } from './wait-for-health.ts'

/** A control plane’s API server, and the admin's access to it. */
export type Api = Trust & { serverUrl: string }

/** Calls an API server as its admin, over connections of its own. */
export async function withAdminApi<T>({ serverUrl, ca, client }: Api, work: (admin: AdminApi) => Promise<T>) {
  const dispatcher = new Agent({ connect: { ca, ...client } })
  const ask = async (path: string, options: { method: 'GET' } | { method: 'PATCH'; type: string; body: object }) => {
    const { statusCode, body } = await request(`${serverUrl}${path}`, {
      method: options.method,
      dispatcher,
      ...(options.method === 'PATCH' && {
        headers: { 'content-type': options.type },
        body: JSON.stringify(options.body),
      }),
    })
    const text = await body.text()
    if (statusCode >= 300) throw new Error(`${options.method} ${path} answered ${statusCode} ${text}`)
    return text
  }
  const patch = async (path: string, type: string, body: object) =>
    void (await ask(path, { method: 'PATCH', type, body }))
  try {
    return await work({
      apply: (path, object) =>
        patch(`${path}?fieldManager=spaceport-install&force=true`, 'application/apply-patch+yaml', object),
      merge: (path, part) => patch(path, 'application/merge-patch+json', part),
      get: async (path, schema) => schema.parse(JSON.parse(await ask(path, { method: 'GET' }))),
    })
  } finally {
    await dispatcher.close()
  }
}

type AdminApi = {
  /** By server-side apply with force. */
  apply(path: string, object: object): Promise<void>
  merge(path: string, part: object): Promise<void>
  get<T>(path: string, schema: z.ZodType<T>): Promise<T>
}
