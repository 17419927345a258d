import { split, type Text } from '../../text';

/**
 * The function in a URI by which API Gateway invokes it, with its alias perhaps; nothing for other URIs:
 * `arn:<partition>:apigateway:<region>:lambda:path/2015-03-31/functions/<function>/invocations` ("Integration",
 * Amazon API Gateway API Reference).
 */
export function invokedFunction(uri: Text): Text | undefined {
  const [, path] = split(uri, ':lambda:path/');
  const [, invoked] = path ? split(path, '/functions/') : [];
  return invoked && split(invoked, '/invocations')[0];
}
