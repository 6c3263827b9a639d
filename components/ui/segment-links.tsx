'use client'

import Link from 'next/link'
import { LinkPending } from './link-pending.tsx'
import { segmentClass, segmentFrame } from './segment-class.ts'

type Segment = { href: string; label: string; current: boolean }

/** Links between selections of one list, the current one marked. */
export const SegmentLinks = ({ items, label }: { items: readonly Segment[]; label: string }) => (
  <nav aria-label={label} className={`scrolls-x max-w-full ${segmentFrame}`}>
    <ul className="flex w-max divide-x divide-line">
      {items.map(({ href, label: text, current }) => (
        <li key={href}>
          <Link
            href={href}
            prefetch={false}
            aria-current={current ? 'page' : undefined}
            className={segmentClass(current)}
          >
            {text}
            <LinkPending />
          </Link>
        </li>
      ))}
    </ul>
  </nav>
)
