import type { Leaf } from '../../../records/run.ts'
import { asBytes, asDouble, asFloat, asInteger, asText, readFields } from './protobuf.ts'
import { readScalarTensor } from './tensor.ts'

/** What counts of an Event (tensorflow/core/util/event.proto). */
export interface TensorboardEvent {
  /** Seconds since the epoch. */
  wallTime: number
  step: number
  fileVersion?: string
  /** SessionLog.START: a program began anew at this step. */
  start: boolean
  values: SummaryValue[]
}

/** What counts of a Summary.Value (summary.proto). */
interface SummaryValue {
  tag: string
  /** simple_value of the old encoding, or the one number of a tensor. */
  value?: number
  tensor?: true
  plugin?: string
  parameters?: Map<string, Leaf>
}

/** Throws RangeError when the bytes are no Event. */
export function readEvent(bytes: Buffer): TensorboardEvent {
  const event: TensorboardEvent = { wallTime: 0, step: 0, start: false, values: [] }
  for (const [field, value] of readFields(bytes)) {
    if (field === 1) event.wallTime = asDouble(value)
    else if (field === 2) event.step = asInteger(value)
    else if (field === 3) event.fileVersion = asText(value)
    else if (field === 5) {
      for (const [member, part] of readFields(asBytes(value)))
        if (member === 1) event.values.push(readSummaryValue(asBytes(part)))
    } else if (field === 7) event.start = isStart(asBytes(value))
  }
  return event
}

function isStart(bytes: Buffer): boolean {
  for (const [field, value] of readFields(bytes)) if (field === 1) return asInteger(value) === 1
  return false
}

function readSummaryValue(bytes: Buffer): SummaryValue {
  const found: SummaryValue = { tag: '' }
  for (const [field, value] of readFields(bytes)) {
    if (field === 1) found.tag = asText(value)
    else if (field === 2) found.value = asFloat(value)
    else if (field === 8) {
      const number = readScalarTensor(asBytes(value))
      found.tensor = true
      if (number !== undefined) found.value = number
    } else if (field === 9) Object.assign(found, readMetadata(asBytes(value)))
  }
  return found
}

/** SummaryMetadata: which plugin a value is for, and what the hparams plugin holds in it. */
function readMetadata(bytes: Buffer): Pick<SummaryValue, 'plugin' | 'parameters'> {
  for (const [field, value] of readFields(bytes)) {
    if (field !== 1) continue
    let plugin = ''
    let content: Buffer | undefined
    for (const [member, part] of readFields(asBytes(value))) {
      if (member === 1) plugin = asText(part)
      if (member === 2) content = asBytes(part)
    }
    return plugin === 'hparams' && content ? { plugin, parameters: readParameters(content) } : { plugin }
  }
  return {}
}

/** HParamsPluginData.session_start_info.hparams (tensorboard/plugins/hparams/plugin_data.proto). */
function readParameters(bytes: Buffer): Map<string, Leaf> {
  const parameters = new Map<string, Leaf>()
  for (const [field, info] of readFields(bytes)) {
    if (field !== 3) continue
    for (const [member, entry] of readFields(asBytes(info))) {
      if (member !== 1) continue
      let key = ''
      let value: Leaf = null
      for (const [part, content] of readFields(asBytes(entry))) {
        if (part === 1) key = asText(content)
        if (part === 2) value = readStructValue(asBytes(content))
      }
      parameters.set(key, value)
    }
  }
  return parameters
}

/** google.protobuf.Value: a number, a text or a truth value. */
function readStructValue(bytes: Buffer): Leaf {
  for (const [field, value] of readFields(bytes)) {
    if (field === 2) return asDouble(value)
    if (field === 3) return asText(value)
    if (field === 4) return asInteger(value) === 1
  }
  return null
}
