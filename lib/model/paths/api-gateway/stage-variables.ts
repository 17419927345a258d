import type { Resolver } from '../../resolver';
import { effectiveProperties } from '../../sam-globals';
import type { Resource } from '../../template';
import { concat, type Text, unknownText } from '../../text';

/** Where the variables stand in what makes a stage. */
const VARIABLES: ReadonlyMap<string, readonly string[]> = new Map([
  ['AWS::ApiGateway::Stage', ['Variables']],
  ['AWS::ApiGateway::Deployment', ['StageDescription', 'Variables']],
  ['AWS::Serverless::Api', ['Variables']],
  ['AWS::Serverless::HttpApi', ['StageVariables']],
  ['AWS::Serverless::WebSocketApi', ['StageVariables']],
]);

const VARIABLE = /\$\{stageVariables\.([^}]+)\}/;

/**
 * A text as it is in a stage, with the stage's variables in it ("Using API Gateway stage variables", Amazon API
 * Gateway Developer Guide).
 *
 * @param stage what makes the stage; nothing where that isn't known, nor the variables therefore
 */
export function withStageVariables(text: Text, stage: Resource | undefined, resolver: Resolver): Text {
  return concat(
    ...text.map((part): Text => {
      if (typeof part !== 'string') return [part];
      const pieces = part.split(VARIABLE);
      return concat(...pieces.map((piece, i) => (i % 2 === 0 ? [piece] : variable(piece, stage, resolver))));
    }),
  );
}

function variable(name: string, stage: Resource | undefined, resolver: Resolver): Text {
  const path = stage && VARIABLES.get(stage.type);
  const [value, ...others] = path
    ? resolver.textsAt(effectiveProperties(stage), [...path, name], stage.template)
    : [];
  return others.length === 0 && value?.value
    ? value.value
    : unknownText(`${stage?.template.id}/${stage?.logicalId}#stageVariables.${name}`);
}
