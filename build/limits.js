// What each kind of record may hold at most, as its schema says it: what a writer shortens by, without a validator.

/**
 * @typedef {number | { most?: number, each?: Limit, of?: Record<string, Limit> }} Limit
 * A number: characters of a text. `most`: members of a list or object; `each`: of every one, `of`: of those with a name.
 */

/**
 * Kind (or `environment`) to its limits. A text of a fixed form (a digest, a date, a word of a list) has none: it is right
 * or wrong, and never shortened.
 * @param {Record<string, any>[]} schemas
 * @returns {Record<string, Limit>}
 */
export function limitsOf(schemas) {
  const byId = new Map(schemas.map((schema) => [schema.$id, schema]))
  const written = schemas.filter(({ title }) => !['Envelope', 'ConfigFile', 'DecisionFile'].includes(title))
  return Object.fromEntries(written.map((schema) => [schema.$id.split('.')[0], limitOf(schema, schema, byId) ?? {}]))
}

function limitOf(node, root, byId) {
  if (typeof node !== 'object' || node.enum || node.const !== undefined || node.pattern) return undefined
  const [schema, found] = node.$ref === undefined ? [root, undefined] : follow(node.$ref, root, byId)
  const parts = [node.maxLength, ownLimit(node, root, byId), found && limitOf(found, schema, byId)]
  for (const one of [...(node.allOf ?? []), ...(node.oneOf ?? []), ...(node.anyOf ?? [])])
    parts.push(limitOf(one, root, byId))
  return parts.reduce(merge, undefined)
}

function ownLimit(node, root, byId) {
  const most = node.maxItems ?? node.maxProperties
  const each = [node.items, node.additionalProperties].map((one) => one && limitOf(one, root, byId)).find(Boolean)
  const of = Object.entries(node.properties ?? {}).flatMap(([name, one]) => {
    const limit = limitOf(one, root, byId)
    return limit === undefined ? [] : [[name, limit]]
  })
  if (most === undefined && each === undefined && of.length === 0) return undefined
  return { ...(most && { most }), ...(each && { each }), ...(of.length > 0 && { of: Object.fromEntries(of) }) }
}

function follow(ref, root, byId) {
  const [file, pointer = ''] = ref.split('#')
  const schema = file ? byId.get(file) : root
  return [
    schema,
    pointer
      .split('/')
      .slice(1)
      .reduce((at, name) => at[name], schema),
  ]
}

/** Of what may be one thing or another: where both speak of the same, the narrower. */
function merge(one, other) {
  if (one === undefined || other === undefined) return one ?? other
  if (typeof one === 'number' && typeof other === 'number') return Math.min(one, other)
  if (typeof one === 'number' || typeof other === 'number') throw new Error('a text or an object: build/limits.js')
  const most = Math.min(one.most ?? Number.POSITIVE_INFINITY, other.most ?? Number.POSITIVE_INFINITY)
  const each = merge(one.each, other.each)
  const of = { ...one.of }
  for (const [name, limit] of Object.entries(other.of ?? {})) of[name] = merge(of[name], limit)
  return {
    ...(Number.isFinite(most) && { most }),
    ...(each !== undefined && { each }),
    ...(Object.keys(of).length > 0 && { of }),
  }
}
