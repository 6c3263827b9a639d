import type { ReactNode } from 'react'
import { type SpaceAddress, spacePath } from '#components/spaces/space-path.ts'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Section } from '#components/ui/section.tsx'
import type { FirstSteps as Done } from '#lib/features/spaces/model/first-steps.ts'
import { HideSteps } from './hide-steps.tsx'

type Props = {
  address: SpaceAddress
  steps: Done
  /** Whether something runs here. */
  deployed: boolean
  /** Whether they may grant roles here. */
  mayInvite: boolean
}

/** The steps from an empty space to a used one. Each is ticked off automatically. */
export function FirstSteps(props: Props) {
  if (!props.deployed) return <Steps {...props} />
  return (
    <Section title="First steps" actions={<HideSteps />} content="bare">
      <Steps {...props} />
    </Section>
  )
}

function Steps({ address, steps: { connected, used, shared }, deployed, mayInvite }: Props) {
  return (
    <ol className="divide-y rounded-lg border bg-surface">
      <Step done title="Create the space" />
      <Step
        done={connected}
        title="Download a kubeconfig"
        action={
          <LinkButton href={spacePath(address, 'connect')} size="sm" variant={connected ? 'secondary' : 'primary'}>
            Connect
          </LinkButton>
        }
      >
        {connected && !used
          ? 'You have one that hasn’t been used yet: point KUBECONFIG at the file.'
          : 'It works with kubectl, helm and every other tool that reads a kubeconfig.'}
      </Step>
      <Step done={deployed} title="Deploy something">
        {!deployed && (
          <>
            <span className="mb-2 block">Any image will do. It shows up here as soon as it starts.</span>
            <CodeBlock code="kubectl create deployment web --image=nginx" />
          </>
        )}
      </Step>
      {mayInvite && (
        <Step
          done={shared}
          title="Invite your team"
          action={
            <LinkButton href={spacePath(address, 'access')} size="sm">
              Add members
            </LinkButton>
          }
        >
          Give people or groups a role, for as long as they need it.
        </Step>
      )}
    </ol>
  )
}

type StepProps = { done: boolean; title: string; action?: ReactNode; children?: ReactNode }

const Step = ({ done, title, action, children }: StepProps) => (
  <li className="flex gap-3 p-4">
    <Icon
      name={done ? 'check-circle' : 'circle'}
      className={done ? 'mt-0.5 size-5 text-ok' : 'mt-0.5 size-5 text-muted'}
    />
    <div className="flex min-w-0 flex-1 items-start justify-between gap-x-4 gap-y-2 max-sm:flex-col max-sm:items-stretch">
      <div className="min-w-0 flex-1">
        <h3 className={done ? 'text-muted' : undefined}>
          {title}
          {done && <span className="sr-only"> (done)</span>}
        </h3>
        {children && <div className="mt-1 text-muted text-sm">{children}</div>}
      </div>
      {action && <div>{action}</div>}
    </div>
  </li>
)
