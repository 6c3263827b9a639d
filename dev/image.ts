/**
 * `npm run image [-- FOLDER]`: builds the images of web, gateway and worker without a daemon, with their lists of
 * files, SBOMs and provenance. `-- --trees FOLDER` writes only their files, for deploy/image/Containerfile.
 */
import { relative, resolve } from 'node:path'
import { buildWeb } from '#dev/build/build-web.ts'
import { makeImages } from '#dev/image/make-images.ts'
import { writeTrees } from '#dev/image/write-trees.ts'
import { projectRoot } from './project-root.ts'

const [first, second] = process.argv.slice(2)
const started = performance.now()
try {
  if (first === '--trees') {
    if (second === undefined) throw new Error('Usage: npm run image -- --trees FOLDER')
    await buildWeb()
    await writeTrees(resolve(second))
  } else {
    const dir = resolve(first ?? `${projectRoot}/.spaceport/image`)
    const made = await makeImages(dir, (line) => console.log(line))
    const where = relative(process.cwd(), dir)
    for (const { name, digest, files, packages } of Object.values(made))
      console.log(`${name.padEnd(18)} ${digest}  ${files} files, ${packages} packages`)
    console.log(`In ${where}/oci after ${((performance.now() - started) / 1000).toFixed(0)} s. To publish one:`)
    console.log(`skopeo copy oci:${where}/oci:web docker://registry.example.com/spaceport-web:TAG`)
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
