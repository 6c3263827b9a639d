import { z } from 'zod'
import { selectAccessReport } from '#lib/features/access/db/select-access-report.ts'
import { parseResource, type RequestedRight, resourceName } from '#lib/features/access/model/requested-right.ts'
import { reviewSubjectOf } from '#lib/features/access/model/review-subject.ts'
import {
  type Candidate,
  candidatesOf,
  isShippedRight,
  type WhoMay,
  type WhoMayAnswer,
} from '#lib/features/access/model/who-may.ts'
import type { SpaceRecord } from '#lib/kernel/db/spaces/find-space.ts'
import { changePlatform } from '#lib/kernel/define/change-platform.ts'
import { roleAllows } from '#lib/kernel/model/access/role-rules.ts'
import { clusterDestination } from '#lib/kernel/model/spaces/destination.ts'
import { cleanText } from '#lib/kernel/trail/audit-row.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { reviewAccess } from '#lib/kube/rights/review-access.ts'
import { askedResource, askedVerb } from './fields.ts'
import { findAnySpace } from './find-any-space.ts'
import { noNamespace } from './no-namespace.ts'
import { observeBindings } from './observe-bindings.ts'

const maxAsked = 200
const atOnce = 8
const deadlineMs = 15_000
/** Rows of the access report to search for people without effective access (scheduled, deactivated). */
const maxAccessRows = 1_000

export const askWhoMayInput = z.strictObject({ space: spaceKey, verb: askedVerb, resource: askedResource })

/**
 * Asks the API server who may do something in a space: everyone with any role there, and other binding subjects up to a
 * limit. Recorded in the trail.
 * @throws AppError not_found, rate_limited, cluster_*
 */
export const askWhoMay = changePlatform({
  permission: 'ask-cluster',
  action: 'access.ask',
  input: askWhoMayInput,
  about: ({ space, verb, resource }) => ({
    target: { kind: 'space', name: space.name },
    detail: { question: 'who-may', verb, resource },
  }),
  prepare: async function prepareAskWhoMay({ ctx, input, about }) {
    const space = await findAnySpace(ctx, input.space)
    // Hidden from the space's activity, since members must not learn of an investigation.
    about({
      target: { kind: 'space', id: space.id, name: space.name },
      destination: clusterDestination(space.cluster),
    })
    const asked = parseResource(input.resource)
    if (!asked) throw new Error('the input has been parsed')
    const right = { verb: input.verb, ...asked }
    return {
      async ask() {
        const result = await ctx.withinRateLimit('ask-cluster', ctx.actor.userId, () => ask(ctx, space, right))
        const allowed = result.answers.filter((answer) => answer.allowed).length
        about({ detail: { asked: result.answers.length, allowed, leftOut: result.leftOut } })
        return result
      },
    }
  },
})

async function ask(ctx: BrokerContext, space: SpaceRecord, right: RequestedRight): Promise<WhoMay> {
  const at = ctx.clock()
  const [observed, reportRows] = await Promise.all([
    observeBindings(ctx, space),
    selectAccessReport(ctx.pool, { spaces: [space.id] }, { at, limit: maxAccessRows }),
  ])
  if (!observed) throw noNamespace()
  const people = [
    ...observed.members.map(({ member }) => member),
    ...reportRows.flatMap(({ person }) => (person ? [person] : [])),
  ]
  const candidates = candidatesOf(people, observed.bindings, observed.across)
  const roles = new Map(observed.members.map(({ member, role }) => [member.handle, role]))
  const question = { namespace: space.namespace, ...right }
  const cluster = ctx.clusters.get(space.cluster)
  const signal = AbortSignal.timeout(deadlineMs)
  const answerOf = async (candidate: Candidate): Promise<WhoMayAnswer> => {
    const answer = await reviewAccess(cluster, reviewSubjectOf(candidate.subject), question, signal)
    const { allowed } = answer
    const reason = answer.evaluationError === '' ? answer.reason : `Not sure: ${answer.evaluationError}`
    const role = roles.get(candidate.person?.handle ?? '')
    const expected = role !== undefined && roleAllows(role, right.group, right.resource, right.verb)
    const isShipped = allowed && isShippedRight(candidate.subject, answer.reason)
    return {
      ...cleaned(candidate),
      allowed,
      reason: cleanText(reason).slice(0, 300),
      differs: allowed !== expected && !isShipped,
      isShipped,
    }
  }
  const answers = await inTurn(candidates.slice(0, maxAsked), answerOf, signal)
  return {
    right: `${right.verb} ${resourceName(right.group, right.resource)}`,
    at: at.toISOString(),
    answers: answers.sort((a, b) => rank(a) - rank(b)),
    leftOut: candidates.length - answers.length,
  }
}

/** Allowed subjects first, and of those the ones that the database doesn't allow. */
const rank = ({ allowed, differs }: WhoMayAnswer): number => (allowed ? 0 : 2) + (differs ? 0 : 1)

const cleaned = ({ subject: { kind, name, namespace }, person }: Candidate): Candidate => ({
  subject: {
    kind,
    name: cleanText(name),
    namespace: namespace === undefined ? undefined : cleanText(namespace),
  },
  person,
})

/**
 * @returns the answers that arrived in time
 * @throws any error of a question except the signal's abort reason
 */
async function inTurn<T, A>(
  things: readonly T[],
  answerOf: (thing: T) => Promise<A>,
  signal: AbortSignal,
): Promise<A[]> {
  const waiting = [...things]
  const answers: A[] = []
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let thing = waiting.shift(); thing !== undefined && !signal.aborted; thing = waiting.shift())
        try {
          answers.push(await answerOf(thing))
        } catch (error) {
          if (!signal.aborted) throw error
        }
    }),
  )
  return answers
}
