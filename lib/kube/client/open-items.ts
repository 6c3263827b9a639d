import type { z } from 'zod'
import { AppError, isAppError } from '#lib/kernel/model/errors.ts'
import type { Cluster } from './cluster.ts'
import {
  type AsPerson,
  apiServerErrorOf,
  connectionError,
  type KubeRequest,
  parseJson,
  readText,
  renderHeaders,
  target,
} from './request.ts'
import { splitItems } from './split-items.ts'

/** Per item. */
const itemBytes = 256 * 1024

type StreamedList = { path: string; as?: AsPerson; bytes: number; patienceMs: number }

/**
 * Reads a list that its server doesn't paginate, with one item at a time in memory.
 * @param asked.bytes the size limit for the answer
 * @param asked.patienceMs the time limit for the whole answer
 * @returns the items, once the answer has begun; later failures may be the fault of listed objects
 * @throws AppError as request does; while items are read, cluster_failed for an oversized or invalid list
 */
export async function openItems<T>(
  cluster: Cluster,
  asked: StreamedList,
  item: z.ZodType<T>,
): Promise<AsyncGenerator<T>> {
  const { path, as, bytes, patienceMs } = asked
  const wanted: KubeRequest = { method: 'GET', path, ...(as && { as }) }
  const signal = AbortSignal.timeout(patienceMs)
  const tell = (error: unknown) => (isAppError(error) ? error : connectionError(wanted, error))
  async function* read(body: AsyncIterable<Uint8Array>) {
    try {
      for await (const text of splitItems(body, { itemBytes, bytes })) {
        const parsed = item.safeParse(parseJson(text))
        if (!parsed.success) throw new AppError('cluster_failed', { detail: `GET ${path} sent an unexpected item` })
        yield parsed.data
      }
    } catch (error) {
      throw tell(error)
    }
  }
  try {
    const { dispatcher, headers } = await cluster.connection.credentials('call', signal)
    const answer = await dispatcher.request({
      ...target(cluster, wanted),
      method: 'GET',
      headers: renderHeaders({ ...headers, accept: 'application/json' }, as),
      headersTimeout: patienceMs,
      bodyTimeout: patienceMs,
      signal,
    })
    if (answer.statusCode === 200) return read(answer.body)
    if (answer.statusCode === 401) cluster.connection.refresh()
    throw apiServerErrorOf(wanted, answer.statusCode, await readText(wanted, answer.body))
  } catch (error) {
    throw tell(error)
  }
}
