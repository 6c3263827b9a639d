import type { Progress } from '#dev/cluster/progress.ts'
import { type Row, renderRow, updateRow } from './render-progress.ts'

export type Screen = {
  report: (progress: Progress) => void
  /** Marks unfinished parts as failed, and stops drawing. */
  fail: () => void
  /** Stops drawing. */
  close: () => void
}

/** The progress on screen: redrawn in place on a terminal, a line for each change elsewhere. */
export function openScreen(out: NodeJS.WriteStream): Screen {
  return out.isTTY ? openTerminal(out) : openLines(out)
}

function openTerminal(out: NodeJS.WriteStream): Screen {
  const rows = new Map<string, Row>()
  let drawn = 0
  let closed = false
  const draw = () => {
    if (closed) return
    const width = out.columns || 80
    // What scrolled off the top can't be redrawn.
    const visible = [...rows.values()].slice(-Math.max(5, (out.rows || 24) - 2))
    const lines = visible.map((row) => `\x1b[2K${renderRow(row, Date.now(), { width, colour: true })}\n`)
    out.write(`${drawn > 0 ? `\x1b[${drawn}A` : ''}${lines.join('')}`)
    drawn = lines.length
  }
  const timer = setInterval(draw, 200)
  timer.unref()
  const close = () => {
    draw()
    closed = true
    clearInterval(timer)
  }
  return {
    report: (progress) => {
      updateRow(rows, progress, Date.now())
      draw()
    },
    fail: () => {
      for (const row of rows.values()) if (row.until === undefined) row.state = 'failed'
      close()
    },
    close,
  }
}

/** How often a change of detail alone is printed without redrawing, in milliseconds. */
const quietMs = 10_000

function openLines(out: NodeJS.WriteStream): Screen {
  const rows = new Map<string, Row>()
  const printed = new Map<string, number>()
  let closed = false
  return {
    report: (progress) => {
      const before = rows.get(progress.part)?.state
      updateRow(rows, progress, Date.now())
      const row = rows.get(progress.part)
      const due = before !== progress.state || Date.now() - (printed.get(progress.part) ?? 0) > quietMs
      if (row === undefined || closed || !due) return
      printed.set(progress.part, Date.now())
      out.write(`${renderRow(row, Date.now(), { width: 200, colour: false })}\n`)
    },
    fail: () => {
      closed = true
    },
    close: () => {
      closed = true
    },
  }
}
