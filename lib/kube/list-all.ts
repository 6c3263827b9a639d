import { z } from 'zod'
import type { Cluster } from './cluster.ts'
import { type AsPerson, request } from './request.ts'

/** Spaceport should not hold a longer list than this in memory. */
const maxItems = 100_000
const pageSize = 500

type Asked = {
  path: string
  query?: Readonly<Record<string, string>>
  accept?: string
  as?: AsPerson
  max?: number
  signal?: AbortSignal
}

/**
 * Reads a collection, page by page.
 * @param asked.max stop after this many; the rest is left out
 * @throws AppError cluster_failed when there are more than 100,000
 */
export async function listAll<T>(cluster: Cluster, asked: Asked, item: z.ZodType<T>): Promise<T[]> {
  const max = asked.max ?? maxItems
  const items: T[] = []
  for await (const page of readPages(cluster, asked, item)) {
    for (const found of page.items) items.push(found)
    if (items.length >= max) return items.slice(0, max)
  }
  return items
}

/** At most 500 items, and the collection's version, which is that of the first page. */
export type Page<T> = { items: T[]; resourceVersion: string }

/** Reads a collection like listAll, but holds only one page of it in memory. */
export async function* readPages<T>(cluster: Cluster, asked: Asked, item: z.ZodType<T>): AsyncGenerator<Page<T>> {
  const schema = z.object({
    metadata: z.object({ resourceVersion: z.string().default(''), continue: z.string().optional() }),
    // Go serialises an empty list as null.
    items: z.array(item).nullable(),
  })
  for (let token = ''; ; ) {
    const { resourceVersion, ...query } = asked.query ?? {}
    const body = await request(
      cluster,
      {
        method: 'GET',
        path: asked.path,
        query: {
          ...query,
          limit: String(Math.min(pageSize, asked.max ?? pageSize)),
          // Later pages have the first page's version; the API server refuses a request that names one.
          ...(token ? { continue: token } : resourceVersion !== undefined && { resourceVersion }),
        },
        ...(asked.accept !== undefined && { accept: asked.accept }),
        ...(asked.as && { as: asked.as }),
        ...(asked.signal && { signal: asked.signal }),
      },
      schema,
    )
    const { metadata } = body
    yield { items: body.items ?? [], resourceVersion: metadata.resourceVersion }
    token = metadata.continue ?? ''
    if (!token) return
  }
}
