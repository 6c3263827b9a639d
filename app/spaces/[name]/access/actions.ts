'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { lastDay } from '#app/form-fields.ts'
import { spaceForm } from '#app/spaces/space-form.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { changeGrant, changeGrantInput } from '#lib/features/access/use-cases/change-grant.ts'
import { leaveSpace, leaveSpaceInput } from '#lib/features/access/use-cases/leave-space.ts'
import { removeGrant, removeGrantInput } from '#lib/features/access/use-cases/remove-grant.ts'
import type { ResolvedPrincipal } from '#lib/features/access/use-cases/resolve-principal.ts'
import { searchPrincipals, searchPrincipalsInput } from '#lib/features/access/use-cases/search-principals.ts'
import { offerSpace, offerSpaceInput } from '#lib/features/offers/use-cases/offer-space.ts'
import { withdrawOffer, withdrawOfferInput } from '#lib/features/offers/use-cases/withdraw-offer.ts'
import type { Standing } from '#lib/kernel/model/access/role.ts'
import { brokerAction, brokerCall } from '#lib/web/action/broker-action.ts'
import { severalAction } from '#lib/web/action/several-action.ts'
import { addMembersForm, eachMember } from './add-members-form.ts'
import { addedInWords, isAboutOne, named, partlyAddedInWords } from './added-in-words.ts'

const refreshSpaces = () => revalidatePath('/spaces', 'layout')

const withMessage =
  <O>(message: string | ((output: O) => string)) =>
  (output: O) => {
    refreshSpaces()
    return { message: typeof message === 'string' ? message : message(output) }
  }

function removedSentence({ principal, left }: { principal: ResolvedPrincipal; left: Standing | null }): string {
  if (principal.kind === 'group')
    return `Removed the group ${principal.group}. Its members without another role lose access immediately.`
  const removed = `Removed ${named(principal.user)}.`
  if (left === null) return `${removed} They lose access immediately.`
  if (left === 'owner') return `${removed} As the owner, they keep full access.`
  return `${removed} They keep the ${left} role through a group or an approved request.`
}

/** Gives people and groups a role. */
export const addGrantAction = severalAction({
  name: 'add-grant',
  input: addMembersForm,
  useCase: addGrant,
  each: eachMember,
  field: 'principal',
  isAboutOne,
  succeeded: addedInWords,
  fellShort: partlyAddedInWords,
  after: refreshSpaces,
})

/** Changes a member's role and end. */
export const changeGrantAction = brokerAction({
  name: 'change-grant',
  input: spaceForm(changeGrantInput, { endsAt: lastDay.optional() }),
  useCase: changeGrant,
  after: refreshSpaces,
})

/** Removes a member's role. */
export const removeGrantAction = brokerAction({
  name: 'remove-grant',
  input: spaceForm(removeGrantInput, {}),
  useCase: removeGrant,
  after: withMessage(removedSentence),
})

/** Offers the space to another person. */
export const offerSpaceAction = brokerAction({
  name: 'offer-space',
  input: spaceForm(offerSpaceInput, {}),
  useCase: offerSpace,
  after: withMessage((person) => `Offered to ${named(person)}. They’ll see the offer on their Spaces page.`),
})

/** Withdraws an open offer. */
export const withdrawOfferAction = brokerAction({
  name: 'withdraw-offer',
  input: spaceForm(withdrawOfferInput, {}),
  useCase: withdrawOffer,
  after: withMessage('Offer withdrawn.'),
})

/** Gives up the person's own roles, then shows their remaining spaces. */
export const leaveSpaceAction = brokerAction({
  name: 'leave-space',
  input: spaceForm(leaveSpaceInput, {}),
  useCase: leaveSpace,
  after: () => redirect('/'),
})

/** Suggests people and groups while a name is typed. */
export const searchPrincipalsAction = brokerCall({
  name: 'search-principals',
  input: searchPrincipalsInput,
  useCase: searchPrincipals,
})
