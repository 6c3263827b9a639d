'use client'

import { PersonPicker } from '#components/people/person-picker.tsx'
import { Button } from '#components/ui/button.tsx'
import { useFieldError } from '#components/ui/form/field-errors.tsx'
import { SelectField } from '#components/ui/form/select-field.tsx'
import { TextField } from '#components/ui/form/text-field.tsx'
import { Icon } from '#components/ui/icon.tsx'
import type { Days, Exception } from './space-choice.ts'

type Props = {
  id: string
  name: string
  days: Days
  exception: Exception | null
  decide: (exception: Exception | null) => void
}

const kinds = [
  { value: 'hand-over', label: 'Hand over' },
  { value: 'delete', label: 'Delete on a date' },
]

/** The decision about a single space: the default, or an exception. The form's hidden field carries its values. */
export function OwnDecision({ id, name, days, exception, decide }: Props) {
  const toError = useFieldError(`exceptions.${id}.to`)
  const endError = useFieldError(`exceptions.${id}.endsAt`)
  if (!exception)
    return (
      <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
        Same as all
        <Button
          size="sm"
          variant="quiet"
          aria-label={`Change the decision for ${name}`}
          onClick={() => decide({ kind: 'hand-over', to: '', toName: '', endsAt: days.max })}
        >
          Change
        </Button>
      </span>
    )
  const { kind, to, toName, endsAt } = exception
  return (
    <div className="grid gap-2 text-left sm:min-w-56">
      <SelectField
        label={`Decision for ${name}`}
        labelHidden
        value={kind}
        options={kinds}
        onChange={(event) => decide({ ...exception, kind: event.target.value === 'delete' ? 'delete' : 'hand-over' })}
      />
      {kind === 'hand-over' ? (
        <>
          {to !== '' && (
            <p className="wrap-anywhere flex items-start gap-1.5">
              <Icon name="check-circle" className="mt-0.5 size-3.5 text-ok" />
              <span>
                {toName} <span className="block font-mono text-muted text-xs">{to}</span>
              </span>
            </p>
          )}
          <PersonPicker
            label={`New owner of ${name}`}
            labelHidden
            placeholder={to === '' ? 'Name, email or handle' : 'Someone else'}
            onlyActive
            careful
            error={to === '' ? toError : null}
            onChoose={({ value, label }) => decide({ ...exception, to: value, toName: label })}
          />
        </>
      ) : (
        <TextField
          type="date"
          label={`End of ${name}`}
          labelHidden
          {...days}
          value={endsAt}
          error={endError}
          onChange={(event) => decide({ ...exception, endsAt: event.target.value })}
        />
      )}
      <Button
        size="sm"
        variant="quiet"
        onClick={() => decide(null)}
        aria-label={`Use the decision for all spaces for ${name}`}
      >
        Same as all
      </Button>
    </div>
  )
}
