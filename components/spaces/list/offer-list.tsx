import { Alert } from '#components/ui/alert.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { AbsoluteTime } from '#components/ui/time/absolute-time.tsx'
import type { OfferView } from '#lib/features/offers/model/offer-view.ts'
import { AnswerOffer } from './answer-offer.tsx'

type Props = { offers: readonly OfferView[]; accept: FormAction; decline: FormAction }

/** Spaces offered to the person. */
export function OfferList({ offers, accept, decline }: Props) {
  if (offers.length === 0) return null
  return (
    <ul aria-label="Offers" className="space-y-3">
      {offers.map(({ id, space, from, admin, expiresAt }) => (
        <li key={id}>
          <Alert
            title={
              <span className="wrap-anywhere">
                {admin
                  ? `Platform admin ${admin.name} (${admin.handle}) offers you ${from.name}’s space ${space.name}`
                  : `${from.name} (${from.handle}) offers you the space ${space.name}`}
              </span>
            }
            action={<AnswerOffer id={id} space={space.name} accept={accept} decline={decline} />}
          >
            {space.description && <p className="wrap-anywhere">{space.description}</p>}
            {admin && <p className="wrap-anywhere">Reason: {admin.reason}</p>}
            <p>
              Size {space.size}. If you accept, you own the space and everything in it, {from.name} becomes an admin
              until you remove them, and it counts toward your space limit
              {admin && ', even if that exceeds the limit'}. The offer expires <AbsoluteTime at={expiresAt} />.
            </p>
          </Alert>
        </li>
      ))}
    </ul>
  )
}
