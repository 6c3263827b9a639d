import { doubtful, type Finding, good } from './finding.ts'

/** The header has whole seconds, and the answer takes time. */
const toleratedMs = 5_000

/**
 * @param date a server's `Date` header;
 * @returns how far its clock is from this machine's
 */
export function checkClock(whose: string, date: string | null | undefined, now = Date.now()): Finding {
  const theirs = Date.parse(date ?? '')
  if (Number.isNaN(theirs)) return doubtful(`${whose} reports no time, so its clock can’t be compared`)
  const apart = Math.abs(now - theirs)
  return apart <= toleratedMs
    ? good(`The clock of ${whose} agrees with this machine’s`)
    : doubtful(
        `The clocks of ${whose} and of this machine are ${Math.round(apart / 1000)} s apart`,
        'synchronize both (NTP): credentials and roles expire by the clock (docs/own-cluster.md, 4)',
      )
}
