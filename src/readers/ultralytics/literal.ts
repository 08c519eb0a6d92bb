/** A Python literal written as a string: 'None', '[-1, 6]', '(3, 5)', '1e-3'; any other string is itself. */
export function parseLiteral(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === 'None') return null;
  if (trimmed === 'True' || trimmed === 'False') return trimmed === 'True';
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(trimmed)) return Number(trimmed);
  const list = /^[[(](.*)[\])]$/s.exec(trimmed)?.[1];
  if (list === undefined) return text;
  const items = split(list);
  return items === null ? text : items.map(parseItem);
}

/** A string inside a list keeps its quotes in Python. */
function parseItem(text: string): unknown {
  const quoted = /^(['"])(.*)\1$/s.exec(text)?.[2];
  return quoted ?? parseLiteral(text);
}

/** The parts between the outermost commas; null where brackets do not match. */
function split(list: string): string[] | null {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const letter of list) {
    if (letter === '[' || letter === '(') depth++;
    if (letter === ']' || letter === ')') depth--;
    if (depth < 0) return null;
    if (letter === ',' && depth === 0) {
      parts.push(part.trim());
      part = '';
    } else part += letter;
  }
  if (depth !== 0) return null;
  if (part.trim() !== '') parts.push(part.trim());
  return parts.includes('') ? null : parts;
}
