'use client'

import { useMemo } from 'react'
import { ActDialog } from '#components/ui/act-dialog.tsx'
import { Alert } from '#components/ui/alert.tsx'
import { DialogActions, DialogButton } from '#components/ui/dialog.tsx'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import type { NewSecret, WebhookView } from '#lib/features/inbox/model/webhook-view.ts'

export type WebhookTest = { arrived: boolean; sentence: string }

type Props = {
  webhook: WebhookView
  actions: { test: FormAction<WebhookTest>; rotate: FormAction<NewSecret>; remove: FormAction }
  onRemoved: () => void
}

/** Actions on a webhook: send a test, replace its secret, remove it. */
export function WebhookActs({ webhook: { host, format }, actions, onRemoved }: Props) {
  const remove = useMemo(
    (): FormAction => async (state, form) => {
      const done = await actions.remove(state, form)
      if (done.status === 'ok') onRemoved()
      return done
    },
    [actions.remove, onRemoved],
  )
  return (
    <div className="flex flex-wrap gap-2">
      <ActionForm
        action={actions.test}
        label="Test"
        after={(state) => state.status === 'ok' && state.data && <TestResult {...state.data} />}
      >
        <SubmitButton variant="secondary">Send a test</SubmitButton>
      </ActionForm>
      {format === 'spaceport' && (
        <DialogButton label="Replace secret" title="Replace the secret?">
          <ActionForm action={actions.rotate}>
            <p className="text-sm">
              Messages are signed with a new secret, which is shown once. Your receiver rejects them until it has the
              new secret.
            </p>
            <DialogActions>
              <SubmitButton>Replace secret</SubmitButton>
            </DialogActions>
          </ActionForm>
        </DialogButton>
      )}
      <ActDialog label="Remove webhook" title="Remove your webhook?" action={remove} given={{}} reason={null}>
        <p>Nothing more is sent to {host}, not even queued messages. Its URL and secret are deleted.</p>
        <p className="text-muted">Everything stays in your inbox.</p>
      </ActDialog>
    </div>
  )
}

const TestResult = ({ arrived, sentence }: WebhookTest) => (
  <Alert
    kind={arrived ? 'ok' : 'bad'}
    live
    title={arrived ? 'The test arrived' : 'The test failed'}
    className="order-last basis-full"
  >
    <p className="wrap-anywhere">{sentence}</p>
  </Alert>
)
