import { z } from 'zod'
import type { Target } from '#lib/gateway/target/parse-target.ts'
import { nameOfObject } from './name-of-object.ts'

/** Larger objects are not worth the time: the name is only for the trail. */
const maxBytes = 256 * 1024
const openingBrace = 123

/** @returns the name of the object that a request creates; undefined unless the body has it exactly once */
export function nameFromBody(target: Target, body: Buffer): string | undefined {
  if (target.kind !== 'resource' || target.verb !== 'create' || target.name !== '') return undefined
  if (body.length > maxBytes) return undefined
  const format = body[0] === openingBrace ? 'json' : 'protobuf'
  const names = nameOfObject(format, body)
  // In protobuf, the API server treats repeated fields as we do.
  if (!names || (format === 'json' && hasDuplicateKey(body.toString('utf8')))) return undefined
  return names.name || (names.generateName && `${names.generateName}…`) || undefined
}

/**
 * We take the last of two equal keys, while the API server merges them, so it could give the object another name than
 * the trail has.
 * @param text well-formed JSON
 * @returns whether a key of the object itself, or of its metadata, occurs twice
 */
function hasDuplicateKey(text: string): boolean {
  const seen = [new Set<string>(), new Set<string>()]
  let depth = 0
  let inMetadata = false
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"(?:\s*:)?|[{}[\]]/g)) {
    if (token === '{' || token === '[') depth++
    else if (token === '}' || token === ']') depth--
    else if (token.endsWith(':') && (depth === 1 || (depth === 2 && inMetadata))) {
      const key = z.string().parse(JSON.parse(token.slice(0, token.lastIndexOf('"') + 1)))
      const keys = seen[depth - 1]
      if (keys?.has(key)) return true
      keys?.add(key)
      if (depth === 1) inMetadata = key === 'metadata'
    }
  }
  return false
}
