import { z } from 'zod'
import type { Target } from '#lib/gateway/target/parse-target.ts'
import { decodeObject } from './kube-proto.ts'

const maxBytes = 16 * 1024
const openingBrace = 0x7b
/** The API server refuses dry runs of connections, and issues tokens despite a dry run. */
const withoutDryRun = new Set(['exec', 'attach', 'portforward', 'proxy', 'token'])
const options = z.object({ dryRun: z.tuple([z.literal('All')]) })

/**
 * @param body null: there is none; undefined: not known yet
 * @returns whether a change is certainly a dry run. The API server reads delete options from the body, and from the
 * query only without a body (k8s.io/apiserver, pkg/endpoints/handlers/delete.go). Streams and tokens have no dry run.
 */
export function isDryRun(target: Target, body: Buffer | null | undefined): boolean {
  if (target.kind !== 'resource' || withoutDryRun.has(target.subresource)) return false
  switch (target.verb) {
    case 'create':
    case 'update':
    case 'patch':
      return target.dryRun
    case 'delete':
    case 'deletecollection':
      if (body === undefined) return false
      return body === null || body.length === 0 ? target.dryRun : saysDryRun(body)
    default:
      return false
  }
}

function saysDryRun(body: Buffer): boolean {
  if (body.length > maxBytes) return false
  try {
    const read: unknown =
      body[0] === openingBrace ? JSON.parse(body.toString('utf8')) : decodeObject('DeleteOptions', body)
    return options.safeParse(read).success
  } catch {
    return false
  }
}
