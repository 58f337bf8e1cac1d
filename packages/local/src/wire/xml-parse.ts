import { MalformedInput } from './malformed.js'

/** An element; its text is that of its direct text nodes. Attributes are read past: no input of AWS needs one. */
export interface XmlElement {
  /** Without namespace prefix. */
  readonly name: string
  readonly children: XmlElement[]
  text: string
  /** By local or prefixed name, e.g. `xsi:type`. */
  readonly attributes: Readonly<Record<string, string>>
}

const maxDepth = 64
const namePattern = /[A-Za-z_][\w.:-]*/y
const attributePattern = /\s+([A-Za-z_][\w.:-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y

/**
 * Parses a document strictly: no document type, no entities but the five of XML and character references,
 * balanced tags, nothing after the root. Throws `MalformedInput`.
 */
export function parseXml(source: string): XmlElement {
  return new XmlParser(source).document()
}

class XmlParser {
  private at = 0
  constructor(private readonly source: string) {}

  document(): XmlElement {
    if (this.source.charCodeAt(0) === 0xfeff) this.at = 1
    this.skipMisc()
    const root = this.element(0)
    this.skipMisc()
    if (this.at < this.source.length) throw new MalformedInput('text after the root element')
    return root
  }

  /** White space, comments and processing instructions; a document type is refused. */
  private skipMisc(): void {
    for (;;) {
      while (/\s/.test(this.source.charAt(this.at))) this.at++
      if (this.source.startsWith('<?', this.at)) this.skipTo('?>')
      else if (this.source.startsWith('<!--', this.at)) this.skipTo('-->')
      else return
    }
  }

  private skipTo(end: string): string {
    const start = this.at
    const found = this.source.indexOf(end, start)
    if (found < 0) throw new MalformedInput(`missing ${end}`)
    this.at = found + end.length
    return this.source.slice(start, found)
  }

  private element(depth: number): XmlElement {
    if (depth > maxDepth) throw new MalformedInput('elements are nested too deeply')
    if (this.source[this.at] !== '<') throw new MalformedInput('an element was expected')
    this.at++
    const fullName = this.match(namePattern)?.[0]
    if (fullName === undefined) throw new MalformedInput('an element name was expected')
    const attributes: Record<string, string> = {}
    for (let found = this.match(attributePattern); found; found = this.match(attributePattern))
      attributes[found[1] ?? ''] = decodeEntities(found[2] ?? found[3] ?? '')
    while (/\s/.test(this.source.charAt(this.at))) this.at++
    const element: XmlElement = { name: localName(fullName), children: [], text: '', attributes }
    if (this.source.startsWith('/>', this.at)) {
      this.at += 2
      return element
    }
    if (this.source[this.at] !== '>') throw new MalformedInput(`element ${fullName} is not closed`)
    this.at++
    this.content(element, fullName, depth)
    return element
  }

  private content(element: XmlElement, fullName: string, depth: number): void {
    for (;;) {
      const next = this.source.indexOf('<', this.at)
      if (next < 0) throw new MalformedInput(`element ${fullName} has no end`)
      if (next > this.at) element.text += decodeEntities(this.source.slice(this.at, next))
      this.at = next
      if (this.source.startsWith('</', next)) {
        const end = this.skipTo('>').slice(2).trimEnd()
        if (end !== fullName) throw new MalformedInput(`element ${fullName} ends as ${end}`)
        return
      }
      if (this.source.startsWith('<!--', next)) this.skipTo('-->')
      else if (this.source.startsWith('<![CDATA[', next)) element.text += this.skipTo(']]>').slice(9)
      else if (this.source.startsWith('<?', next)) this.skipTo('?>')
      else element.children.push(this.element(depth + 1))
    }
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.source)
    if (found) this.at = pattern.lastIndex
    return found
  }
}

function localName(name: string): string {
  const colon = name.indexOf(':')
  return colon < 0 ? name : name.slice(colon + 1)
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&([^;&]{0,16};?)/g, (_whole, body: string) => {
    const reference = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}));$/.exec(body)
    const code = reference ? parseInt(reference[1] ?? reference[2] ?? '', reference[1] ? 16 : 10) : undefined
    if (code !== undefined && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff))
      return String.fromCodePoint(code)
    const named = body.endsWith(';') ? entities[body.slice(0, -1)] : undefined
    if (named === undefined) throw new MalformedInput('an unknown entity')
    return named
  })
}
