/** Whether the process lives. It says nothing about what it needs: /api/readyz does. */
export const GET = (): Response => Response.json({ status: 'ok' }, { headers: { 'cache-control': 'no-store' } })

export const dynamic = 'force-dynamic'
