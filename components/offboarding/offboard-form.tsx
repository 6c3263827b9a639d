'use client'

import { useState } from 'react'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { FormActions } from '#components/ui/form/form-actions.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { TextAreaField } from '#components/ui/form/text-area-field.tsx'
import { TextField } from '#components/ui/form/text-field.tsx'
import { Section } from '#components/ui/section.tsx'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import { AccountsToInclude } from './accounts-to-include.tsx'
import type { AccountChoice, Exception, SpaceChoice } from './space-choice.ts'
import { SpacesToDecide } from './spaces-to-decide.tsx'

type Props = {
  person: { id: string; handle: string; name: string }
  /** The spaces of this account. */
  spaces: readonly SpaceChoice[]
  accounts: readonly AccountChoice[]
  /** The earliest and latest end date of a space: `2026-12-31`. */
  today: string
  latestDay: string
  action: FormAction
}

const lineOf = ([id, { kind, to, endsAt }]: [string, Exception]) =>
  `${id} ${kind} ${kind === 'hand-over' ? to : endsAt}\n`

/** Asks for a decision on a person's spaces, and offboards them once their handle has been typed. */
export function OffboardForm({ person: { id, handle, name }, accounts, today, latestDay, action, ...own }: Props) {
  const [included, setIncluded] = useState<ReadonlySet<string>>(new Set())
  const leaving = accounts.filter((account) => account.by === 'subject' || included.has(account.id))
  const spaces = [...own.spaces, ...leaving.flatMap((account) => account.spaces)]
  const [rest, setRest] = useState<'hand-over' | 'delete'>('hand-over')
  const [exceptions, setExceptions] = useState<ReadonlyMap<string, Exception>>(new Map())
  const [typed, setTyped] = useState('')
  const decided = [...exceptions].filter(([space]) => spaces.some((one) => one.id === space))
  const others = decided.map(([, exception]) => exception)
  const deleted =
    others.filter(({ kind }) => kind === 'delete').length + (rest === 'delete' ? spaces.length - others.length : 0)
  return (
    <ActionForm action={action} needsScripts className="space-y-8" label="Offboard">
      <input type="hidden" name="id" value={id} />
      <input type="hidden" name="accounts" value={[...included].join('\n')} />
      {accounts.length > 0 && <AccountsToInclude {...{ accounts, included, setIncluded }} />}
      {spaces.length > 0 && (
        <>
          <input type="hidden" name="exceptions" value={decided.map(lineOf).join('')} />
          <SpacesToDecide
            {...{ spaces, rest, setRest, exceptions, setExceptions }}
            days={{ min: today, max: latestDay }}
          />
        </>
      )}
      <Section title="Confirm" tone="danger">
        <div className="max-w-prose space-y-4">
          <div className="space-y-2 text-sm">
            {leaving.length > 0 && (
              <p>
                <strong>{inNumber(leaving.length + 1, 'account')} will be closed</strong>:{' '}
                <span className="wrap-anywhere font-mono">
                  {[handle, ...leaving.map((one) => one.handle)].join(', ')}
                </span>
              </p>
            )}
            <p>
              <strong>{name}</strong> loses all access immediately and for good. Reactivating them later doesn’t restore
              it. {spaces.length === 0 && 'They own no spaces.'}
              {spaces.length > 0 &&
                `${inNumber(spaces.length - deleted, 'space')} ${spaces.length - deleted === 1 ? 'changes' : 'change'} hands now, and the new owners are notified.`}
            </p>
            {deleted > 0 && (
              <p>
                <strong>
                  {inNumber(deleted, 'space')} will be deleted with everything in {deleted === 1 ? 'it' : 'them'}
                </strong>
                : workloads, volumes with their data, config and secrets. Until then, members keep their access. They
                are notified of the end.
              </p>
            )}
          </div>
          <TextAreaField
            label="Reason"
            name="reason"
            rows={2}
            maxLength={1000}
            hint="Recorded in the audit trail and the certificate, and shown to everyone affected."
          />
          <TextField
            mono
            label={`Type ${handle} to confirm`}
            name="confirmation"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
          <FormActions>
            <SubmitButton variant="danger" disabled={typed.trim() !== handle}>
              Offboard
            </SubmitButton>
          </FormActions>
        </div>
      </Section>
    </ActionForm>
  )
}
