import { z } from 'zod'
import type { Cluster } from './cluster.ts'
import { type AsPerson, request } from './request.ts'

/** A list that grows beyond this is none that Spaceport should hold in memory. */
const maxItems = 100_000
const pageSize = 500

type Asked = {
  path: string
  query?: Readonly<Record<string, string>>
  accept?: string
  as?: AsPerson
  most?: number
}

/**
 * Reads a collection, page by page.
 * @param asked.most stop after this many; the rest is left out
 * @throws AppError cluster_failed when there are more than 100,000
 */
export async function listAll<T>(cluster: Cluster, asked: Asked, item: z.ZodType<T>): Promise<T[]> {
  const most = asked.most ?? maxItems
  const items: T[] = []
  for await (const page of readPages(cluster, asked, item)) {
    for (const found of page) items.push(found)
    if (items.length >= most) return items.slice(0, most)
  }
  return items
}

/** Reads a collection as listAll does, but holds no more than one page of it: at most 500 items at a time. */
export async function* readPages<T>(cluster: Cluster, asked: Asked, item: z.ZodType<T>): AsyncGenerator<T[]> {
  const schema = z.object({
    metadata: z.object({ continue: z.string().optional() }),
    // A list in Go without a single item is null.
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
          limit: String(Math.min(pageSize, asked.most ?? pageSize)),
          // A later page is of the first one's version; the API server refuses a request for another.
          ...(token ? { continue: token } : resourceVersion !== undefined && { resourceVersion }),
        },
        ...(asked.accept !== undefined && { accept: asked.accept }),
        ...(asked.as && { as: asked.as }),
      },
      schema,
    )
    yield body.items ?? []
    token = body.metadata.continue ?? ''
    if (!token) return
  }
}
