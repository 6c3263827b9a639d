import type { Metadata } from 'next'
import { chooseMailAction } from '#app/inbox/actions.ts'
import { MailSettingsForm } from '#components/inbox/mail-settings-form.tsx'
import { Alert } from '#components/ui/alert.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { RelativeTime } from '#components/ui/relative-time.tsx'
import { Section } from '#components/ui/section.tsx'
import { readMailSettings } from '#lib/broker/inbox/read-mail-settings.ts'
import { pageContext } from '#lib/web/page/page-context.ts'

export const metadata: Metadata = { title: 'Mail' }

/** Which events also reach the person by mail. */
export default async function MailSettingsPage() {
  const { address, unverified, choices, gaveUpAt } = await readMailSettings(await pageContext())
  return (
    <>
      <PageHeader
        title="Mail"
        description="Everything is in your inbox. Choose what also reaches you by mail."
        back={{ href: '/inbox', label: 'Inbox' }}
      />
      <div className="space-y-6">
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
      </div>
    </>
  )
}
