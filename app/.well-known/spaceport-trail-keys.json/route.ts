import { trailKeys } from '#lib/web/process/trail-keys.ts'

/** The public keys for verifying the trail's checkpoints, as a JWK set (RFC 7517, RFC 8037). */
export async function GET(): Promise<Response> {
  return Response.json(await trailKeys(), { headers: { 'cache-control': 'public, max-age=300' } })
}

export const dynamic = 'force-dynamic'
