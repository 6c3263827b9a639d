import { scimFailure } from './scim-failure.ts'

const maxDepth = 12

/**
 * @returns a body as a JSON object
 * @throws AppError scim_syntax if it isn't one, or is nested deeper than any resource
 */
export function parseJson(text: string): object {
  let depth = 0
  for (let at = 0, inText = false; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (inText) {
      if (code === 92) at++
      else if (code === 34) inText = false
    } else if (code === 34) inText = true
    else if (code === 123 || code === 91) {
      if (++depth > maxDepth) throw scimFailure('scim_syntax', `The body is nested deeper than ${maxDepth} levels.`)
    } else if (code === 125 || code === 93) depth--
  }
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw scimFailure('scim_syntax', 'The body is not valid JSON.')
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw scimFailure('scim_syntax', 'The body is not a JSON object.')
  return body
}
