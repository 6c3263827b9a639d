import { CodeBlock } from '#components/ui/code-block.tsx'
import { Section } from '#components/ui/section.tsx'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import { actingKinds, type RemainingAccess as Left, removalCommand } from '#lib/kernel/model/people/remaining-access.ts'
import { SpaceLink } from './space-link.tsx'

type Props = { remaining: readonly Left[]; isAdmin: boolean; defaultCluster: string }

/**
 * Objects that a deactivated person created in spaces and that could still act for them, with the command to remove
 * them.
 */
export function RemainingAccess({ remaining, isAdmin, defaultCluster }: Props) {
  if (remaining.length === 0) return null
  return (
    <Section
      title="Objects they left"
      description="They made these with kubectl. They aren’t their own access, but pods or others may still use them."
      more="According to the audit trail, no one has deleted them with kubectl since. Spaceport isn’t allowed to remove them. The space’s owner, who was notified of the offboarding, can, with this command."
    >
      <ul className="space-y-4">
        {remaining.map(({ space, objects }) => (
          <li key={space.id} className="space-y-1.5">
            <p className="text-sm">
              <SpaceLink space={space} defaultCluster={defaultCluster} linked={isAdmin} />
              <span className="text-muted">
                {' '}
                · {inNumber(objects.length, 'object')}:{' '}
                {objects.map(({ kind, name }) => `${actingKinds[kind]} ${name}`).join(', ')}
              </span>
            </p>
            <CodeBlock code={removalCommand(space.namespace, objects)} />
          </li>
        ))}
      </ul>
    </Section>
  )
}
