'use client'

import type { ComponentProps } from 'react'
import { Icon } from '#components/ui/icon.tsx'
import { Field, type FieldProps } from './field.tsx'
import { usePostedDefault } from './posted-fields.ts'

export type SelectOption = { value: string; label: string }

type Props = FieldProps &
  Omit<ComponentProps<'select'>, keyof FieldProps | 'id' | 'children'> & { options: readonly SelectOption[] }

export function SelectField(props: Props) {
  const { label, name, hint, more, error, optional, labelHidden, className, options, ...select } = props
  const given = usePostedDefault(name, select)
  return (
    <Field
      {...{ label, name, hint, more, error, className }}
      optional={optional ?? false}
      labelHidden={labelHidden ?? false}
    >
      {(control) => (
        <div className="relative">
          <select name={name} {...given} {...control} className="control appearance-none truncate pr-8">
            {options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </select>
          <Icon
            name="chevron-down"
            className="pointer-events-none absolute top-1/2 right-2.5 -translate-y-1/2 text-muted"
          />
        </div>
      )}
    </Field>
  )
}
