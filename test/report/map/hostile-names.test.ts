import fc from 'fast-check';
import type { MapDocument } from '../../../lib/report/map/document';
import { traceMapJson } from '../../../lib/report/map/build-document';
import { dot } from '../../../lib/report/map/dot';
import { html } from '../../../lib/report/map/html';
import { mermaid } from '../../../lib/report/map/mermaid';
import { svg } from '../../../lib/report/map/svg';
import { harmIn, NAME } from '../hostile-name';
import { mapOfTemplates } from './map-documents';

/** Returns a map with the name in every place that a template can set. */
function mapNamed(name: string): MapDocument {
  const template = {
    Resources: {
      [name]: { Type: 'AWS::Lambda::Function', Properties: { TracingConfig: { Mode: name } } },
      [`${name}Feed`]: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          FunctionName: { Ref: name },
          EventSourceArn: { 'Fn::GetAtt': [`${name}Queue`, 'Arn'] },
        },
      },
      [`${name}Queue`]: { Type: 'AWS::SQS::Queue', Metadata: { 'aws:cdk:path': `${name}/${name}` } },
    },
  };
  return mapOfTemplates(
    [
      { id: name, file: name, template, stackName: name },
      { id: `${name}2`, file: name, template, stackName: name },
    ],
    [{ file: name, message: name }],
    (findings) => findings.map((finding) => ({ ...finding, message: name, fix: name, property: name })),
  );
}

jest.setTimeout(30_000);

const CLOSING = '</script><script>alert(1)</script>]]>--><!--"\'`\u202e\u001b[31m\n';

function holdsFor(claim: (document: MapDocument, name: string) => void) {
  return () => {
    const property = fc.property(NAME, (name) => claim(mapNamed(name), name));
    fc.assert(property, { examples: [[CLOSING], ['__proto__'], ['']] });
  };
}

/** Returns the tags of markup. */
function tags(written: string): string[] {
  return written.match(/<\/?[a-zA-Z!][^\s>]*/g) ?? [];
}

test(
  'JSON contains the name, and no harmful characters',
  holdsFor((document, name) => {
    const written = traceMapJson(document);
    expect(harmIn(written)).toEqual([]);
    const { stacks } = JSON.parse(written) as MapDocument;
    expect(stacks[0].name).toBe(name);
  }),
);

test(
  'SVG keeps its elements',
  holdsFor((document) => {
    const written = svg(document);
    expect(new Set(tags(written).map((tag) => tag.replace('</', '<')))).toEqual(
      new Set(['<svg', '<title', '<desc', '<style', '<rect', '<text', '<g', '<path', '<circle']),
    );
    expect(harmIn(written)).toEqual([]);
  }),
);

test(
  'Mermaid keeps its lines and quotes',
  holdsFor((document) => {
    const plain = mermaid(mapNamed('Fn'));
    const shape = (written: string) =>
      written
        .split('\n')
        .map((line) => line.replace(/"[^"]*"/g, '""').replace(/:::\w+/, ''))
        .filter((line) => !/^ *(classDef|linkStyle|%%)/.test(line));
    expect(shape(mermaid(document))).toEqual(shape(plain));
    expect(harmIn(mermaid(document))).toEqual([]);
    const signs = (written: string) => written.replace(/#\d+;/g, '').match(/[<>&;#`\\%{}[\]]/g)?.length;
    expect(signs(mermaid(document))).toBe(signs(plain));
  }),
);

test(
  'DOT keeps its lines and quotes',
  holdsFor((document) => {
    const shape = (written: string) =>
      written
        .replace(/"(?:[^"\\]|\\.)*"/g, '""')
        .split('\n')
        .map((line) => line.replace(/ \[.*/, ''));
    expect(shape(dot(document))).toEqual(shape(dot(mapNamed('Fn'))));
    expect(harmIn(dot(document))).toEqual([]);
  }),
);

// A few names only: each compiles the page's script.
test.each([CLOSING, '<img src=x onerror=alert(1)>', '\ud800</SCRIPT >', '<!--<script>'])(
  'HTML keeps its elements with %j',
  (name) => {
    const written = html(mapNamed(name));
    const outside = written.replace(/<script>[^]*?<\/script>|<style>[^]*?<\/style>/g, '');
    expect(tags(outside).filter((tag) => /^<\/?script/i.test(tag))).toEqual(['<script', '</script']);
    expect(outside).not.toMatch(/<img|<!--|onerror="|alert\(1\)</i);
    const [, data] = /<script type="application\/json" id="data">([^]*?)<\/script>/.exec(outside) ?? [];
    const { document } = JSON.parse(data) as { document: MapDocument };
    expect(document.nodes).toHaveLength(mapNamed(name).nodes.length);
    expect(harmIn(outside)).toEqual([]);
  },
);
