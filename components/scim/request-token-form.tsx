import { Alert } from '#components/ui/alert.tsx'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { DateField } from '#components/ui/form/date-field.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { TextField } from '#components/ui/form/text-field.tsx'
import { Section } from '#components/ui/section.tsx'

export type TokenDays = { tomorrow: string; usual: string; latest: string }

type Props = {
  action: FormAction
  /** Days as date inputs have them: `2027-06-30`. */
  days: TokenDays
  /** Whether the viewer has an open request. */
  hasOpen: boolean
  /** The number of platform admins. */
  admins: number
  /** Whether admins have to activate their role. */
  isActivated: boolean
}

/** The form that requests a token. Points out when the operator's command is better. */
export function AskForToken({ action, days, hasOpen, admins, isActivated }: Props) {
  return (
    <Section
      title="Request a token"
      description="Another platform admin has to approve it, and all admins are notified."
      more="Anyone with the token can add people of this provider, change their groups, and deactivate them. It stops working when either of you is no longer an active platform admin."
    >
      <div className="space-y-4">
        {(admins < 2 || isActivated) && (
          <Alert
            title={
              admins < 2
                ? 'No other platform admin can approve a token'
                : 'A token created here stops when either admin’s activated role ends'
            }
          >
            <p>An operator can create a token that doesn’t depend on anyone’s role. You are notified when they do.</p>
            <CodeBlock code={`bin/spaceport provisioning-token create NAME ${days.usual}`} label="Copy the command" />
          </Alert>
        )}
        {hasOpen ? (
          <p className="text-muted text-sm">
            You have an open request. Reveal its token or withdraw it before you request another.
          </p>
        ) : (
          admins >= 2 && (
            <ActionForm action={action} label="Request a token" className="flex flex-wrap items-start gap-4">
              <TextField label="Name" name="name" placeholder="Okta, November" maxLength={60} className="min-w-64" />
              <DateField
                label="Expires"
                name="expiresAt"
                min={days.tomorrow}
                max={days.latest}
                defaultValue={days.usual}
                hint="At 23:59 UTC, at most a year from now."
              />
              <div className="w-full">
                <SubmitButton>Request token</SubmitButton>
              </div>
            </ActionForm>
          )
        )}
      </div>
    </Section>
  )
}
