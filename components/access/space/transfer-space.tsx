'use client'

import { SpaceFields } from '#components/spaces/space-fields.tsx'
import type { SpaceAddress } from '#components/spaces/space-path.ts'
import { DialogActions, DialogButton } from '#components/ui/dialog.tsx'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import type { Directory } from '#lib/kernel/model/policy/policy.ts'
import { PlatformAdminReason } from './admin-reason.tsx'
import { PrincipalCombobox, type SearchPrincipals } from './principal-combobox.tsx'

type Props = {
  address: SpaceAddress
  owner: string
  isOwner: boolean
  days: number
  offer: FormAction
  search: SearchPrincipals
  directory: Directory
}

/** Offers a space to someone else. */
export function HandOver({ address, owner, isOwner, days, offer, search, directory }: Props) {
  const former = isOwner ? 'You become an admin' : `${owner} becomes an admin`
  return (
    <DialogButton label="Hand over" title={`Hand over ${address.name}`}>
      <ActionForm action={offer} className="space-y-4">
        <SpaceFields space={address} />
        <PrincipalCombobox
          label="New owner"
          name="to"
          hint={
            directory === 'open'
              ? 'Search by name, email or handle.'
              : 'Enter their full handle (shown on their profile).'
          }
          space={address}
          search={search}
          peopleOnly
          careful
          invite="/"
        />
        {!isOwner && <PlatformAdminReason asked="always" owner={owner} />}
        <div className="rounded-lg bg-warn-soft px-3.5 py-3 text-sm">
          <p className="mb-1 font-semibold text-warn">What changes once they accept</p>
          <ul className="list-disc space-y-1 pl-4">
            <li>
              The new owner controls members, requests and deletion.{' '}
              {isOwner ? 'The space counts toward their limit.' : 'They can accept even beyond their limit.'}
            </li>
            <li>
              {former}, and the new owner can remove {isOwner ? 'you' : 'them'}.
            </li>
            <li>Only the new owner or a platform admin can hand it back.</li>
          </ul>
          <p className="mt-2">Until then, nothing changes. The offer expires after {days} days.</p>
        </div>
        <DialogActions>
          <SubmitButton variant="danger">Offer</SubmitButton>
        </DialogActions>
      </ActionForm>
    </DialogButton>
  )
}
