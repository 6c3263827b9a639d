'use client'

import { SpaceFields } from '#components/spaces/space-fields.tsx'
import type { SpaceAddress } from '#components/spaces/space-path.ts'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { AbsoluteTime } from '#components/ui/time/absolute-time.tsx'
import type { SpaceOffer } from '#lib/features/offers/model/offer-view.ts'

type Props = { address: SpaceAddress; offer: SpaceOffer; withdraw: FormAction }

export function OpenOffer({ address, offer, withdraw }: Props) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 rounded-lg bg-accent-soft px-3.5 py-3 text-sm">
      <p className="wrap-anywhere">
        Offered to <strong>{offer.to.name}</strong> ({offer.to.handle}). It becomes theirs once they accept. The offer
        expires <AbsoluteTime at={offer.expiresAt} />.
      </p>
      <ActionForm action={withdraw} label="Withdraw the offer">
        <SpaceFields space={address} />
        <SubmitButton size="sm" variant="secondary">
          Withdraw
        </SubmitButton>
      </ActionForm>
    </div>
  )
}
