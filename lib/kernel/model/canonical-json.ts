export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** @returns JSON with one spelling per value: sorted keys, no white space (RFC 8785, JSON Canonicalization Scheme) */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonicalJson(each)}`).join(',')}}`
}
