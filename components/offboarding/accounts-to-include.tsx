'use client'

import { sameBecause } from '#components/people/same-because.ts'
import { Section } from '#components/ui/section.tsx'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import type { AccountChoice } from './space-choice.ts'

type Props = {
  accounts: readonly AccountChoice[]
  included: ReadonlySet<string>
  setIncluded: (included: ReadonlySet<string>) => void
}

/**
 * Accounts that may belong to the same person. Those with the same subject are always included. An email address
 * proves nothing, so the admin chooses, and none is preselected.
 */
export function AccountsToInclude({ accounts, included, setIncluded }: Props) {
  const same = accounts.filter(({ by }) => by === 'subject')
  const possible = accounts.filter(({ by }) => by === 'email')
  function toggle(id: string, include: boolean) {
    const next = new Set(included)
    if (include) next.add(id)
    else next.delete(id)
    setIncluded(next)
  }
  return (
    <Section
      title="Other accounts"
      description="Each offboarded account gets its own certificate, which names the others."
    >
      {same.length > 0 && (
        <>
          <p className="mb-2 text-sm">Also offboarded, because they have the same subject at the same issuer:</p>
          <ul className="mb-5 space-y-2 text-sm">
            {same.map((account) => (
              <li key={account.id}>
                <AccountFacts account={account} />
              </li>
            ))}
          </ul>
        </>
      )}
      {possible.length > 0 && (
        <fieldset>
          <legend className="mb-1 font-medium text-sm">Same email address at another identity provider</legend>
          <p className="mb-3 max-w-prose text-muted text-sm">
            Someone else may have this address there. Include an account only if you know that it belongs to this
            person.
          </p>
          <div className="space-y-3">
            {possible.map((account) => (
              <label key={account.id} className="flex items-start gap-2 text-sm">
                <input
                  type="checkbox"
                  className="mt-0.5 size-4 shrink-0"
                  checked={included.has(account.id)}
                  disabled={account.isOwn}
                  onChange={(event) => toggle(account.id, event.target.checked)}
                />
                <AccountFacts account={account} />
              </label>
            ))}
          </div>
        </fieldset>
      )}
    </Section>
  )
}

const AccountFacts = ({ account }: { account: AccountChoice }) => (
  <span className="wrap-anywhere min-w-0">
    <span className="font-mono">{account.handle}</span> · {account.name} · {account.provider}
    <span className="block text-muted">
      {sameBecause(account.by, account.email)}. {inNumber(account.spaces.length, 'space')}
      {account.deactivated && ', deactivated'}
      {account.isOwn && ', your own account: ask another platform admin'}
    </span>
  </span>
)
