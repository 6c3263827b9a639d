import { CopyButton } from '#components/ui/copy-button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Section } from '#components/ui/section.tsx'
import { type ConfigMapDetail, maxValue } from '#lib/features/spaces/model/configured-object.ts'
import { KeyRow, KeyRows, ValueBlock } from './value-block.tsx'

/** The keys of a ConfigMap with their values; a binary one has only its size. */
export function ConfigMapValues({ configMap: { values, binary } }: { configMap: ConfigMapDetail }) {
  const count = values.length + binary.length
  return (
    <Section
      title={
        <>
          Keys
          {count > 0 && <span className="font-normal text-muted"> {count}</span>}
        </>
      }
      content="bare"
    >
      {count > 0 ? (
        <KeyRows>
          {values.map(({ key, bytes, text, cut }) => (
            <li key={key} className="px-4 py-2">
              <KeyRow
                name={key}
                bytes={bytes}
                actions={!cut && <CopyButton text={text} label={`Copy the value of ${key}`} />}
              >
                {text !== '' && <ValueBlock text={text} label={`Value of ${key}`} />}
                {cut && (
                  <p className="mt-2 text-muted text-sm">
                    {`Only the first ${maxValue.toLocaleString('en')} characters are shown here. kubectl shows all of it.`}
                  </p>
                )}
              </KeyRow>
            </li>
          ))}
          {binary.map(({ key, bytes }) => (
            <li key={key} className="px-4 py-2">
              <KeyRow name={key} bytes={bytes} actions={<span className="text-muted text-sm">Binary</span>} />
            </li>
          ))}
        </KeyRows>
      ) : (
        <EmptyState icon="space" title="No keys" heading="h3">
          The ConfigMap is empty.
        </EmptyState>
      )}
    </Section>
  )
}
