'use client'

import { type ReactNode, useId } from 'react'
import { Icon } from '#components/ui/icon.tsx'
import { InfoMark } from '#components/ui/info-mark.tsx'
import { useFieldError } from './field-errors.tsx'

export type FieldProps = {
  label: string
  /** The input's name. The action's error for it is shown here. */
  name?: string | undefined
  hint?: ReactNode
  /** Behind an info mark beside the label. */
  more?: ReactNode
  /** Replaces the action's error; null: no error. */
  error?: string | null | undefined
  optional?: boolean
  /** For inputs without a visible label, as in a filter bar. Screen readers still get it. */
  labelHidden?: boolean
  className?: string | undefined
}

export type ControlProps = { id: string; 'aria-describedby': string | undefined; 'aria-invalid': true | undefined }

export function Field(props: FieldProps & { children: (control: ControlProps) => ReactNode }) {
  const { label, name, hint, more, optional, labelHidden, className, children } = props
  const id = useId()
  const found = useFieldError(name)
  const error = props.error === undefined ? found : props.error
  const hintId = hint ? `${id}-hint` : undefined
  const moreId = more ? `${id}-more` : undefined
  const errorId = error ? `${id}-error` : undefined
  return (
    <div className={className}>
      <div className={labelHidden ? 'sr-only' : 'mb-1 flex items-baseline gap-1.5'}>
        <label id={`${id}-label`} htmlFor={id} className="font-medium text-sm">
          {label}
        </label>
        {optional && <span className="text-muted text-sm">(optional)</span>}
        {moreId && (
          <InfoMark id={moreId} about={`${id}-label`}>
            {more}
          </InfoMark>
        )}
      </div>
      {children({
        id,
        'aria-describedby': [errorId, hintId, moreId].filter(Boolean).join(' ') || undefined,
        'aria-invalid': error ? true : undefined,
      })}
      {error && (
        <p id={errorId} className="mt-1 flex items-start gap-1.5 text-bad text-sm">
          <Icon name="alert-circle" className="mt-0.5 size-3.5" />
          <span>{error}</span>
        </p>
      )}
      {hint && (
        <p id={hintId} className="mt-1 text-muted text-sm">
          {hint}
        </p>
      )}
    </div>
  )
}
