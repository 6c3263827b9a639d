'use client'

import { TextField } from './text-field.tsx'

type Props = {
  label: string
  name: string
  hint?: string
  optional?: boolean
  /** Earliest and initial day: `YYYY-MM-DD`. */
  min?: string
  /** Latest day: `YYYY-MM-DD`. */
  max?: string | undefined
  defaultValue?: string
  className?: string
}

/** A native date input. The form sends `YYYY-MM-DD`; a last day counts in full, in UTC. */
export const DateField = (props: Props) => <TextField type="date" {...props} />
