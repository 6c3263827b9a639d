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
import { Section, SettingsSections } from '#components/ui/section.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import { readMailSettings } from '#lib/features/inbox/use-cases/read-mail-settings.ts'
import { readWebhook } from '#lib/features/inbox/use-cases/read-webhook.ts'
import { pageContext } from '#lib/web/page/page-context.ts'

export const metadata: Metadata = { title: 'Notification settings' }

const webhookActions = {
  setUp: setUpWebhookAction,
  change: changeWebhookAction,
  rotate: rotateWebhookSecretAction,
  remove: removeWebhookAction,
  test: testWebhookAction,
}

/** Chooses the events that reach the person by mail and by webhook. */
export default async function NotificationSettingsPage() {
  const ctx = await pageContext()
  const [{ address, unverified, choices, gaveUpAt }, webhook] = await Promise.all([
    readMailSettings(ctx),
    readWebhook(ctx),
  ])
  return (
    <>
      <PageHeader
        title="Notification settings"
        description="Choose what you also get by mail or webhook."
        back={<BackLink href="/inbox" label="Inbox" />}
      />
      <SettingsSections>
        {address === '' && (
          <Alert kind="warn" title="No mail reaches you">
            <p>Your identity provider has no email address for you. Add one there, then sign in again.</p>
          </Alert>
        )}
        {unverified && (
          <Alert kind="warn" title="No mail reaches you">
            <p>Your identity provider hasn’t verified your address {address}. Verify it there, then sign in again.</p>
          </Alert>
        )}
        {gaveUpAt && (
          <Alert kind="warn" title="Mail to you couldn’t be delivered">
            <p>
              The mail server last refused it <RelativeTime at={gaveUpAt} />. Check that {address} works.
            </p>
          </Alert>
        )}
        <Section title="By email" content="row" description={address === '' ? undefined : `To ${address}.`}>
          <MailSettingsForm choices={choices} action={chooseMailAction} />
        </Section>
        <Section
          title="By webhook"
          content="row"
          description={
            webhook === 'unavailable'
              ? 'Webhooks need SPACEPORT_WEBHOOK_SECRET: ask a platform admin to set it.'
              : 'Spaceport posts each event to your URL: a Slack or Teams channel, or a program.'
          }
        >
          {webhook !== 'unavailable' && (
            <WebhookSettings webhook={webhook === 'none' ? null : webhook} actions={webhookActions} />
          )}
        </Section>
      </SettingsSections>
    </>
  )
}
