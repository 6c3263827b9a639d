import type { Metadata } from 'next'
import {
  changeWebhookAction,
  chooseMailAction,
  removeWebhookAction,
  rotateWebhookSecretAction,
  setUpWebhookAction,
  testWebhookAction,
} from '#app/inbox/actions.ts'
import { MailSettingsForm } from '#components/inbox/mail-settings-form.tsx'
import { WebhookSettings } from '#components/inbox/webhook-settings.tsx'
import { Alert } from '#components/ui/alert.tsx'
import { BackLink } from '#components/ui/back-link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Section } from '#components/ui/section.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import { readMailSettings } from '#lib/features/inbox/use-cases/read-mail-settings.ts'
import { readWebhook } from '#lib/features/inbox/use-cases/read-webhook.ts'
import { pageContext } from '#lib/web/page/page-context.ts'

export const metadata: Metadata = { title: 'Notifications' }

const webhookActions = {
  setUp: setUpWebhookAction,
  change: changeWebhookAction,
  rotate: rotateWebhookSecretAction,
  remove: removeWebhookAction,
  test: testWebhookAction,
}

/** Which events also reach the person by mail, and by a webhook. */
export default async function NotificationSettingsPage() {
  const ctx = await pageContext()
  const [{ address, unverified, choices, gaveUpAt }, webhook] = await Promise.all([
    readMailSettings(ctx),
    readWebhook(ctx),
  ])
  return (
    <>
      <PageHeader
        title="Notifications"
        description="Everything is in your inbox. Choose what also reaches you by mail, or by a webhook of yours."
        back={<BackLink href="/inbox" label="Inbox" />}
      />
      <div className="max-w-3xl space-y-8">
        {address === '' && (
          <Alert kind="warn" title="No mail reaches you">
            <p>The identity provider gives no e-mail address for you. Add one there, then sign in again.</p>
          </Alert>
        )}
        {unverified && (
          <Alert kind="warn" title="No mail reaches you">
            <p>The identity provider hasn’t verified your address {address}. Verify it there, then sign in again.</p>
          </Alert>
        )}
        {gaveUpAt && (
          <Alert kind="warn" title="Mail to you was given up">
            <p>
              The mail server last refused it <RelativeTime at={gaveUpAt} />. Check that {address} works.
            </p>
          </Alert>
        )}
        <Section title="By mail" description={address === '' ? undefined : `To ${address}.`}>
          <MailSettingsForm choices={choices} action={chooseMailAction} />
        </Section>
        <Section
          title="By webhook"
          description={
            webhook === 'unavailable'
              ? 'Webhooks aren’t set up here: ask a platform admin for SPACEPORT_WEBHOOK_SECRET.'
              : 'Spaceport posts each event to a URL of yours: a Slack or Teams channel, or a program.'
          }
        >
          {webhook !== 'unavailable' && (
            <WebhookSettings webhook={webhook === 'none' ? null : webhook} actions={webhookActions} />
          )}
        </Section>
      </div>
    </>
  )
}
