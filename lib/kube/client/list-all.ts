import { z } from 'zod'
import type { Cluster } from './cluster.ts'
import { AnswerTooLargeError, type KubeRequest, maxObjectBytes, type Reader, requestSized } from './request.ts'

const maxItems = 100_000
const pageSize = 500

type ListRequest = {
  path: string
  query?: Readonly<Record<string, string>>
  accept?: string
  as?: Reader
  max?: number
  signal?: AbortSignal
}

/** Reads a collection, page by page. @returns at most 100,000 */
export async function listAll<T>(cluster: Cluster, asked: ListRequest, item: z.ZodType<T>): Promise<T[]> {
  return (await listUpTo(cluster, { max: maxItems, ...asked, maxLength: Number.POSITIVE_INFINITY }, item)).items
}

/**
 * Reads a collection up to limits.
 * @param asked.maxLength stop once the answers together are longer than this
 * @returns at most `max` items, and whether there are more
 */
export async function listUpTo<T>(
  cluster: Cluster,
  asked: ListRequest & { max: number; maxLength: number },
  item: z.ZodType<T>,
): Promise<{ items: T[]; more: boolean }> {
  const { max, maxLength } = asked
  const items: T[] = []
  let length = 0
  for await (const page of readPages(cluster, asked, item)) {
    for (const found of page.items) items.push(found)
    length += page.length
    const full = items.length === max || length > maxLength
    if (items.length > max || (full && page.more)) return { items: items.slice(0, max), more: true }
  }
  return { items, more: false }
}

export type Page<T> = {
  /** At most 500. */
  items: T[]
  /** The collection's version: that of the first page. */
  resourceVersion: string
  length: number
  more: boolean
}

/** Reads a collection like listAll, but holds only one page of it in memory. */
export async function* readPages<T>(cluster: Cluster, asked: ListRequest, item: z.ZodType<T>): AsyncGenerator<Page<T>> {
  const schema = z.object({
    metadata: z.object({ resourceVersion: z.string().default(''), continue: z.string().optional() }),
    // Go serialises an empty list as null.
    items: z.array(item).nullable(),
  })
  let { resourceVersion, ...query } = asked.query ?? {}
  const most = Math.min(pageSize, asked.max ?? pageSize)
  let limit = most
  for (let token = ''; ; ) {
    const page = {
      ...query,
      limit: String(limit),
      // Later pages have the first page's version; the API server refuses a request that names one.
      ...(token ? { continue: token } : resourceVersion !== undefined && { resourceVersion }),
    }
    const request = { ...requestOf(asked), query: page, ...(limit === 1 && { maxAnswerBytes: maxObjectBytes }) }
    const read = await requestSized(cluster, request, schema).catch((error: unknown) => {
      if (error instanceof AnswerTooLargeError && (limit > 1 || resourceVersion !== undefined)) return null
      throw error
    })
    if (read === null) {
      // From its cache, an API server may have ignored the limit and answered with everything.
      if (resourceVersion === undefined) limit = Math.ceil(limit / 4)
      resourceVersion = undefined
      continue
    }
    const { metadata, items } = read.answer
    token = metadata.continue ?? ''
    limit = Math.min(2 * limit, most)
    yield { items: items ?? [], resourceVersion: metadata.resourceVersion, length: read.length, more: token !== '' }
    if (!token) return
  }
}

const requestOf = ({ path, accept, as, signal }: ListRequest): KubeRequest => ({
  method: 'GET',
  path,
  ...(accept !== undefined && { accept }),
  ...(as && { as }),
  ...(signal && { signal }),
})
