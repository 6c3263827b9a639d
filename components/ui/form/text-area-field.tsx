'use client'

import type { ComponentProps } from 'react'
import { Field, type FieldProps } from './field.tsx'
import { usePostedDefault } from './posted-fields.ts'

type Props = FieldProps & Omit<ComponentProps<'textarea'>, keyof FieldProps | 'id'>

export function TextAreaField({ label, name, hint, more, error, optional, labelHidden, className, ...input }: Props) {
  const given = usePostedDefault(name, input)
  return (
    <Field
      {...{ label, name, hint, more, error, className }}
      optional={optional ?? false}
      labelHidden={labelHidden ?? false}
    >
      {(control) => <textarea name={name} rows={3} {...given} {...control} className="control" />}
    </Field>
  )
}
