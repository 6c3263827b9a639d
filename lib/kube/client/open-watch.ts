import { z } from 'zod'
import { AppError, isAppError } from '#lib/kernel/model/errors.ts'
import type { Cluster } from './cluster.ts'
import {
  apiServerErrorOf,
  connectionError,
  type KubeRequest,
  maxObjectBytes,
  type Reader,
  readText,
  renderHeaders,
  target,
} from './request.ts'
import type { Versioned, WatchedPart } from './watched-part.ts'

/** Bookmarks come about once a minute; a stream that is silent for this long is dead. */
const silenceMs = 150_000
/** How long the API server should keep one stream open, s; jitter keeps streams from ending all at once. */
const streamSeconds = 300

export type WatchEvent<T> =
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: T }
  | { type: 'BOOKMARK'; object: Versioned }

const eventSchema = z.object({
  type: z.enum(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']),
  object: z.unknown(),
})
const versionedSchema = z.object({ metadata: z.object({ resourceVersion: z.string() }) })
const errorSchema = z.looseObject({ code: z.number().default(500) })

/**
 * Opens one watch and yields its events until the API server ends it, which it does every few minutes.
 * @param asked.part of each object to read
 * @throws AppError: an ApiServerError with httpStatus 410 when the requested version is too old; cluster_*
 */
export async function* openWatch<T extends Versioned>(
  cluster: Cluster,
  asked: {
    path: string
    part: WatchedPart<T>
    query?: Readonly<Record<string, string>>
    as?: Reader
    resourceVersion: string
    signal: AbortSignal
    /** Called when the API server accepts the watch. */
    onContact?: () => void
  },
): AsyncGenerator<WatchEvent<T>> {
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
      headers: renderHeaders({ ...headers, accept: asked.part.accept('one') }, asked.as),
      headersTimeout: 30_000,
      bodyTimeout: silenceMs,
      signal: asked.signal,
    })
    if (answer.statusCode !== 200) {
      if (answer.statusCode === 401) cluster.connection.refresh()
      throw apiServerErrorOf(watched, answer.statusCode, await readText(watched, answer.body))
    }
    asked.onContact?.()
    for await (const line of linesOf(answer.body)) yield parseEvent(watched, asked.part, line)
  } catch (error) {
    throw isAppError(error) ? error : connectionError(watched, error)
  }
}

function parseEvent<T extends Versioned>(asked: KubeRequest, { schema }: WatchedPart<T>, line: string): WatchEvent<T> {
  const { type, object } = valid(asked, eventSchema, JSON.parse(line))
  if (type === 'ERROR') throw apiServerErrorOf(asked, valid(asked, errorSchema, object).code, JSON.stringify(object))
  if (type === 'BOOKMARK') return { type, object: valid(asked, versionedSchema, object) }
  return { type, object: valid(asked, schema, object) }
}

function valid<T>({ path }: KubeRequest, schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new AppError('cluster_failed', { detail: `a watch of ${path} sent an invalid event` })
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
    if (rest.length > maxObjectBytes) throw new AppError('cluster_failed', { detail: 'a watch sent an endless line' })
  }
}
