import { z } from 'zod'
import { spaceOf } from '#components/spaces/space-path.ts'
import { exportAccessReport } from '#lib/features/access/use-cases/export-access-report.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { parseSearchParams } from '#lib/web/action/parse-form.ts'
import { download } from '#lib/web/page/download.ts'

const asked = z.strictObject({
  by: z.enum(['person', 'space']),
  person: z.string().optional(),
  space: z.string().optional(),
  cluster: z.string().optional(),
})

/** A download of the access report: for one person or space, or for all. */
export const GET = (request: Request): Promise<Response> =>
  download(request, 'access export', async (ctx, query) => {
    const { by, person, space, cluster } = parseSearchParams(asked, query)
    const unused = by === 'person' ? { space, cluster } : space === undefined ? { person, cluster } : { person }
    for (const [name, value] of Object.entries(unused))
      if (value !== undefined) throw new AppError('bad_input', { fields: { [name]: 'It says nothing here.' } })
    const pieces = await exportAccessReport(
      ctx,
      by === 'person' ? { by, person } : { by, space: space === undefined ? undefined : spaceOf(space, cluster) },
    )
    return { name: `spaceport-access-by-${by}-${ctx.now.toISOString().slice(0, 10)}.csv`, type: 'text/csv', pieces }
  })

export const dynamic = 'force-dynamic'
