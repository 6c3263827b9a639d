const maxBodyBytes = 10_000

/** A redirect that turns POST into GET (RFC 9110, section 15.4.4). */
export function redirectTo(location: string, cookies: readonly string[]): Response {
  const headers = new Headers({ location, 'cache-control': 'no-store' })
  for (const cookie of cookies) headers.append('set-cookie', cookie)
  return new Response(null, { status: 303, headers })
}

/** @returns the fields of a form; null for another or too large body */
export async function readForm(request: Request): Promise<URLSearchParams | null> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded') return null
  if (Number(request.headers.get('content-length') ?? 0) > maxBodyBytes) return null
  const text = await request.text()
  return text.length > maxBodyBytes ? null : new URLSearchParams(text)
}
