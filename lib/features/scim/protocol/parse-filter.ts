/**
 * Parses filters and the paths of patches (RFC 7644, sections 3.4.2.2 and 3.5.2). The input comes from token holders,
 * so the scanner reads each character once, and the length, depth and number of terms are bounded.
 */

import { type Filter, type Literal, type Operator, operators } from './filter.ts'
import { scimFailure } from './scim-failure.ts'
import { coreGroup, coreUser } from './urns.ts'

const maxLength = 4_000
const maxDepth = 10
const maxTerms = 100

type Token = { kind: 'word' | 'text' | 'mark'; text: string }

/** A path in a patch: an attribute, optionally a filter of its values, and a sub-attribute. */
export type Path = { attribute: string; filter: Filter | null; sub: string | null }

/** @throws AppError scim_filter */
export function parseFilter(text: string): Filter {
  const reader = readerOf(text, (why) => scimFailure('scim_filter', `The filter can’t be read: ${why}.`))
  const filter = either(reader, 0)
  if (reader.peek() !== undefined) throw reader.fail(`“${reader.peek()?.text}” is unexpected`)
  return filter
}

/** @throws AppError scim_path */
export function parsePath(text: string): Path {
  const reader = readerOf(text, (why) => scimFailure('scim_path', `The path can’t be read: ${why}.`))
  const attribute = pathOf(reader.take('word'))
  const filter = reader.skip('[') ? inside(reader, 0) : null
  const sub = filter !== null && reader.peek()?.text.startsWith('.') ? reader.take('word').slice(1).toLowerCase() : null
  if (reader.peek() !== undefined) throw reader.fail(`“${reader.peek()?.text}” is unexpected`)
  return { attribute, filter, sub }
}

type Reader = {
  peek(): Token | undefined
  take(kind: Token['kind']): string
  /**
   * Skips the next token if it is this mark or word, in any case.
   * @returns whether it was
   */
  skip(text: string): boolean
  count(): void
  fail(why: string): Error
}

function readerOf(text: string, fail: (why: string) => Error): Reader {
  if (text.length > maxLength) throw fail(`it is longer than ${maxLength} characters`)
  const tokens = scan(text, fail)
  let at = 0
  let terms = 0
  return {
    peek: () => tokens[at],
    take(kind) {
      const token = tokens[at++]
      if (token?.kind !== kind) throw fail(token ? `“${token.text}” is unexpected` : 'it ends too early')
      return token.text
    },
    skip(wanted) {
      const token = tokens[at]
      const isIt = token !== undefined && token.kind !== 'text' && token.text.toLowerCase() === wanted
      if (isIt) at++
      return isIt
    },
    count() {
      if (++terms > maxTerms) throw fail(`it has more than ${maxTerms} terms`)
    },
    fail,
  }
}

function scan(text: string, fail: (why: string) => Error): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < text.length; ) {
    const character = text.charAt(at)
    if (character === ' ') at++
    else if ('()[]'.includes(character)) {
      tokens.push({ kind: 'mark', text: character })
      at++
    } else if (character === '"') {
      const end = endOfText(text, at, fail)
      tokens.push({ kind: 'text', text: text.slice(at, end) })
      at = end
    } else {
      const start = at
      while (at < text.length && isWordCharacter(text.charCodeAt(at))) at++
      if (at === start) throw fail('it has an invalid character')
      tokens.push({ kind: 'word', text: text.slice(start, at) })
    }
  }
  return tokens
}

/** Letters, digits and the other characters of URNs, numbers and sub-attributes: $ + - . / : _ */
const isWordCharacter = (code: number): boolean =>
  (code >= 97 && code <= 122) ||
  (code >= 65 && code <= 90) ||
  (code >= 45 && code <= 58) ||
  code === 95 ||
  code === 36 ||
  code === 43

function endOfText(text: string, start: number, fail: (why: string) => Error): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '"') return at + 1
  }
  throw fail('a string is not terminated')
}

function either(reader: Reader, depth: number): Filter {
  const of = [both(reader, depth)]
  while (reader.skip('or')) of.push(both(reader, depth))
  return of.length === 1 && of[0] ? of[0] : { kind: 'or', of }
}

function both(reader: Reader, depth: number): Filter {
  const of = [term(reader, depth)]
  while (reader.skip('and')) of.push(term(reader, depth))
  return of.length === 1 && of[0] ? of[0] : { kind: 'and', of }
}

function term(reader: Reader, depth: number): Filter {
  reader.count()
  if (depth > maxDepth) throw reader.fail(`it is nested deeper than ${maxDepth} levels`)
  if (reader.skip('not')) {
    if (!reader.skip('(')) throw reader.fail('“not” needs parentheses')
    return { kind: 'not', of: group(reader, depth) }
  }
  if (reader.skip('(')) return group(reader, depth)
  const path = pathOf(reader.take('word'))
  if (!reader.skip('[')) return comparison(reader, path)
  const of = inside(reader, depth)
  // Not in the RFC's grammar for filters, but clients send it: emails[type eq "work"].value eq "…"
  if (!reader.peek()?.text.startsWith('.')) return { kind: 'element', path, of }
  const sub = comparison(reader, reader.take('word').slice(1).toLowerCase())
  return { kind: 'element', path, of: { kind: 'and', of: [of, sub] } }
}

function group(reader: Reader, depth: number): Filter {
  const filter = either(reader, depth + 1)
  if (!reader.skip(')')) throw reader.fail('a parenthesis isn’t closed')
  return filter
}

function inside(reader: Reader, depth: number): Filter {
  const filter = either(reader, depth + 1)
  if (!reader.skip(']')) throw reader.fail('a bracket isn’t closed')
  return filter
}

function comparison(reader: Reader, path: string): Filter {
  const operator = reader.take('word').toLowerCase()
  if (operator === 'pr') return { kind: 'present', path }
  if (!isOperator(operator)) throw reader.fail(`“${operator}” is not an operator`)
  return { kind: 'compare', path, operator, value: literal(reader) }
}

function literal(reader: Reader): Literal {
  const kind = reader.peek()?.kind === 'text' ? 'text' : 'word'
  const text = reader.take(kind)
  const json = kind === 'word' && /^(true|false|null)$/i.test(text) ? text.toLowerCase() : text
  try {
    const value: unknown = JSON.parse(json)
    if (typeof value === 'string' && value.includes('\0')) throw reader.fail('a string contains a NUL')
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      return value
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw reader.fail(`“${text}” is not a value`)
}

const isOperator = (text: string): text is Operator => operators.some((operator) => operator === text)

const cores = [coreUser, coreGroup].map((urn) => `${urn.toLowerCase()}:`)

function pathOf(word: string): string {
  const path = word.toLowerCase()
  const core = cores.find((urn) => path.startsWith(urn))
  return core === undefined ? path : path.slice(core.length)
}
