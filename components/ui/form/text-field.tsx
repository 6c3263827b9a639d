'use client'

import type { ComponentProps } from 'react'
import { classNames } from '#components/ui/class-names.ts'
import { Field, type FieldProps } from './field.tsx'
import { usePostedDefault } from './posted-fields.ts'

type Props = FieldProps &
  Omit<ComponentProps<'input'>, keyof FieldProps | 'id'> & {
    /** Monospace, for identifiers. */
    mono?: boolean
  }

export function TextField({ label, name, hint, more, error, optional, labelHidden, className, mono, ...input }: Props) {
  const given = usePostedDefault(name, input)
  return (
    <Field
      {...{ label, name, hint, more, error, className }}
      optional={optional ?? false}
      labelHidden={labelHidden ?? false}
    >
      {(control) => (
        <input
          type="text"
          name={name}
          autoComplete="off"
          {...(mono && { spellCheck: false, autoCapitalize: 'none', autoCorrect: 'off' })}
          {...given}
          {...control}
          className={classNames('control', mono && 'font-mono')}
        />
      )}
    </Field>
  )
}
