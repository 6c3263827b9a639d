import { z } from 'zod'
import { AppError, isAppError } from '#lib/kernel/model/errors.ts'
import type { Cluster } from './cluster.ts'
import { metadataAccept, type ObjectMetadata, objectMetadataSchema } from './object-metadata.ts'
import {
  type AsPerson,
  apiServerErrorOf,
  connectionError,
  type KubeRequest,
  readText,
  renderHeaders,
  target,
} from './request.ts'

/** Bookmarks come about once a minute; a stream that is silent for this long is dead. */
const silenceMs = 150_000
/** How long the API server should keep one stream open, s; jitter keeps streams from ending all at once. */
const streamSeconds = 300
const maxLineBytes = 8 * 1024 * 1024

export type WatchEvent =
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: ObjectMetadata }
  | { type: 'BOOKMARK'; object: ObjectMetadata }

const eventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK']), object: objectMetadataSchema }),
  z.object({ type: z.literal('ERROR'), object: z.looseObject({ code: z.number().default(500) }) }),
])

/**
 * Opens one watch of metadata and yields its events until the API server ends it, which it does every few minutes.
 * @throws AppError: an ApiServerError with httpStatus 410 when the requested version is too old; cluster_*
 */
export async function* openWatch(
  cluster: Cluster,
  asked: {
    path: string
    query?: Readonly<Record<string, string>>
    as?: AsPerson
    resourceVersion: string
    signal: AbortSignal
  },
): AsyncGenerator<WatchEvent> {
  const watched: KubeRequest = {
    method: 'GET',
    path: asked.path,
    query: {
      ...asked.query,
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: asked.resourceVersion,
      timeoutSeconds: String(streamSeconds + Math.floor(Math.random() * streamSeconds)),
    },
    ...(asked.as && { as: asked.as }),
  }
  try {
    const { dispatcher, headers } = await cluster.connection.credentials('watch', asked.signal)
    const answer = await dispatcher.request({
      ...target(cluster, watched),
      method: 'GET',
      headers: renderHeaders({ ...headers, accept: metadataAccept('PartialObjectMetadata') }, asked.as),
      headersTimeout: 30_000,
      bodyTimeout: silenceMs,
      signal: asked.signal,
    })
    if (answer.statusCode !== 200) {
      if (answer.statusCode === 401) cluster.connection.refresh()
      throw apiServerErrorOf(watched, answer.statusCode, await readText(watched, answer.body))
    }
    for await (const line of linesOf(answer.body)) yield parseEvent(watched, line)
  } catch (error) {
    throw isAppError(error) ? error : connectionError(watched, error)
  }
}

function parseEvent(asked: KubeRequest, line: string): WatchEvent {
  const parsed = eventSchema.safeParse(JSON.parse(line))
  if (!parsed.success)
    throw new AppError('cluster_failed', { detail: `a watch of ${asked.path} sent an invalid event` })
  if (parsed.data.type === 'ERROR')
    throw apiServerErrorOf(asked, parsed.data.object.code, JSON.stringify(parsed.data.object))
  return parsed.data
}

async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true })
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      const line = rest.slice(0, end)
      rest = rest.slice(end + 1)
      if (line) yield line
    }
    if (rest.length > maxLineBytes) throw new AppError('cluster_failed', { detail: 'a watch sent an endless line' })
  }
}
