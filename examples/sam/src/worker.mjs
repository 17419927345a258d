/** Works on orders. One that fails is delivered again, without the others. */
export async function handler({ Records: records }) {
  const failed = records.filter(({ body }) => !isOrder(body));
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

function isOrder(text) {
  try {
    return typeof JSON.parse(text).item === 'string';
  } catch {
    return false;
  }
}
