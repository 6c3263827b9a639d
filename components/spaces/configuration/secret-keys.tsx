import type { SpaceAddress } from '#components/spaces/space-path.ts'
import { EmptyState } from '#components/ui/empty-state.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { Section } from '#components/ui/section.tsx'
import type { SecretValue, SizedKey } from '#lib/features/spaces/model/secret-value.ts'
import { SecretKey } from './secret-key.tsx'
import { KeyRows } from './value-block.tsx'

type Props = { name: string; keys: readonly SizedKey[]; address: SpaceAddress; show: FormAction<SecretValue> }

/** The keys of a Secret. Each value is hidden until someone asks for it. */
export const SecretKeys = ({ name, keys, address, show }: Props) => (
  <Section
    title={
      <>
        Keys
        {keys.length > 0 && <span className="font-normal text-muted"> {keys.length}</span>}
      </>
    }
    description="Revealing a value is audited."
    content="bare"
  >
    {keys.length > 0 ? (
      <KeyRows>
        {keys.map(({ key, bytes }) => (
          <li key={key} className="px-4 py-2">
            <SecretKey {...{ name, address, show, bytes }} secretKey={key} />
          </li>
        ))}
      </KeyRows>
    ) : (
      <EmptyState icon="space" title="No keys" heading="h3">
        The Secret is empty.
      </EmptyState>
    )}
  </Section>
)
