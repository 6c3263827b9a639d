import { countIn, type DescribedEvent, inSpace, objectName, textIn, valueIn } from './event-words.ts'
import { resourceWords, withArticle } from './resource-words.ts'
import { named, type SentencePart } from './sentence-part.ts'
import { who } from './who.ts'

/** The object of a request to a cluster's API, with its verb: `deleted`, `delete`. */
export type Request = { did: string; toDo: string; what: SentencePart[] }

const verbs: Readonly<Record<string, readonly [did: string, toDo: string]>> = {
  get: ['read', 'read'],
  list: ['listed', 'list'],
  watch: ['watched', 'watch'],
  create: ['created', 'create'],
  update: ['replaced', 'replace'],
  patch: ['changed', 'change'],
  delete: ['deleted', 'delete'],
  deletecollection: ['deleted', 'delete'],
  exec: ['ran', 'run'],
  attach: ['attached to', 'attach to'],
  'port-forward': ['forwarded a port to', 'forward a port to'],
  proxy: ['connected through the API server to', 'connect through the API server to'],
  head: ['sent HEAD to', 'send HEAD to'],
  post: ['sent POST to', 'send POST to'],
  put: ['sent PUT to', 'send PUT to'],
}

/**
 * @param verb of the action, after its dot
 * @param how the end of the sentence: ` with kubectl`
 * @returns a request to a cluster's API in words: `deleted` … `the deployment web in web-dev with kubectl`
 */
export function requestWords(event: DescribedEvent, verb: string, how: string): Request {
  const { target } = event
  const [did, toDo] = (Object.hasOwn(verbs, verb) && verbs[verb]) || [`sent ${verb} to`, `send ${verb} to`]
  if (target.kind === 'path') {
    const path: SentencePart[] = [named(target.name ?? '/'), how]
    return verb === 'get' ? { did: 'read', toDo: 'read', what: path } : { did, toDo, what: path }
  }
  const { one, many, subresource } = resourceWords(target.kind)
  const tail: SentencePart[] = [...inSpace(event), how, ...dryRun(event)]
  const it: SentencePart[] = target.name === null ? [withArticle(one)] : [`the ${one} `, objectName(event, target.name)]
  const all = target.name === null ? [many] : it
  if (verb === 'exec') return { did, toDo, what: [...command(event), ' in ', ...it, ...tail] }
  if (verb === 'attach' || verb === 'port-forward' || verb === 'proxy') return { did, toDo, what: [...it, ...tail] }
  if (subresource === 'scale' && isChange(verb)) return { did: 'scaled', toDo: 'scale', what: [...it, ...tail] }
  if (subresource === 'eviction') return { did: 'evicted', toDo: 'evict', what: [...it, ...tail] }
  if (subresource === 'log') return { did: 'read', toDo: 'read', what: ['the log of ', ...it, ...tail] }
  const of: SentencePart[] = subresource === null ? [] : ['the ', named(subresource), ' of ']
  if (verb === 'create') return { did, toDo, what: [...of, ...it, ...tail] }
  if (verb === 'deletecollection') return { did, toDo, what: [`several ${many} at once`, ...tail] }
  return { did, toDo, what: [...of, ...(of.length > 0 ? it : all), ...tail] }
}

const isChange = (verb: string): boolean => verb === 'update' || verb === 'patch'

const dryRun = ({ detail }: DescribedEvent): SentencePart[] =>
  valueIn(detail, 'dryRun') === true ? [', as a dry run'] : []

/** Only readers with full access see the command. */
function command({ detail, full }: DescribedEvent): SentencePart[] {
  const words = valueIn(detail, 'command')
  return full && Array.isArray(words) && words.length > 0 ? [named(words.map(String).join(' '))] : ['a command']
}

const streams: Readonly<Record<string, string>> = {
  'kubectl.exec': 'command in',
  'kubectl.attach': 'connection to',
  'kubectl.port-forward': 'port forward to',
  'kubectl.proxy': 'connection through the API server to',
}

/** @returns the end of a stream as a whole sentence: `Alice’s command in the pod web ended after 3 minutes` */
export function streamEnd(event: DescribedEvent): SentencePart[] {
  const stream = textIn(event.detail, 'stream') ?? ''
  const kind = (Object.hasOwn(streams, stream) && streams[stream]) || 'connection to'
  const { one } = resourceWords(event.target.kind)
  const it: SentencePart[] =
    event.target.name === null ? [withArticle(one)] : [`the ${one} `, objectName(event, event.target.name)]
  const seconds = countIn(event.detail, 'seconds')
  const after = seconds === null ? '' : ` after ${lasting(seconds)}`
  return [who(event.actor), `’s ${kind} `, ...it, ...inSpace(event), ` ended${after}`]
}

function lasting(seconds: number): string {
  const [count, unit] =
    seconds < 90
      ? [Math.max(1, Math.round(seconds)), 'second']
      : seconds < 5_400
        ? [Math.round(seconds / 60), 'minute']
        : [Math.round(seconds / 3_600), 'hour']
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

const credentials: Readonly<Record<string, string>> = {
  no_credential: 'without a credential',
  unknown_credential: 'with a wrong credential',
  too_many_failures: 'after too many failed attempts',
}

/**
 * @returns anonymous requests as a whole sentence: `Someone who isn’t signed in made 120 requests with a wrong
 * credential from 192.0.2.1`; null for other requests
 */
export function anonymousRequests(event: DescribedEvent): SentencePart[] | null {
  const { actor, reason, detail, full, sourceAddress } = event
  if (actor.kind !== 'anonymous') return null
  // The first request has its own row.
  const count = countIn(detail, 'repeated') ?? 1
  const how = reason !== null && Object.hasOwn(credentials, reason) ? ` ${credentials[reason]}` : ''
  return [
    who(actor),
    ` made ${count === 1 ? 'a request' : `${count} requests`}${how}`,
    ...(full && sourceAddress !== null ? [' from ', named(sourceAddress)] : []),
  ]
}
