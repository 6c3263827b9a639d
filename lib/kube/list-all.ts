import { z } from 'zod'
import type { Cluster } from './cluster.ts'
import { type AsPerson, request } from './request.ts'

/** A list that grows beyond this is none that Spaceport should hold in memory. */
const mostItems = 100_000
const pageSize = 500

/**
 * Reads a collection, page by page.
 * @param asked.most stop after this many; the rest is left out
 * @throws AppError cluster_failed when there are more than 100,000
 */
export async function listAll<T>(
  cluster: Cluster,
  asked: { path: string; query?: Readonly<Record<string, string>>; as?: AsPerson; most?: number },
  item: z.ZodType<T>,
): Promise<T[]> {
  const page = z.object({
    metadata: z.object({ continue: z.string().optional() }),
    // A list in Go without a single item is null.
    items: z.array(item).nullable(),
  })
  const most = asked.most ?? mostItems
  const items: T[] = []
  for (let token = ''; ; ) {
    const { resourceVersion, ...query } = asked.query ?? {}
    const body = await request(
      cluster,
      {
        method: 'GET',
        path: asked.path,
        query: {
          ...query,
          limit: String(Math.min(pageSize, most)),
          // A later page is of the first one's version; the API server refuses a request for another.
          ...(token ? { continue: token } : resourceVersion !== undefined && { resourceVersion }),
        },
        ...(asked.as && { as: asked.as }),
      },
      page,
    )
    for (const found of body.items ?? []) items.push(found)
    token = body.metadata.continue ?? ''
    if (!token || items.length >= most) return items.slice(0, most)
  }
}
