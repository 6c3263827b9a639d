/**
 * `node dev/run.mjs dev/icons.ts`: renders the other pictures in public/ from public/icon.svg, for browsers, phones and
 * chats.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { findChromium } from '#dev/test/find-chromium.ts'
import { projectRoot } from './project-root.ts'

const inPublic = (file: string) => join(projectRoot, 'public', file)
const toDataUrl = (path: string, type: string) => `data:${type};base64,${readFileSync(path).toString('base64')}`
const icon = toDataUrl(inPublic('icon.svg'), 'image/svg+xml')
const inter = toDataUrl(
  join(projectRoot, 'node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2'),
  'font/woff2',
)

const accent = '#3d4ed8'
/** An icon that fills its square: phones round the corners, and crop a maskable one to a circle of four fifths. */
const filled = (share: number) => `<body style="background:${accent}"><img src="${icon}" style="width:${share}%">`
const social = `<style>
  @font-face { font-family: Inter; src: url(${inter}); font-weight: 100 900 }
  body { flex-direction: column; gap: 28px; background: #0c0e13; color: #eceef3; font-family: Inter }
  h1 { display: flex; align-items: center; gap: 28px; font-size: 104px; font-weight: 650; letter-spacing: -0.03em }
  p { font-size: 36px; color: #a3aab9 }
</style><h1><img src="${icon}" style="width:112px">Spaceport</h1>
<p>Your own namespaces on shared Kubernetes clusters</p>`

const pictures = [
  { file: 'apple-touch-icon.png', width: 180, height: 180, body: filled(100) },
  { file: 'icon-192.png', width: 192, height: 192, body: `<img src="${icon}" style="width:100%">` },
  { file: 'icon-512.png', width: 512, height: 512, body: `<img src="${icon}" style="width:100%">` },
  { file: 'icon-maskable.png', width: 512, height: 512, body: filled(80) },
  { file: 'social.png', width: 1200, height: 630, body: social },
]

const executablePath = await findChromium((line) => console.log(line))
const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })
try {
  const page = await browser.newPage()
  for (const { file, width, height, body } of pictures) {
    await page.setViewportSize({ width, height })
    await page.setContent(
      `<style>* { margin: 0 } body { height: 100vh; display: flex; align-items: center; justify-content: center }</style>${body}`,
    )
    await page.evaluate(() => document.fonts.ready)
    await page.screenshot({ path: inPublic(file), omitBackground: true })
  }
} finally {
  await browser.close()
}
