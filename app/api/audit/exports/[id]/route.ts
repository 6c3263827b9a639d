import { downloadExport } from '#lib/features/audit/use-cases/download-export.ts'
import { downloadStored } from '#lib/web/page/download.ts'

type Route = { params: Promise<{ id: string }> }

/** A finished export of the trail, with support for range requests. */
export async function GET(request: Request, { params }: Route): Promise<Response> {
  const { id } = await params
  return downloadStored(request, 'trail export', id, async (ctx, range) => {
    const { name, size, read } = await downloadExport(ctx, { id, isPart: range !== null })
    return { name, type: 'application/gzip', size, read }
  })
}

export const dynamic = 'force-dynamic'
