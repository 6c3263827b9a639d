'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import { lastDay, spaceFields, spaceOf } from '#app/spaces/form-fields.ts'
import { addGrant, addGrantInput } from '#lib/broker/access/add-grant.ts'
import { changeGrant, changeGrantInput } from '#lib/broker/access/change-grant.ts'
import { leaveSpace, leaveSpaceInput } from '#lib/broker/access/leave-space.ts'
import { removeGrant, removeGrantInput } from '#lib/broker/access/remove-grant.ts'
import { searchPrincipals, searchPrincipalsInput } from '#lib/broker/access/search-principals.ts'
import { offerSpace, offerSpaceInput } from '#lib/broker/offers/offer-space.ts'
import { withdrawOffer, withdrawOfferInput } from '#lib/broker/offers/withdraw-offer.ts'
import type { ActionState, CallState } from '#lib/domain/action-state.ts'
import type { Principal } from '#lib/domain/person.ts'
import { roles, type Standing } from '#lib/domain/role.ts'
import { brokerAction, brokerCall } from '#lib/web/action/broker-action.ts'

/** @param message what is said; of people it names the handle too, so that a namesake is noticed */
const told =
  <O>(message: string | ((output: O) => string)) =>
  (output: O) => {
    revalidatePath('/spaces', 'layout')
    return { message: typeof message === 'string' ? message : message(output) }
  }

const named = ({ name, handle }: { name: string; handle: string }) => `${name} (${handle})`

const add = brokerAction({
  name: 'add-grant',
  input: z
    .strictObject({
      ...spaceFields,
      principal: z.string(),
      role: z.enum(roles),
      endsAt: lastDay,
      reason: z.string().optional(),
    })
    .transform(
      ({ space, cluster, ...rest }): z.input<typeof addGrantInput> => ({ space: spaceOf({ space, cluster }), ...rest }),
    )
    .pipe(addGrantInput),
  useCase: addGrant,
  after: told((who) =>
    who.kind === 'user'
      ? `Added ${named(who.user)}. They can use the space now.`
      : `Added the group ${who.group}. Its people can use the space now.`,
  ),
})

const change = brokerAction({
  name: 'change-grant',
  input: z
    .strictObject({
      ...spaceFields,
      grantId: z.string(),
      role: z.enum(roles).optional(),
      endsAt: lastDay.optional(),
      reason: z.string().optional(),
    })
    .transform(
      ({ space, cluster, ...changes }): z.input<typeof changeGrantInput> => ({
        space: spaceOf({ space, cluster }),
        ...changes,
      }),
    )
    .pipe(changeGrantInput),
  useCase: changeGrant,
  after: told('Changed.'),
})

function removedSentence({ of, left }: { of: 'person' | 'group'; left: Standing | null }): string {
  if (of === 'group') return 'Removed. Who has no other role here is refused from the next request on.'
  if (left === null) return 'Removed. Their next request is refused.'
  if (left === 'owner') return 'Removed. They own this space.'
  return `Removed. They still have the ${left} role here, by a group or an approved request.`
}

const remove = brokerAction({
  name: 'remove-grant',
  input: z
    .strictObject({ ...spaceFields, grantId: z.string() })
    .transform(({ grantId, ...form }): z.input<typeof removeGrantInput> => ({ space: spaceOf(form), grantId }))
    .pipe(removeGrantInput),
  useCase: removeGrant,
  after: told(removedSentence),
})

const offer = brokerAction({
  name: 'offer-space',
  input: z
    .strictObject({ ...spaceFields, to: z.string(), reason: z.string().optional() })
    .transform(({ to, reason, ...form }): z.input<typeof offerSpaceInput> => ({ space: spaceOf(form), to, reason }))
    .pipe(offerSpaceInput),
  useCase: offerSpace,
  after: told((person) => `Offered to ${named(person)}. They find it among their spaces.`),
})

const withdraw = brokerAction({
  name: 'withdraw-offer',
  input: z
    .strictObject(spaceFields)
    .transform((form): z.input<typeof withdrawOfferInput> => ({ space: spaceOf(form) }))
    .pipe(withdrawOfferInput),
  useCase: withdrawOffer,
  after: told('Withdrawn.'),
})

const leave = brokerAction({
  name: 'leave-space',
  input: z
    .strictObject(spaceFields)
    .transform((form): z.input<typeof leaveSpaceInput> => ({ space: spaceOf(form) }))
    .pipe(leaveSpaceInput),
  useCase: leaveSpace,
  after: () => redirect('/'),
})

const search = brokerCall({
  name: 'search-principals',
  input: searchPrincipalsInput,
  useCase: searchPrincipals,
})

/** Gives a person or a group a role. */
export async function addGrantAction(previous: ActionState, form: FormData): Promise<ActionState> {
  return add(previous, form)
}

/** Changes a member's role and end. */
export async function changeGrantAction(previous: ActionState, form: FormData): Promise<ActionState> {
  return change(previous, form)
}

/** Takes a member's role away. */
export async function removeGrantAction(previous: ActionState, form: FormData): Promise<ActionState> {
  return remove(previous, form)
}

/** Offers the space to somebody else. */
export async function offerSpaceAction(previous: ActionState, form: FormData): Promise<ActionState> {
  return offer(previous, form)
}

/** Takes an open offer back. */
export async function withdrawOfferAction(previous: ActionState, form: FormData): Promise<ActionState> {
  return withdraw(previous, form)
}

/** Gives up one's own roles, then shows the spaces that are left. */
export async function leaveSpaceAction(previous: ActionState, form: FormData): Promise<ActionState> {
  return leave(previous, form)
}

/** Suggests people and groups while a name is typed. */
export async function searchPrincipalsAction(input: {
  space: { name: string; cluster?: string }
  text: string
}): Promise<CallState<Principal[]>> {
  return search(input)
}
