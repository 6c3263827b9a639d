/** The attributes that may leave the process (docs/traces.md). None contains personal data. */
export const spanAttributes: ReadonlySet<string> = new Set([
  'db.query.summary',
  'db.system.name',
  'error.type',
  'http.method',
  'http.request.method',
  'http.response.status_code',
  'http.route',
  'http.status_code',
  'next.route',
  'next.span_type',
  'spaceport.cluster',
  'spaceport.request_id',
])
