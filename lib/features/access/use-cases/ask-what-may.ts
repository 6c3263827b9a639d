import { z } from 'zod'
import {
  differencesFrom,
  reviewedRights,
  reviewRisks,
  type WhatMay,
} from '#lib/features/access/model/reviewed-rights.ts'
import { findPerson } from '#lib/kernel/db/people/find-person.ts'
import type { SpaceRecord } from '#lib/kernel/db/spaces/find-space.ts'
import { loadDesiredSpace } from '#lib/kernel/db/spaces/load-desired-space.ts'
import { changePlatform } from '#lib/kernel/define/change-platform.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import type { PersonFacts } from '#lib/kernel/model/people/person-view.ts'
import { sessionIdleSince } from '#lib/kernel/model/people/session-life.ts'
import { clusterDestination } from '#lib/kernel/model/spaces/destination.ts'
import { cleanText } from '#lib/kernel/trail/audit-row.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { reviewRules } from '#lib/kube/rights/review-rules.ts'
import { handle } from './fields.ts'
import { findAnySpace } from './find-any-space.ts'
import { noNamespace } from './no-namespace.ts'

const maxRights = 500
/** Limit for role differences, and for object names per permission. */
const maxShown = 20

export const askWhatMayInput = z.strictObject({ space: spaceKey, person: handle })

/**
 * Asks the API server, impersonating the person, what they may do in a space. Recorded in the trail with the name of
 * the asking person.
 * @throws AppError not_found, bad_input, rate_limited, cluster_*
 */
export const askWhatMay = changePlatform({
  permission: 'ask-cluster',
  action: 'access.ask',
  input: askWhatMayInput,
  about: ({ space, person }) => ({
    target: { kind: 'space', name: space.name },
    detail: { question: 'what-may', person },
  }),
  prepare: async function prepareAskWhatMay({ ctx, input, about }) {
    const at = ctx.clock()
    const [space, person] = await Promise.all([
      findAnySpace(ctx, input.space),
      findPerson(ctx.pool, input.person, { at, idleSince: sessionIdleSince(at) }),
    ])
    about({
      target: { kind: 'space', id: space.id, name: space.name },
      destination: clusterDestination(space.cluster),
    })
    if (!person) throw new AppError('bad_input', { fields: { person: 'No one with this handle has signed in.' } })
    if (space.namespaceUid === null) throw noNamespace()
    return {
      async ask() {
        const result = await ctx.withinRateLimit('ask-cluster', ctx.actor.userId, () => ask(ctx, space, person))
        about({ detail: { rights: result.rights.length } })
        return result
      },
    }
  },
})

async function ask(ctx: BrokerContext, space: SpaceRecord, person: PersonFacts): Promise<WhatMay> {
  const at = ctx.clock()
  const cluster = ctx.clusters.get(space.cluster)
  const [loaded, { rules, incomplete, note }] = await Promise.all([
    loadDesiredSpace(ctx.pool, space.id, at),
    reviewRules(cluster, person, space.namespace),
  ])
  const members = space.status === 'deleting' ? [] : (loaded?.wanted.members ?? [])
  const role = members.find(({ member }) => member.userId === person.id)?.role ?? null
  const rights = reviewedRights(rules).slice(0, maxRights)
  const { beyond, missing } = differencesFrom(role, rules)
  return {
    person: { handle: person.handle, name: person.name },
    space: space.name,
    at: at.toISOString(),
    rights: rights.map(({ resource, names, ...right }) => ({
      ...right,
      resource: cleanText(resource),
      names: shownOf(names),
    })),
    risks: reviewRisks(rights),
    role,
    beyond: shownOf(beyond),
    missing: shownOf(missing),
    incomplete,
    note: cleanText(note).slice(0, 300),
  }
}

const shownOf = (all: readonly string[]): string[] =>
  all.length > maxShown
    ? [...all.slice(0, maxShown).map(cleanText), `and ${all.length - maxShown} more`]
    : all.map(cleanText)
