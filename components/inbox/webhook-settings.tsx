'use client'

import { useMemo, useState } from 'react'
import { Alert } from '#components/ui/alert.tsx'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { FormActions } from '#components/ui/form/form-actions.tsx'
import { SelectField } from '#components/ui/form/select-field.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { TextField } from '#components/ui/form/text-field.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { NewSecret, WebhookView } from '#lib/features/inbox/model/webhook-view.ts'
import { sentByDefault } from '#lib/kernel/model/inbox/event-choices.ts'
import type { WebhookFormat } from '#lib/kernel/model/inbox/webhook-format.ts'
import { EventGroupFields } from './event-group-fields.tsx'
import { WebhookActs, type WebhookTest } from './webhook-acts.tsx'

const formats: readonly { value: WebhookFormat; label: string }[] = [
  { value: 'spaceport', label: 'Spaceport (JSON, signed)' },
  { value: 'slack', label: 'Slack' },
  { value: 'teams', label: 'Microsoft Teams' },
]

type Props = { webhook: WebhookView | null; setUp: FormAction<NewSecret>; change: FormAction<NewSecret> }

/** URL, format and events of a webhook. */
const WebhookForm = ({ webhook, setUp, change }: Props) => (
  <ActionForm action={webhook ? change : setUp} label="By webhook" needsScripts className="space-y-4">
    <div className="grid gap-4 sm:grid-cols-[1fr_16rem]">
      <TextField
        mono
        label="URL"
        name="url"
        type="url"
        optional={webhook !== null}
        placeholder="https://"
        hint={webhook ? `Leave empty to keep the one at ${webhook.host}.` : 'Stored encrypted: it isn’t shown again.'}
      />
      <SelectField label="Format" name="format" defaultValue={webhook?.format ?? 'spaceport'} options={formats} />
    </div>
    <EventGroupFields legend="Send to my webhook" choices={webhook?.choices ?? sentByDefault} />
    <FormActions>
      <SubmitButton>{webhook ? 'Save webhook' : 'Set up webhook'}</SubmitButton>
    </FormActions>
  </ActionForm>
)

export type WebhookActions = {
  setUp: FormAction<NewSecret>
  change: FormAction<NewSecret>
  rotate: FormAction<NewSecret>
  remove: FormAction
  test: FormAction<WebhookTest>
}

/** A person's webhook: status, test, a new secret, and the form. */
export function WebhookSettings({ webhook, actions }: { webhook: WebhookView | null; actions: WebhookActions }) {
  const [secret, setSecret] = useState<string | null>(null)
  const [saved, setSaved] = useState(0)
  const run = useMemo(() => {
    // Forms unmount on success, so the result comes from the action itself.
    const keeping =
      (action: FormAction<NewSecret>): FormAction<NewSecret> =>
      async (state, form) => {
        const result = await action(state, form)
        if (result.status !== 'ok') return result
        setSecret(result.data?.secret ?? null)
        setSaved((count) => count + 1)
        return result
      }
    return { setUp: keeping(actions.setUp), change: keeping(actions.change), rotate: keeping(actions.rotate) }
  }, [actions])

  return (
    <div className="space-y-5">
      {secret !== null && (
        <Alert kind="ok" live title="The secret of your webhook">
          <p>Your receiver verifies messages with it. Copy it now: it isn’t shown again.</p>
          <CodeBlock code={secret} label="Copy the secret" />
        </Alert>
      )}
      {webhook && (
        <>
          {webhook.offAt && (
            <Alert kind="warn" title="Your webhook is off">
              <p>
                {webhook.host} said <RelativeTime at={webhook.offAt} /> that it is gone (HTTP 410). Set another URL, or
                save to try again.
              </p>
            </Alert>
          )}
          {webhook.gaveUpAt && !webhook.offAt && (
            <Alert kind="warn" title="A message wasn’t delivered">
              <p>
                {webhook.host} last didn’t take one <RelativeTime at={webhook.gaveUpAt} />. Send a test to see its
                answer.
              </p>
            </Alert>
          )}
          <p className="wrap-anywhere font-mono text-sm">{webhook.host}/…</p>
          <WebhookActs
            webhook={webhook}
            actions={{ test: actions.test, rotate: run.rotate, remove: actions.remove }}
            onRemoved={() => setSecret(null)}
          />
        </>
      )}
      <WebhookForm key={saved} webhook={webhook} setUp={run.setUp} change={run.change} />
    </div>
  )
}
