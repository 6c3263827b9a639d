import { scimFailure } from './scim-failure.ts'

const maxDepth = 12

/**
 * @returns a body as a JSON object
 * @throws AppError scim_syntax when it is something else, or nested deeper than any resource
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
      if (++depth > maxDepth) throw scimFailure('scim_syntax', `The body is nested more than ${maxDepth} deep.`)
    } else if (code === 125 || code === 93) depth--
  }
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw scimFailure('scim_syntax', 'The body is no JSON.')
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw scimFailure('scim_syntax', 'The body is no JSON object.')
  return body
}
