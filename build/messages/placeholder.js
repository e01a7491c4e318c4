const longest = 24

/** How an expression inside a text is shown: `<name>`, from its own words where these are short. */
export function placeholderOf(node, source) {
  return counted(node, source) ?? `<${nameOf(node) ?? shortText(node, source)}>`
}

/** `plural(runs.length, 'run')` gives "3 runs" or "1 run". */
function counted({ type, callee, arguments: given }, source) {
  if (type !== 'CallExpression' || callee.name !== 'plural' || typeof given[1]?.value !== 'string') return undefined
  return given.length === 2 ? `${placeholderOf(given[0], source)} ${given[1].value}(s)` : undefined
}

function nameOf(node) {
  if (node.type === 'Identifier') return node.name
  if (node.type === 'MemberExpression' && !node.computed) return node.property.name
  if (node.type === 'ChainExpression' || node.type.startsWith('TS')) return nameOf(node.expression)
  if (node.type === 'AwaitExpression') return nameOf(node.argument)
  if (node.type === 'CallExpression') return callName(node)
  return undefined
}

/** `id.slice(0, 6)` is an id, `escapeText(path)` a path. */
function callName({ callee, arguments: given }) {
  if (callee.type === 'MemberExpression' && callee.property.name === 'slice') return nameOf(callee.object)
  return given.length === 1 ? nameOf(given[0]) : undefined
}

/** As it stands, where that could not be taken for text of the message: without angle brackets and quotes. */
function shortText({ start, end }, source) {
  const text = source.slice(start, end)
  return text.length <= longest && !/[<>'"`\n]/.test(text) ? text : '…'
}
