'use client'

import { useMemo, useState } from 'react'
import { Alert } from '#components/ui/alert.tsx'
import { CodeBlock } from '#components/ui/code-block.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { NewSecret, WebhookView } from '#lib/features/inbox/model/webhook-view.ts'
import { WebhookActs, type WebhookTest } from './webhook-acts.tsx'
import { WebhookForm } from './webhook-form.tsx'

export type WebhookActions = {
  setUp: FormAction<NewSecret>
  change: FormAction<NewSecret>
  rotate: FormAction<NewSecret>
  remove: FormAction
  test: FormAction<WebhookTest>
}

/** A person’s webhook: what it is, a test, its secret while it is new, and the form. */
export function WebhookSettings({ webhook, actions }: { webhook: WebhookView | null; actions: WebhookActions }) {
  const [secret, setSecret] = useState<string | null>(null)
  const [saved, setSaved] = useState(0)
  const run = useMemo(() => {
    // Forms disappear when they succeed, so what is new is taken from the action itself.
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
            <Alert kind="warn" title="A message was given up">
              <p>
                {webhook.host} last didn’t take one <RelativeTime at={webhook.gaveUpAt} />. Send a test to see what it
                says.
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
