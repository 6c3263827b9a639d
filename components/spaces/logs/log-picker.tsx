'use client'

import { useRouter } from 'next/navigation'
import { type SpaceAddress, spacePath } from '#components/spaces/space-path.ts'
import { SelectField } from '#components/ui/form/select-field.tsx'
import type { LogChoice } from './log-choice.ts'

type Props = { address: SpaceAddress; choice: Omit<LogChoice, 'sources' | 'left' | 'ended'>; previous: boolean }

/** Which pods, container and run; the choice is in the address. */
export function LogPicker({ address, choice, previous }: Props) {
  const router = useRouter()
  const go = (changed: { of?: string; container?: string; previous?: boolean }) => {
    const next = { of: choice.of, container: choice.container, previous, ...changed }
    router.replace(
      spacePath(address, 'logs', {
        of: next.of,
        ...(next.container && { container: next.container }),
        ...(next.previous && { previous: 'true' }),
      }),
      { scroll: false },
    )
  }
  return (
    <>
      <SelectField
        label="Source"
        labelHidden
        name="of"
        value={choice.of}
        options={choice.options}
        onChange={(event) => go({ of: event.target.value, container: '' })}
        className="min-w-48 max-w-full grow sm:max-w-xs"
      />
      {choice.containers.length > 1 && (
        <SelectField
          label="Container"
          labelHidden
          name="container"
          value={choice.container}
          options={[
            { value: '', label: 'All containers' },
            ...choice.containers.map((value) => ({ value, label: value })),
          ]}
          onChange={(event) => go({ container: event.target.value })}
        />
      )}
      <SelectField
        label="Run"
        labelHidden
        name="previous"
        value={String(previous)}
        options={[
          { value: 'false', label: 'Current run' },
          { value: 'true', label: 'Previous run' },
        ]}
        onChange={(event) => go({ previous: event.target.value === 'true' })}
      />
    </>
  )
}
