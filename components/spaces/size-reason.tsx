import { TextAreaField } from '#components/ui/form/text-area-field.tsx'
import type { Size } from '#lib/kernel/model/spaces/size.ts'

type Props = {
  /** The largest available without approval. */
  maxSize: Size
  /** The initial text. */
  proposed?: string
}

/** The reason for a size beyond policy. */
export const SizeReason = ({ maxSize, proposed }: Props) => (
  <TextAreaField
    label="Reason"
    name="reason"
    required
    maxLength={1000}
    {...(proposed !== undefined && { defaultValue: proposed })}
    hint={`Sizes above ${maxSize} need approval. Shown to the platform admin who decides.`}
  />
)
