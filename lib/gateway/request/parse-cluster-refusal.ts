/**
 * Reads from the API server's answer why it refused a change. Must never let through an unknown word of the message,
 * which may hold values of Secrets. Names of policies and webhooks are kept if their characters are safe. The sender of
 * an object chooses parts of the message, so it is parsed from the beginning, past a name that can't end early.
 */
import { z } from 'zod'
import type { ClusterRefusal, ClusterRefusalKind } from '#lib/features/audit/model/cluster-refusal.ts'
import { sizeSpecs } from '#lib/kernel/model/spaces/size-spec.ts'
import { decodeObject } from './kube-proto.ts'
import type { AnswerFormat } from './watch-events.ts'

const schema = z.object({ message: z.string().optional(), reason: z.string().optional() })

/** metav1.StatusReason → what it means on its own. */
const byReason: Readonly<Record<string, ClusterRefusalKind>> = {
  Invalid: 'invalid',
  Conflict: 'conflict',
  AlreadyExists: 'exists',
  NotFound: 'absent',
}

const known = new Set(Object.keys(sizeSpecs.L.quota))
const perContainer = new Set(['cpu', 'memory', 'ephemeral-storage'])

/** `pods "web" is forbidden: …` (apimachinery, NewForbidden); the person chose the name. */
const forbidden = /^[a-z0-9./-]{1,200}(?: "[A-Za-z0-9.:_-]{0,253}")? is forbidden: /
const name = '([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)'
const webhook = new RegExp(`^admission webhook "${name}" denied the request`)
const policy = new RegExp(`^ValidatingAdmissionPolicy '${name}' with binding '${name}' denied request: `)
const quota = /^exceeded quota: [a-z0-9.-]{1,253}, requested: ([^ ]{1,2000}), used: /
const security = /^violates PodSecurity "(baseline|restricted):[a-z0-9.]{1,20}": /
const limit = /^\[?maximum ([a-z-]{1,40}) usage per Container is /
const eachLimit = /(?<=^\[?|, )maximum ([a-z-]{1,40}) usage per Container is /g
const rights =
  /^(?:User "[^"]{1,300}" cannot [a-z]{1,30} resource "|user "[^"]{1,300}" \(groups=\[[^\]]{0,1000}\]\) is attempting to grant)/
const ending = /^unable to create new content in namespace [a-z0-9-]{1,63} because it is being terminated$/

/** @returns why the API server refused a change; undefined: for another reason, or the bytes are no Status */
export function parseClusterRefusal(format: AnswerFormat, bytes: Buffer): ClusterRefusal | undefined {
  let status: z.output<typeof schema>
  try {
    status = schema.parse(format === 'json' ? JSON.parse(bytes.toString('utf8')) : decodeObject('Status', bytes))
  } catch {
    return undefined
  }
  const { message = '', reason = '' } = status
  const hook = webhook.exec(message)?.[1]
  if (hook !== undefined) return { kind: 'webhook', of: [hook] }
  const [start] = forbidden.exec(message) ?? []
  const found = start === undefined ? undefined : forbiddenBecause(message.slice(start.length))
  if (found) return found
  return Object.hasOwn(byReason, reason) && byReason[reason] ? { kind: byReason[reason] } : undefined
}

function forbiddenBecause(why: string): ClusterRefusal | undefined {
  const requested = quota.exec(why)?.[1]
  if (requested !== undefined) {
    const resources = requested.split(',').map((amount) => amount.split('=', 1)[0] ?? '')
    return { kind: 'quota', of: [...new Set(resources)].filter((resource) => known.has(resource)) }
  }
  const by = policy.exec(why)?.[1]
  if (by !== undefined) return { kind: 'policy', of: [by] }
  const level = security.exec(why)?.[1]
  if (level !== undefined) return { kind: 'pod-security', of: [level] }
  if (limit.test(why)) {
    const much = [...why.matchAll(eachLimit)].map(([, resource = '']) => resource)
    return { kind: 'container-limit', of: [...new Set(much)].filter((resource) => perContainer.has(resource)) }
  }
  if (rights.test(why)) return { kind: 'rights' }
  return ending.test(why) ? { kind: 'ending' } : undefined
}
