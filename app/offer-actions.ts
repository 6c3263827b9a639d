'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { spacePath } from '#components/spaces/space-path.ts'
import { acceptOffer, acceptOfferInput } from '#lib/features/offers/use-cases/accept-offer.ts'
import { declineOffer, declineOfferInput } from '#lib/features/offers/use-cases/decline-offer.ts'
import { brokerAction } from '#lib/web/action/broker-action.ts'

export const acceptOfferAction = brokerAction({
  name: 'accept-offer',
  input: acceptOfferInput,
  useCase: acceptOffer,
  after: (space) => redirect(spacePath(space)),
})

export const declineOfferAction = brokerAction({
  name: 'decline-offer',
  input: declineOfferInput,
  useCase: declineOffer,
  after: () => revalidatePath('/'),
})
