import type { ReactNode } from 'react'
import { Button } from '#components/ui/button.tsx'
import type { ButtonSize } from '#components/ui/button-class.ts'

type Props = { on: boolean; onToggle: (on: boolean) => void; size?: ButtonSize; children: ReactNode }

export const Toggle = ({ on, onToggle, size = 'md', children }: Props) => (
  <Button
    size={size}
    aria-pressed={on}
    onClick={() => onToggle(!on)}
    className="aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent forced-colors:aria-pressed:outline-2"
  >
    {children}
  </Button>
)
